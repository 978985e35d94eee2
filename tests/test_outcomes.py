"""What a run says and how it ends: verdicts, exit status, and the text on the terminal."""

import re
import shlex
from collections import Counter

import pytest

from daemonspec import verdicts
from daemonspec.inside.containment import CONTAINMENTS
from daemonspec.model import Level, Outcome
from daemonspec.start import NotStarted
from daemonspec.world.world import GaveUp, HarnessError, Refused
from running import ROOT, clauses, profiles

CONFORMS, FAILS, USAGE, UNCLEAR = 0, 1, 4, 6
JUDGED = {name for name, (_, function) in clauses().items() if "sysv" in profiles(function)}


# -- from what happened in a check to a verdict -----------------------------------------------


def _record(required=0, seen=()):
    record = verdicts.Record()
    record.required = required
    for whose in seen:
        record.see(whose, "umask", "0022")
    return record


SAW_NOTHING = _record(required=1)
SAW_CONTROL = _record(required=1, seen=["control"])
REQUIRED_NOTHING = _record(seen=["target"])
WHOLE = _record(required=1, seen=["control", "target"])

TABLE = {
    "looked and required": (None, WHOLE, Outcome.PASS, ""),
    "did nothing": (None, _record(), Outcome.INCONCLUSIVE, "HARNESS: the check required nothing"),
    "required nothing": (None, REQUIRED_NOTHING, Outcome.INCONCLUSIVE, "HARNESS"),
    "saw nothing": (None, SAW_NOTHING, Outcome.INCONCLUSIVE, "HARNESS"),
    "saw the control alone": (None, SAW_CONTROL, Outcome.INCONCLUSIVE, "HARNESS"),
    "not as required": (verdicts.NotConforming("0015", ["0015"]), WHOLE, Outcome.FAIL, "0015"),
    "no experiment": (
        verdicts.Inconclusive("survived", "control"),
        WHOLE,
        Outcome.INCONCLUSIVE,
        "survived",
    ),
    "no such thing": (
        verdicts.NotApplicable("none", "needs-pidfile"),
        WHOLE,
        Outcome.NOT_APPLICABLE,
        "none",
    ),
    "no such machine": (
        verdicts.Unsupported("seccomp", "needs-seccomp"),
        WHOLE,
        Outcome.UNSUPPORTED,
        "seccomp",
    ),
    "died between starts": (NotStarted("exited"), WHOLE, Outcome.INCONCLUSIVE, "exited"),
    "deadline": (GaveUp("no prompt"), WHOLE, Outcome.INCONCLUSIVE, "no prompt"),
    "our fault": (HarnessError("HARNESS: x"), WHOLE, Outcome.INCONCLUSIVE, "HARNESS: x"),
    "kernel refused": (Refused("clone"), WHOLE, Outcome.INCONCLUSIVE, "clone"),
    "our slip": (KeyError("pid"), WHOLE, Outcome.INCONCLUSIVE, "HARNESS: KeyError"),
    "bare assert": (AssertionError("22 == 0"), WHOLE, Outcome.INCONCLUSIVE, "HARNESS: Assertion"),
}


FAILED = {
    Level.REQUIRED: Outcome.FAIL,
    Level.RECOMMENDED: Outcome.ADVICE,
    Level.INFORMATION: Outcome.NOTE,
}


NOT_JUDGED = {Outcome.INCONCLUSIVE, Outcome.UNSUPPORTED, Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("case", TABLE)
@pytest.mark.parametrize("level", Level)
def test_outcome_of_a_check(case, level):
    """Only a check that looked at the target and required something passes."""
    error, record, outcome, message = TABLE[case]
    if outcome is Outcome.FAIL:
        outcome = FAILED[level]

    found = verdicts.ending_of(error, record, level)

    assert found.outcome is outcome
    assert message in found.message
    assert bool(found.facts) == (outcome in FAILED.values())
    assert bool(found.code) == (outcome in NOT_JUDGED)


def test_verbs():
    """`require` counts, whether it holds or not; `assume` and `applies` judge no target."""
    record = verdicts.begin()

    verdicts.assume(True, "")
    verdicts.applies(True, "", "needs-pidfile")
    assert record.required == 0
    with pytest.raises(verdicts.NotConforming, match="0015"):
        verdicts.require(False, "0015", ["0015"])
    assert record.required == 1
    with pytest.raises(verdicts.Inconclusive):
        verdicts.assume(False, "")
    with pytest.raises(verdicts.NotApplicable):
        verdicts.applies(False, "", "needs-pidfile")
    with pytest.raises(ValueError, match="no code"):
        verdicts.applies(False, "", "needs-luck")
    assert verdicts.begin() is not record


# -- one run, with a target that fails and one that does not -----------------------------------


IDS = ("CHD-1", "CWD-1", "FDS-1", "FDS-2", "PAR-2", "SES-1", "STP-1", "TTY-1", "TTY-5", "UMK-1")
SOME = [f"--clause={one}" for one in IDS]


@pytest.fixture(scope="module")
def both(judge):
    """A Run that judged `cmd &` and the reference by properties of every outcome."""
    return judge("-v", "--target=control", "--target=reference", *SOME)


@pytest.mark.usefixtures("own_place")
def test_fails_when_one_target_does(both):
    """Status 1; the other target is judged all the same."""
    assert both.status == FAILS
    assert both.outcomes("control").keys() == both.outcomes("reference").keys() == set(IDS)
    assert set(both.outcomes("reference").values()) == {"pass"}


def test_header_says_what_is_judged_how_and_where(both):
    """A report without it cannot be compared with another one."""
    header = both.output.partition("collected")[0]

    for line in (
        r"target: control, main process \d+ \(sleep\)",
        r"target: reference, main process \d+ \(python",
        r"profile: sysv, what fails the run: required",
        r"containment: (root|user|partial|none)",
        r"kernel: \d+\.\d+\S* \w+",
    ):
        assert re.search(f"^{line}", header, re.MULTILINE), line


def test_verbose_has_a_line_for_each_property(both):
    """Under -v every verdict is a line with ID, title and target, and no node ID."""
    for one in both.verdicts:
        word = one["outcome"].upper()
        title = both.document["clauses"][one["clause"]]["title"]
        line = f"{one['clause']} {title} [{one['target']}] {word}"
        assert re.search(rf"^{re.escape(line)}\s", both.output, re.MULTILINE), line
    assert "::" not in both.output


def _findings(output):
    """Return {(clause, target): text} of the findings in an output."""
    found = {}
    for line in output.splitlines():
        title = re.match(r"([A-Z]{3,4}-\d+)  [A-Z].*  \[(.+)\]$", line)
        if title:
            found[title.groups()] = text = []
        elif re.match(r"[=_]{3,}|[=_]+ .* [=_]+$", line):
            text = []
        elif found:
            text.append(line)
    return {key: "\n".join(text) for key, text in found.items()}


def test_finding_stands_alone(both):
    """Observed, asked for by, why, mend, evidence and what to type: in this order, for each."""
    findings = _findings(both.output)
    wanted = {(one["clause"], one["target"]) for one in both.verdicts
              if one["outcome"] in ("fail", "advice")}  # fmt: skip
    not_judged = {(one["clause"], one["target"]) for one in both.verdicts
                  if one["outcome"] == "inconclusive"}  # fmt: skip
    assert findings.keys() == wanted | not_judged
    findings = {key: text for key, text in findings.items() if key in wanted}

    for (clause, target), text in findings.items():
        verdict, page = both.verdict(clause, target), both.document["clauses"][clause]
        flat = " ".join(text.split())
        places = [
            flat.find(" ".join(words.split()))
            for words in (
                f"observed: {verdict['message']}",
                f"asked for by: {page['sources'][0]['document']}",
                page["why"].split("\n\n")[0],
                f"mend: {page['mend']}",
                "evidence: ",
                f"again: pytest --target={target} --clause={clause}",
            )
        ]
        assert -1 not in places and places == sorted(places), text
        assert re.search(r"^  target: \S", text, re.MULTILINE), f"nothing of the target: {text}"


def test_output_fits_a_terminal(both):
    """Findings and closing are read in 80 columns."""
    text = both.output[both.output.index("= findings: ") :]
    pytests = re.compile(r"=+ .* in [\d.]+s.* =+$")  # its closing line is as long as it likes

    wide = [line for line in text.splitlines() if len(line) > 80 and not pytests.match(line)]
    assert wide == []


@pytest.mark.usefixtures("own_place")
def test_closing_counts(both):
    """The counts are those of the verdicts; what did not apply is no pass."""
    closing = " ".join(both.output[both.output.index("= daemonspec =") :].split())
    count = Counter(both.outcomes("control").values())
    judged = len(IDS) - count["not applicable"]
    chosen = f"of {len(JUDGED)} properties, {len(IDS)} chosen,"
    assert f"{chosen} {judged} judged: {count['pass']} hold, {count['fail']} fail (" in closing
    assert f"{count['not applicable']} not judged: " in closing
    assert f"reference: no failure {chosen} {len(IDS)} judged: {len(IDS)} hold" in closing

    total = Counter(one["outcome"] for one in both.verdicts)
    last = both.output.strip().splitlines()[-1]
    assert total["not applicable"] and f" {total['pass']} passed," in last
    assert f" {total['fail']} failed," in last and f" {total['advice']} with advice" in last
    failed = [name for name, outcome in both.outcomes("control").items() if outcome == "fail"]
    by_number = sorted(failed, key=lambda clause: (clause[:3], int(clause.split("-")[1])))
    assert "control: does not conform" in closing
    assert f"fail ({', '.join(by_number)})" in closing
    assert re.search(
        rf"profile sysv, {len(both.verdicts)} verdicts from \d+ starts; \d+ of controls", closing
    )


def test_workers_change_nothing(both, judge):
    """-n 2 gives every verdict that one process gives."""
    run = judge("-n2", "--target=control", "--target=reference", *SOME)

    assert run.status == both.status
    for target in ("control", "reference"):
        assert run.outcomes(target) == both.outcomes(target)


def test_again_repeats_the_verdict(both, judge):
    """The last line of a finding, typed as it stands, gives the finding again."""
    findings = _findings(both.output)
    run = _again(findings["TTY-1", "control"], judge)

    assert run.outcomes("control") == {"TTY-1": "fail"}


def _again(finding, judge):
    command = re.search(r"^again: (pytest .*)", finding, re.MULTILINE)[1]
    return judge(*shlex.split(command)[1:])


# -- selection, profiles, levels --------------------------------------------------------------


@pytest.fixture(scope="module")
def advised(judge):
    """A Run on a target that the profile sysv only advises; selected are an area and an ID."""
    return judge("--target=keeps-umask", "--clause=CHD", "--clause=umk-1")


def test_selection(advised):
    """An area selects what is in it, an ID itself."""
    area = {name for name in JUDGED if name.startswith("CHD-")}

    assert advised.outcomes("keeps-umask").keys() == area | {"UMK-1"}


def test_advice_fails_nothing(advised):
    """What a profile recommends is said, and the run conforms."""
    assert advised.status == CONFORMS
    assert advised.outcomes("keeps-umask")["UMK-1"] == "advice"
    assert ("UMK-1", "keeps-umask") in _findings(advised.output)


def test_level_turns_advice_into_failure(judge):
    """--level=recommended fails what sysv only recommends; what repeats it has the level too."""
    run = judge("--target=keeps-umask", "--clause=UMK-1", "--level=recommended")

    assert run.status == FAILS
    assert run.outcomes("keeps-umask") == {"UMK-1": "fail"}
    again = _again(_findings(run.output)["UMK-1", "keeps-umask"], judge)
    assert again.outcomes("keeps-umask") == {"UMK-1": "fail"}


@pytest.mark.parametrize("target", ["keeps-directory", "article"])
@pytest.mark.usefixtures("own_place")
def test_profile_requires_the_rules_of_the_article(target, judge, request):
    """The article's own code breaks the article's rule 6, which sysv only recommends."""
    if target == "article":
        request.getfixturevalue("compiler")
    run = judge(f"--target={target}", "--clause=CWD-1", "--profile=article")

    assert run.status == FAILS
    assert run.outcomes(target) == {"CWD-1": "fail"}
    assert run.verdict("CWD-1", target)["level"] == "required"
    assert f"again: pytest --target={target} --clause=CWD-1 --profile=article" in run.output


def test_show_says_what_was_typed(judge):
    """What was typed, where, as whom, with what: enough to do it by hand."""
    run = judge("--target=reference", "--clause=UMK", "--show")

    shown = run.output[run.output.index("= launches =") :]
    assert re.search(r"^1\. .*reference\.py --pidfile \S+/daemon\.pid", shown, re.MULTILINE)
    assert f"   directory: {ROOT}/targets/reference" in shown
    assert re.search(r"^   user: \S.* \(uid \d+\)$", shown, re.MULTILINE)
    assert re.search(r"^     PATH=\S+$", shown, re.MULTILINE)
    assert "umask 0015" in shown and "umask 0053" in shown
    assert not re.search(r"^     PYTEST_", shown, re.MULTILINE)


# -- runs that judge nothing, or not everything -----------------------------------------------


def test_nothing_judged_is_not_conforming(judge):
    """A target without children has nothing that CHD-1 is about: that is no pass."""
    run = judge("--target=control", "--clause=CHD-1")

    assert run.status == UNCLEAR
    assert run.outcomes("control") == {"CHD-1": "not applicable"}
    assert "control: nothing could be judged" in run.output
    assert "1 needs a child process; declare `exercise`" in run.output
    assert "passed" not in run.output


PICKY = """\
#!/bin/sh
if [ "$(umask)" = 0015 ]; then echo "what an odd umask" >&2; exit 9; fi
sleep infinity &
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A target that comes up when it is looked at first, and not in some later starts."""
    program = tmp_path_factory.mktemp("odd") / "odd"
    program.write_text(PICKY)
    program.chmod(0o755)
    return program


@pytest.fixture(scope="module")
def picky(judge, odd):
    """A Run on that target."""
    return judge(f"--target={odd}", "--clause=UMK-1", "--clause=SES-1", "--clause=STP-1")


def test_target_that_dies_between_starts_cannot_pass(picky):
    """What could not be judged is neither a pass nor a failure, and the run says so: status 6."""
    assert picky.status == UNCLEAR
    assert picky.outcomes("odd") == {
        "UMK-1": "inconclusive", "SES-1": "inconclusive", "STP-1": "pass",
    }  # fmt: skip
    assert "odd: could not be judged wholly" in picky.output
    said = " ".join(picky.output.split())
    assert said.count("exited with status 9") == 1, "one reason is one finding"


def test_target_that_dies_later_has_the_word(picky):
    """Its own words name the reason, as they do when it never comes up."""
    assert "what an odd umask" in picky.output


def test_failure_outweighs_what_could_not_be_judged(judge, odd):
    """Status 1 says that something does not conform; the closing names what was not judged."""
    run = judge("--target=control", f"--target={odd}", "--clause=SES-1")

    assert run.status == FAILS
    assert run.outcomes("control") == {"SES-1": "fail"}
    assert run.outcomes("odd") == {"SES-1": "inconclusive"}
    assert "odd: could not be judged wholly" in run.output


def test_one_target_that_conforms_hides_no_other(judge):
    """Each target has to be judged: one for which nothing applied is not covered by its peer."""
    run = judge("--target=control", "--target=reference", "--clause=CHD-1")

    assert run.status == UNCLEAR
    assert run.outcomes("reference") == {"CHD-1": "pass"}


# -- targets of which nothing can be judged ----------------------------------------------------

STAYS = "/sleep infinity stays in the foreground: "
IN_FRONT = ("--target=sleep infinity", "--clause=PAR-2", "--clause=TTY-1", "--clause=UMK-1")


@pytest.mark.parametrize("beside", [(), ("-n2",), ("--target=reference",)])
def test_program_in_the_foreground_fails_one_property(judge, beside):
    """A daemon that lost its detaching does not conform, alone and beside others: PAR-2."""
    run = judge(*IN_FRONT, *beside)

    assert run.status == FAILS
    assert run.outcomes("sleep") == {
        "PAR-2": "fail", "TTY-1": "not applicable", "UMK-1": "not applicable",
    }  # fmt: skip
    for clause in run.outcomes("sleep"):
        assert STAYS in run.verdict(clause, "sleep")["message"]
    said = " ".join(run.output.split())
    assert "sleep: does not conform" in said
    assert "2 not judged: 2 are judged by PAR-2; see PAR-2: TTY-1, UMK-1" in said
    assert set(run.outcomes("reference").values()) <= {"pass"}


@pytest.mark.parametrize("beside", [(), ("--target=reference",)])
def test_program_in_the_foreground_without_that_property(judge, beside):
    """What was asked for does not fail, and was not judged: status 6, and the reason is said."""
    run = judge("--target=sleep infinity", "--clause=TTY-1", *beside)

    assert run.status == UNCLEAR
    assert run.outcomes("sleep") == {"TTY-1": "not applicable"}
    said = " ".join(run.output.split())
    assert "stays in the foreground" in said
    assert "sleep: nothing could be judged" in said


def test_busy_launcher_is_not_in_the_foreground_yet(judge, tmp_path):
    """One that still computes when its time is over may come up: no verdict rests on that."""
    program = _program(tmp_path / "busy", "while :; do :; done")
    run = judge(f"--target={program}", "--target=reference", "--clause=PAR-2", "--start-timeout=1")

    assert run.status == USAGE
    assert run.outcomes("busy") == {"PAR-2": "inconclusive"}
    said = " ".join(run.output.split())
    assert "did not return within 1 s, and the world did not rest" in said
    assert "give it more time with --start-timeout or --time-scale" in said


def _program(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# What it does, and what a run ends with in which it is the only one that is no reference.
NOT_STARTED = {
    "complains": ("echo no configuration >&2; exit 3", "exited with status 3", USAGE),
    "refused": (
        "mkdir /sys/daemonspec || exit 9",
        "mkdir(/sys/daemonspec) was refused with EROFS",
        UNCLEAR,
    ),
}


@pytest.mark.parametrize("name", NOT_STARTED)
@pytest.mark.parametrize("workers", [(), ("-n2",)])
def test_target_that_does_not_start_beside_another(judge, containment, tmp_path, name, workers):
    """Its own words and what it was refused are said once, and the status is as if alone."""
    text, reason, status = NOT_STARTED[name]
    if not CONTAINMENTS[containment].mounts:
        pytest.skip("needs a world with a /sys of its own")
    program = _program(tmp_path / name, text)

    targets = f"--target={program}", "--target=reference"
    run = judge(*targets, "--clause=TTY-1", "--clause=UMK", *workers)

    assert run.status == status
    assert set(run.outcomes(name).values()) == {"inconclusive"}
    assert set(run.outcomes("reference").values()) == {"pass"}
    assert run.output.count(f"{name} said:") == run.output.count(reason) == 1
    for clause in run.outcomes(name):
        assert reason in run.verdict(clause, name)["message"]
    assert f"{name}: did not start" in run.output


def test_failure_outweighs_what_does_not_start(judge, tmp_path):
    """Status 1, and what does not start is said all the same."""
    program = _program(tmp_path / "complains", "exit 3")
    run = judge("--target=control", f"--target={program}", "--clause=SES-1")

    assert run.status == FAILS
    assert "complains: did not start" in run.output


@pytest.mark.usefixtures("own_place")
def test_files_of_the_harness_are_not_the_targets(judge):
    """A shell's settings are written at each start: they are none that the target creates."""
    run = judge("--target=control", "--clause=UMK-2")

    assert run.outcomes("control") == {"UMK-2": "not applicable"}, run.output
