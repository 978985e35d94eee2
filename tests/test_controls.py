"""A control that shows nothing makes every verdict INCONCLUSIVE: an experiment proves itself first.

The suite is run beside controls without a defect (mended.py).  As it is, no check may come to a
verdict; with what its `assume` says passed over, each comes to PASS: so nothing but that `assume`
stood between a broken experiment and a PASS that proves nothing.
"""

import ast
from pathlib import Path

import pytest

from daemonspec import verdicts
from daemonspec.laboratory import Laboratory, Settings
from matrix import LEFT_OUT, NOT_OF_THE_REFERENCE, OF_THE_ARTICLE_ALONE, judged_by, lacks_units
from mended import PASSED_OVER
from running import HARNESS, article_daemon, clauses, surroundings

pytestmark = pytest.mark.long

HERE = Path(__file__).resolve().parent
PAGES = {name: (ast.get_docstring(node), node) for name, (_, node) in clauses().items()}
WITH_CONTROL = {name for name, (page, _) in PAGES.items() if "\n\nControl: " in page}
# A profile, and the properties that are judged there, None for all.
CASES = {
    "reference": ("sysv", None),
    "reference in the foreground": ("foreground", judged_by("foreground") - judged_by("sysv")),
    "article": ("sysv", NOT_OF_THE_REFERENCE),
    "article by its own profile": ("article", OF_THE_ARTICLE_ALONE),
    "unit": ("unit", judged_by("unit") - LEFT_OUT["reference.service"]),
    "unit-notify": ("unit", LEFT_OUT["reference.service"]),
    "script": ("lsb", None),
}

_NO_SUCH_THING = verdicts.NotApplicable("no such thing", "no-such-thing")
_NO_SUCH_CALL = verdicts.Unsupported("no such call", "needs-seccomp")


def _calls(node, *names):
    """Return the calls of a function of one of these names below a node."""
    return [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Call)
        and getattr(one.func, "id", getattr(one.func, "attr", "")) in names
    ]


@pytest.mark.parametrize("clause", sorted(PAGES))
def test_page_with_a_control_means_an_assume(clause):
    """A control that is described and not looked at protects nothing."""
    page, node = PAGES[clause]

    assert ("\n\nControl: " in page) == bool(_calls(node, "assume"))


def test_what_was_seen_says_itself_to_whom_it_applies():
    """What a check reads of a Seen is read after the experiment: see Seen.applies()."""
    found = [
        f"{path.name}, {node.name}, line {call.lineno}"
        for path in sorted((HARNESS / "experiments").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and "Seen" in map(ast.unparse, node.bases)
        for call in _calls(node, "applies", "NotApplicable")
        if ast.unparse(call.func) != "self.applies"
    ]
    assert not found


def test_control_that_has_not_the_thing():
    """What does not apply to it is inconclusive, made once; what is unsupported stays so."""
    laboratory, made = Laboratory(Settings("none")), []

    def judged(error):
        made.append(error)
        raise error

    for _ in range(2):
        with pytest.raises(verdicts.Inconclusive, match="the control: no such thing"):
            laboratory.of_control(("one",), lambda: judged(_NO_SUCH_THING))
        with pytest.raises(verdicts.Unsupported):
            laboratory.of_control(("two",), lambda: judged(_NO_SUCH_CALL))
        with pytest.raises(verdicts.NotApplicable):
            laboratory.shared(("one",), lambda: judged(_NO_SUCH_THING))
    assert len(made) == 3


@pytest.fixture(scope="module")
def beside(judge, tmp_path_factory):
    """A function that judges a case beside mended controls; it returns {clause: verdict}."""
    article = article_daemon(tmp_path_factory.mktemp("conforming"))
    targets = {
        "article": article,
        "unit": "reference.service",
        "unit-notify": "reference-notify.service",
        "script": "reference-script.init",
    }

    def run(case, *options):
        profile, wanted = CASES[case]
        workers = "-n2" if len(wanted or judged_by(profile)) > 8 else "-n0"
        ended = judge(
            *("-p", "mended", workers, "--sweep=5"),
            *(f"--clause={one}" for one in sorted(wanted or ())),
            f"--target={targets.get(case.partition(' ')[0], 'reference')}",
            f"--profile={profile}",
            *options,
            environment=surroundings(PYTHONPATH=str(HERE)),
        )
        if profile == "unit" and (why := lacks_units(ended)):
            pytest.skip(why)
        assert ended.verdicts, ended.output
        left_out = NOT_OF_THE_REFERENCE if case == "reference" else ()
        return {one["clause"]: one for one in ended.verdicts if one["clause"] not in left_out}

    return run


def _outcomes(found):
    """Return {clause: outcome and message}."""
    return {name: f"{one['outcome']}: {one['message']}" for name, one in found.items()}


def test_cases_have_every_control():
    judged = set().union(*(wanted or judged_by(profile) for profile, wanted in CASES.values()))
    assert judged >= WITH_CONTROL


@pytest.mark.usefixtures("own_place")
@pytest.mark.parametrize("case", CASES)
def test_control_without_a_defect(case, beside):
    """As it is, nothing is decided; with `assume` passed over, everything is, and PASS."""
    as_it_is = _outcomes(beside(case))
    passed_over = beside(case, "--pass-over")

    decided = {name: said for name, said in as_it_is.items() if not said.startswith("inconclusive")}
    assert not decided
    assert _outcomes(passed_over) == dict.fromkeys(as_it_is, "pass: ")
    silent = [
        name
        for name, one in passed_over.items()
        if not any(seen["what"] == PASSED_OVER for seen in one["evidence"])
    ]
    assert not silent


def test_control_to_which_nothing_applies(beside):
    """Plain `cmd &` in the place of each control has no pidfile, no socket and no launcher."""
    found = beside("reference", "--controls=control")

    assert not [name for name, one in found.items() if one["outcome"] == "not applicable"]
