"""Known findings: what a file of waivers may say, and that the list can only get shorter."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from daemonspec import baseline, waivers
from daemonspec.clauses import every_clause
from daemonspec.model import Outcome, Target
from daemonspec.verdicts import Ending
from running import ROOT, surroundings

CLAUSES = every_clause()
TICKD = Target("tickd", ("/tickd",), Path("/"))
HEAD = '[daemonspec]\nformat = 1\nsince = "0.2.0"\n'
KNOWN = """
[[waive]]
target = "tickd"
profile = "sysv"
clause = "STA-8"
facts = ["bind:EADDRINUSE:said-0", "clone:EAGAIN:said-0"]
reason = "the launcher does not wait"
"""
FAIL = Ending(Outcome.FAIL, "said 0", None, ("bind:EADDRINUSE:said-0", "clone:EAGAIN:said-0"))


def _load(tmp_path, text):
    path = tmp_path / "tickd.waivers.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return waivers.load(path, CLAUSES)


# -- what a file may say ----------------------------------------------------------------------

WRONG = {
    "not TOML": ("[daemonspec\n", r": not TOML \(.*line 1"),
    "not text": (b"\xff", ": not UTF-8 at byte 0"),
    "newer format": ("[daemonspec]\n\nformat = 2\n", "line 3: format 2: this daemonspec reads 1"),
    "unknown key": ("[daemonspec]\nsnice = 1\n", "line 2: unknown key 'snice'; allowed are format"),
    "unknown table": (HEAD + "[waives]\n", "line 4: unknown key 'waives'"),
    "unknown key of a waiver": (HEAD + KNOWN + "clauses = 1\n", "line 11: unknown key 'clauses'"),
    "unknown property": (HEAD + KNOWN.replace("STA-8", "STA-99"), "line 8: no property STA-99"),
    "former property": (
        HEAD + KNOWN.replace("STA-8", "FDS-3"),
        "line 8: no property FDS-3; it is judged as FDS-2",
    ),
    "unknown profile": (HEAD + KNOWN.replace("sysv", "bsd"), "line 7: profile: allowed are sysv"),
    "empty reason": (HEAD + KNOWN.replace("the launcher does not wait", ""), "line 10: .*reason"),
    "no reason": (HEAD + KNOWN.replace("reason", "link"), "line 5: waive: reason is missing"),
    "no facts": (HEAD + re.sub("facts = .*", "facts = []", KNOWN), "line 9: waive: facts is empty"),
    "no date": (HEAD + KNOWN + "expires = 3\n", "line 11: expires must be a date, not 3"),
    "twice": (HEAD + KNOWN + KNOWN, r"line 12: tickd sysv STA-8 is waived twice: see .*line 5"),
    "must-judge unknown": (HEAD + 'must-judge = ["TTX"]\n', "line 4: no property TTX"),
    "since of another kind": (HEAD.replace("0.2.0", "soon"), "line 3: since = 'soon'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_file(tmp_path, case):
    """One line names the file, the line and what is wrong."""
    text, said = WRONG[case]

    with pytest.raises(waivers.WaiverError, match=rf"tickd\.waivers\.toml.*{said}"):
        _load(tmp_path, text)


def test_file_lies_beside_a_path(tmp_path):
    """Beside a program or a description; a name that is looked up has no file beside it."""
    (tmp_path / "tickd.waivers.toml").write_text(HEAD)

    assert waivers.beside("./tickd", tmp_path) == tmp_path / "tickd.waivers.toml"
    assert waivers.beside("tickd.toml", tmp_path) == tmp_path / "tickd.waivers.toml"
    assert waivers.beside("tickd", tmp_path) is None
    assert waivers.beside("./other", tmp_path) is None


# -- the ratchet ------------------------------------------------------------------------------

EXPIRED = KNOWN + "expires = 2020-01-31\n"
RATCHET = {
    "known": (KNOWN, FAIL, "waived", "said 0"),
    "known and advice": (KNOWN, FAIL._replace(outcome=Outcome.ADVICE), "waived", ""),
    "fewer": (KNOWN, FAIL._replace(facts=FAIL.facts[:1]), "waived", ""),
    "one more": (
        KNOWN,
        FAIL._replace(facts=(*FAIL.facts, "open:EMFILE:said-0")),
        "fail",
        "new: open:EMFILE:said-0 (the rest is known: ",
    ),
    "all gone": (KNOWN, Ending(Outcome.PASS), "fail", "mended: delete line 5 of "),
    "not judged": (KNOWN, Ending(Outcome.INCONCLUSIVE, "x", "control"), "inconclusive", "x"),
    "of another property": (KNOWN.replace("STA-8", "STA-7"), FAIL, "fail", "said 0"),
    "of another profile": (KNOWN.replace("sysv", "article"), FAIL, "fail", "said 0"),
    "of another target": (KNOWN.replace("tickd", "tock"), FAIL, "fail", "said 0"),
    "expired": (EXPIRED, FAIL, "fail", "the waiver expired on 2020-01-31: "),
    "expired and mended": (EXPIRED, Ending(Outcome.PASS), "fail", "mended: delete line 5 of "),
}


@pytest.mark.parametrize("case", RATCHET)
def test_ratchet(tmp_path, case):
    """A subset is waived; what is new fails alone, and what is gone asks to be deleted."""
    text, ending, outcome, message = RATCHET[case]
    found = _load(tmp_path, HEAD + text)

    ended, _ = waivers.weigh(found, TICKD, CLAUSES["STA-8"], ending, left_out=False)

    assert ended.outcome.value == outcome
    assert ended.message.startswith(message)


def test_pass_that_left_something_out_mends_nothing(tmp_path):
    """What was not tried may fail yet."""
    found = _load(tmp_path, HEAD + KNOWN)

    ended, waiver = waivers.weigh(found, TICKD, CLAUSES["STA-8"], Ending(Outcome.PASS), True)

    assert (ended.outcome, waiver) == (Outcome.PASS, None)


@pytest.mark.parametrize(
    ("since", "revised", "outcome"),
    [("0.1.0", "", "fail"), ("0.3.0", "", "advice"), ("0.1.0", "0.10.0", "advice")],
)
def test_pinned_gate(tmp_path, since, revised, outcome):
    """What we learned later is shown, and fails nobody who pinned an older version."""
    clause = replace(CLAUSES["STA-8"], since=since, revised=revised)

    ended, _ = waivers.weigh(_load(tmp_path, HEAD), TICKD, clause, FAIL, False)

    assert ended.outcome.value == outcome
    assert ("pins the gate to 0.2.0" in ended.message) == (outcome == "advice")


def test_baseline_can_be_read_again(tmp_path):
    """Whatever a target is called."""
    odd = 'a"\\\n\x7fé'
    text = baseline.text({(odd, "sysv", "TTY-5"): {"gone"}}, 'because "so"')

    found = _load(tmp_path, text)

    clause = CLAUSES["TTY-5"]
    waiver = found.of(replace(TICKD, name=odd), clause)
    assert (waiver.facts, waiver.reason) == ({"gone"}, 'because "so"')
    assert not waiver.is_over


# -- a gate -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tickd(tmp_path_factory):
    """A program in a directory of its own that never detaches."""
    program = tmp_path_factory.mktemp("gate") / "tickd"
    program.write_text("#!/bin/sh\nsleep infinity &\n")
    program.chmod(0o755)
    return program


SOME = ("--clause=SES-1", "--clause=TTY-1", "--clause=PAR-2")


def _daemonspec(*words, at):
    return subprocess.run(
        [sys.executable, "-m", "daemonspec.cli", *words], check=False, cwd=at, text=True,
        capture_output=True, timeout=200, env=surroundings(PYTHONPATH=str(ROOT / "fixtures")),
    )  # fmt: skip


def test_gate(containment, tickd, judge):
    """A baseline, the gate that is green with it, and what turns it red again."""
    at, path = tickd.parent, tickd.parent / "tickd.waivers.toml"
    made = _daemonspec("baseline", "./tickd", "-o", path.name, "--reason=later", "--times=1",
                       *SOME, at=at)  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    assert "tickd.waivers.toml: 2 findings of 1 runs" in made.stdout

    gate = judge(f"--target={tickd}", *SOME)
    assert gate.status == 0, gate.output
    assert gate.outcomes("tickd") == {"SES-1": "waived", "TTY-1": "waived", "PAR-2": "pass"}
    said = " ".join(gate.output.split())
    assert "0 new, 2 known (SES-1, TTY-1)" in said and "conforms" not in said

    written = path.read_text()
    path.write_text(written.replace('facts = ["sleep"]', 'facts = ["other"]', 1)
                    .replace('must-judge = []', 'must-judge = ["PIDF-2"]'))  # fmt: skip
    grown = judge(f"--target={tickd}", *SOME)
    assert grown.status == 1
    assert grown.verdict("SES-1", "tickd")["message"].startswith("new: sleep (the rest is known")

    path.write_text(written.replace("TTY-1", "PAR-2")
                    .replace('must-judge = []', 'must-judge = ["PIDF-2"]'))  # fmt: skip
    mended = judge(f"--target={tickd}", *SOME)
    assert mended.status == 1
    assert "mended: delete line" in mended.verdict("PAR-2", "tickd")["message"]

    path.write_text(written.replace("must-judge = []", 'must-judge = ["PIDF-2"]'))
    missing = judge(f"--target={tickd}", *SOME, "--clause=PIDF-2")
    assert missing.status == 6
    path.write_text(written + "facts = 3\n")
    assert judge(f"--target={tickd}", *SOME).status == 4


def test_baseline_is_refused(tmp_path):
    """Before anything is started: a file that is there, and a reason that says nothing."""
    (tmp_path / "there.toml").write_text("")
    there = _daemonspec("baseline", "x", "-o", "there.toml", "--reason=x", at=tmp_path)
    empty = _daemonspec("baseline", "x", "-o", "new.toml", "--reason= ", at=tmp_path)

    assert (there.returncode, empty.returncode) == (4, 4)
    assert "there.toml is there already" in there.stderr
    assert "--reason= is empty" in empty.stderr
