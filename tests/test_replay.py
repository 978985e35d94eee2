"""A start on which a verdict rests can be played again, and every call of it be read."""

import json
import re
import shlex

import pytest

from daemonspec import cli, replay
from running import ChildRun

LIAR = "does-not-mind-a-failing-fork"


@pytest.fixture
def trace(containment, capsys):
    """A function that does what `daemonspec trace WORD...` does; (status, output, complaint)."""

    def traced(*words):
        capsys.readouterr()
        status = cli.main(["trace", *words])
        return status, *capsys.readouterr()

    return traced


def test_every_attack_can_be_played_again():
    assert {"STA-7", "STA-8", "STA-9", "SIG-5"} <= set(replay.ids())


def test_failing_call_is_found_and_played(trace):
    """Without a number it is said where what can be done; with it the start is told."""
    status, said, _ = trace(LIAR, "--clause=STA-8", "--json")
    ((places),) = json.loads(said)
    (fork,) = [one for one in places["calls"] if one["call"] == "clone (launcher)"]
    assert status == 0 and "EAGAIN" in fork["how"]

    words = ["--clause=sta-8", f"--point={fork['n']}", "--how=EAGAIN"]
    status, said, _ = trace(LIAR, *words, "--json")

    (tale,) = json.loads(said)
    assert (status, tale["came"]) == (0, "lie"), tale
    (here,) = [one for one in tale["calls"] if one["here"]]
    assert here["n"] == fork["n"] and here["call"] == "clone"
    assert "fails with EAGAIN" in tale["start"]
    assert "11" in tale["steps_not_seen"], "the daemon that would have gone to / never came"


def test_findings_last_line_plays_its_start(containment, trace, tmp_path):
    """Typed as it stands."""
    options = (f"--target={LIAR}", "--clause=STA-8", f"--containment={containment}")
    run = ChildRun(*options, json=tmp_path / "run.json").wait()
    (line,) = re.findall(r"^call by call: daemonspec trace (.*)$", run.output, re.MULTILINE)

    status, said, _ = trace(*shlex.split(line))

    assert status == 0
    assert "<== fails with " in said
    assert "the end: lie: exited with status 0" in said


@pytest.mark.parametrize("target, came", [("forks-and-hopes", "lie"), ("reference", "up")])
def test_unlucky_order_is_told(trace, target, came):
    """STA-9 is one start; a number marks a call of it."""
    status, said, _ = trace(target, "--clause=STA-9", "--point=6")

    assert status == 0
    assert f"\nthe end: {came}: " in said
    assert len(re.findall(r"^   6 .* <== here$", said, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    "words, said",
    [
        (["--clause=TTY-3"], "TTY-3 is not judged by disturbing a start; those that are: "),
        (["--clause=TTX-3"], "TTX-3: no such property; did you mean TTY-3?"),
        (["--point=3"], "--point and --how are of a property: give --clause=ID"),
        (["--clause=STA-8", "--how=EIO"], "--how is of one call: give --point=NUMBER"),
        (["--clause=STA-8", "--point=0"], "--point counts the calls from 1"),
        (["--clause=STA-8", "--point=9999"], "nothing is done at call 9999; without --point"),
        (["--clause=STA-8", "--point=x"], "invalid int value: 'x'"),
    ],
)
def test_what_cannot_be_played_is_refused(trace, words, said):
    status, _, complaint = trace("reference", *words)

    assert status == 4
    assert said in complaint and complaint.count("\n") == 1
