"""The kill matrix: every defect is found, as itself and as nothing else.

A mutant is judged by what it names, by whatever shares a launch with that, and by what is read
from the launch that every target has; so are the controls.  The references and the article's code
are judged by everything, and with `--whole-matrix`, which takes minutes, so is everybody.
"""

import re

import pytest

from daemonspec import reasons
from daemonspec.targets import embedded
from matrix import (
    CLAUSES,
    EXPECTED,
    FAILED,
    LEFT_OPEN,
    LEFT_OUT,
    MAY_BE_OPEN,
    MUTANTS,
    NOT_FAILED,
    NOT_OF_THE_REFERENCE,
    OF_ONE_PROFILE,
    OF_ROOT,
    OF_THE_ARTICLE_ALONE,
    PARTS,
    REFERENCES,
    collected,
    is_compiled,
    judged_by,
    lacks_units,
    needs_a_launcher,
    never_ends,
    targets,
)
from running import LONGEST, TARGETS, ChildRun

pytestmark = pytest.mark.long

WHOLLY = REFERENCES | {"article"}  # judged by every property
CONFORMING = {name for name in REFERENCES if embedded.names()[name].parent.name == "conforming"}
BRIEFLY = 15  # points of each sweep, those that differ most
# Everything detaches itself; what stays in the foreground is judged where that says more.
CASES = [(OF_ONE_PROFILE.get(name, "sysv"), name) for name in sorted(EXPECTED)] + [
    ("foreground", name)
    for name in sorted((MUTANTS | REFERENCES) - OF_ONE_PROFILE.keys())
    if name in REFERENCES
    or (EXPECTED[name] & judged_by("foreground") and not needs_a_launcher(name))
]


def near(name, checks):
    """Return those of all checks on a target that judge its defect, or see it at no more cost."""
    named = EXPECTED[name] | LEFT_OPEN[name]
    made = {"inheritance"}.union(*(one.experiments for one in checks if one.clause in named))
    return [one for one in checks if one.experiments & made or one.clause in named]


@pytest.fixture(scope="module")
def chosen(request):
    """{(profile, name): [Check, ...]} of what is judged in this session."""
    whole = request.config.getoption("--whole-matrix")
    found = {}
    for profile in dict(CASES):
        names = [name for one, name in CASES
                 if one == profile and (embedded.compiler() or not is_compiled(name))]  # fmt: skip
        checks = collected(profile, names)
        for name in names:
            own = [one for one in checks if one.target == name]
            found[profile, name] = own if whole or name in WHOLLY else near(name, own)
    return found


@pytest.fixture(scope="module")
def matrix(containment, chosen, tmp_path_factory, request):
    """{(profile, name): Run} of all of them, from few runs that go on side by side.

    Where a deadline has to end something, a short one is enough; the others have twice the time
    that everybody has, because the machine may be busy.  Of what conforms in its own way the starts
    are attacked briefly, except in the whole matrix.
    """
    whole = request.config.getoption("--whole-matrix")
    if containment == "none" and not whole:
        pytest.skip(
            "takes over half an hour where worlds share the machine's network: --whole-matrix; "
            "test_containments has every second mutant"
        )
    groups = {}
    for profile, name in chosen:
        briefly = name in CONFORMING and not whole
        key = profile, bool(never_ends(name)), briefly
        groups.setdefault(key, []).append((profile, name))
    directory = tmp_path_factory.mktemp("matrix")
    runs = {}
    for (profile, endless, briefly), cases in groups.items():
        limits = ["--start-timeout=2", "--stop-timeout=2"] if endless else ["--time-scale=2"]
        limits += [f"--sweep={BRIEFLY}"] if briefly else []
        named = targets(name for _, name in cases)
        nodes = [check.node for case in cases for check in chosen[case]]
        json = directory / f"{profile}-{endless}-{briefly}.json"
        # More than processors: much of the time these checks wait for something.
        workers = f"-n{min(4, len(cases))}"
        runs[profile, endless, briefly] = ChildRun(
            workers, f"--profile={profile}", *limits, *named, *nodes, json=json
        )
    # Without namespaces the whole takes over twenty minutes.
    ended = {key: run.wait((4 if whole else 1) * LONGEST) for key, run in runs.items()}
    for run in ended.values():
        # 6 is what may be open (MAY_BE_OPEN) where nothing fails; each case is compared below.
        judged = run.status in (0, 1) or (run.status == 6 and run.verdicts)
        assert judged or lacks_units(run), run.output
    return {case: ended[key] for key, cases in groups.items() for case in cases}


@pytest.mark.parametrize(("profile", "name"), CASES)
def test_fails_what_it_names_and_nothing_else(profile, name, matrix, chosen, containment, request):
    """A defect that no clause sees is a hole; one that two see is two reds for one cause."""
    if is_compiled(name):
        request.getfixturevalue("compiler")
    if name in OF_ROOT and containment != "root":
        pytest.skip(f"{name}: its defect shows in containment root")
    run, expected = _run_of(matrix, profile, name), EXPECTED[name] & judged_by(profile)

    found = run.outcomes(name)

    said = {one["clause"]: one["message"] for one in run.verdicts if one["target"] == name}
    failed = {clause for clause, outcome in found.items() if outcome in FAILED}
    unclear = {clause: said[clause] for clause, outcome in found.items()
               if outcome not in FAILED | NOT_FAILED}  # fmt: skip
    left_open = LEFT_OPEN[name] & judged_by(profile)
    assert left_open <= unclear.keys() <= left_open | MAY_BE_OPEN.get(name, frozenset()), unclear
    assert failed == expected, {clause: said.get(clause) for clause in failed ^ expected}
    assert found.keys() == {check.clause for check in chosen[profile, name]}, "not all was judged"


@pytest.mark.parametrize("name", sorted(PARTS))
def test_fails_in_the_part_that_it_names(name, matrix, containment):
    """A clause of several parts is one verdict: a part that cannot fail would hide in it."""
    if name in OF_ROOT and containment != "root":
        pytest.skip(f"{name}: its defect shows in containment root")
    other = "sysv" if EXPECTED[name] & judged_by("sysv") else "foreground"
    run = matrix[OF_ONE_PROFILE.get(name, other), name]

    facts = [
        fact for one in run.verdicts if one["target"] == name and one["outcome"] in FAILED
        for fact in one["facts"]
    ]  # fmt: skip
    assert sorted(facts) == sorted(PARTS[name])


def _run_of(matrix, profile, name):
    """Return the Run that judged it; left out, by name, where no unit can be judged."""
    run = matrix[profile, name]
    if profile == "unit" and (why := lacks_units(run)):
        pytest.skip(why)
    return run


_FACT = re.compile(r"[\w.:^\\\\+-]+")


def test_verdicts_have_words_for_machines(matrix):
    """What fails has facts, by which a waiver knows it again; what is not judged has a code."""
    without_facts, without_code, odd = [], [], []
    for run in {id(run): run for run in matrix.values()}.values():
        for one in run.verdicts:
            fails = one["outcome"] in FAILED
            if fails and (not one["facts"] or "unnamed" in one["facts"]):
                without_facts.append(one["id"])
            if (one["reason_code"] is None) != (fails or one["outcome"] == "pass"):
                without_code.append(one["id"])
            odd += [(one["id"], fact) for fact in one["facts"] if not _FACT.fullmatch(fact)]
            if one["reason_code"]:
                assert reasons.meaning(one["reason_code"])[0]
    assert (without_facts, without_code, odd) == ([], [], [])


@pytest.mark.parametrize("profile", dict(CASES))
def test_some_are_judged_by_everything(profile, chosen):
    """Every property has something to hold of."""
    for (one, name), checks in chosen.items():
        if one == profile and name in WHOLLY:
            assert {check.clause for check in checks} == judged_by(profile), name


@pytest.mark.parametrize(("profile", "name"), [case for case in CASES if case[1] in REFERENCES])
def test_reference_passes_everything(profile, name, matrix, request):
    """What does not apply to a reference is a property that nobody is shown how to have."""
    if is_compiled(name):
        request.getfixturevalue("compiler")

    not_passed = {
        clause
        for clause, outcome in _run_of(matrix, profile, name).outcomes(name).items()
        if outcome != "pass"
    }
    without = NOT_OF_THE_REFERENCE | EXPECTED[name] | LEFT_OUT[name]
    expected = without & judged_by(profile)
    assert expected <= not_passed <= expected | MAY_BE_OPEN.get(name, frozenset())


def test_something_conforms_to_what_a_reference_leaves_out():
    for name in REFERENCES:
        others = [
            one
            for one in REFERENCES
            if embedded.names()[one].parent == embedded.names()[name].parent
        ]
        assert not LEFT_OUT[name] & frozenset.intersection(*(LEFT_OUT[one] for one in others))


def test_article_asks_for_more_than_the_reference_does(tmp_path):
    """SIG-7, which no profile but the article's has, fails a daemon that follows daemon(7)."""
    run = ChildRun("--target=reference", "--profile=article", "--clause=SIG-7",
                   json=tmp_path / "verdicts.json").wait()  # fmt: skip
    assert run.outcomes("reference") == dict.fromkeys(OF_THE_ARTICLE_ALONE, "fail")


@pytest.mark.parametrize("clause", sorted(CLAUSES.keys() - OF_THE_ARTICLE_ALONE))
def test_clause_has_a_mutant(clause):
    """A check that nothing is known to fail may be unable to fail."""
    assert [name for name in MUTANTS if clause in EXPECTED[name]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_expectation_names_clauses(name):
    """A header without IDs, or with one that nobody checks any more, expects nothing."""
    assert EXPECTED[name] or name in REFERENCES, "no line `# breaks:` (or `// fails:`) at its top"
    assert set(CLAUSES) >= EXPECTED[name]


def test_every_target_has_its_name():
    """Two files of one name: the one that comes later takes the other's place, and its tests."""
    kinds = (".py", ".c", ".toml", ".service", ".init")
    files = [path for path in TARGETS.glob("*/*") if path.suffix in kinds
             and not (path.suffix == ".toml" and embedded.is_of_a_program(path))]  # fmt: skip
    assert sorted(files) == sorted(embedded.names().values())
