"""Text that a fork has copied is told from text that somebody repeats; who wrote it is named."""

import os
import sys

import pytest

from daemonspec import verdicts
from daemonspec.copies import copied, writers
from daemonspec.experiments.printed import Printing
from daemonspec.storyline import roles
from daemonspec.world.conducted import EVERYTHING, CannotConduct, Conducted
from daemonspec.world.told import Told
from inside import PYTHON, SOON
from running import HARNESS

FILE = "/tmp/output"
LAUNCHER, FIRST, DAEMON = 0, 1, 2
PARENTS = {FIRST: LAUNCHER, DAEMON: FIRST}


def _story(*calls):
    """Return a story of (place, name, text written to the file or None[, what of it it had])."""
    forks = {place: n for n, (place, name, *_) in enumerate(calls, 1) if name == "fork"}
    told = []
    for at, (place, name, text, *had) in enumerate(calls):
        arguments = (1, 9, len(text or b""), 0, 0, 0)
        memory, files = ({1: text}, {0: FILE}) if text is not None else ({}, {})
        parent = PARENTS.get(place)
        made = (place + 7, arguments, {}, memory, files, float(at), forks.get(parent), *had)
        told.append(Told(place, parent, name, *made))
    return told


EXEC, FORK, AGAIN = (LAUNCHER, "execve", None), (LAUNCHER, "fork", None), (FIRST, "fork", None)
SETSID = (FIRST, "setsid", None)


def _by(place, text, name="write", had=None):
    return place, name, text, had


COPIES = {
    "both parents flush": (
        [EXEC, FORK, SETSID, AGAIN, _by(FIRST, b"on\n"), _by(LAUNCHER, b"on\n")],
        [("on\n", (FIRST, LAUNCHER))],
    ),
    "all three flush, and say more": (
        [EXEC, FORK, SETSID, AGAIN, _by(DAEMON, b"on\nup\n"), _by(FIRST, b"on\nme\n"),
         _by(LAUNCHER, b"on\n")],
        [("on\n", (DAEMON, FIRST, LAUNCHER))],
    ),
    "the one in the middle does not flush": (
        [EXEC, FORK, SETSID, AGAIN, (FIRST, "exit_group", None), _by(DAEMON, b"on\n"),
         _by(LAUNCHER, b"on\n")],
        [("on\n", (DAEMON, LAUNCHER))],
    ),
    "another call of theirs": (
        [EXEC, FORK, SETSID, _by(FIRST, b"on", "writev"), _by(LAUNCHER, b"on", "writev")],
        [("on", (FIRST, LAUNCHER))],
    ),
    "half a line that both had": (
        [EXEC, FORK, SETSID, _by(FIRST, b"on up\n", had=3), _by(LAUNCHER, b"on me\n", had=4)],
        [("on ", (FIRST, LAUNCHER))],
    ),
}  # fmt: skip
NO_COPIES = {
    "one of them repeats itself": [EXEC, FORK, SETSID, _by(LAUNCHER, b"."), _by(LAUNCHER, b".")],
    "it was written before the fork": [EXEC, _by(LAUNCHER, b"on\n"), FORK, _by(FIRST, b"on\n"),
                                       _by(LAUNCHER, b"up\n")],
    "it was written before the second fork": [EXEC, FORK, _by(FIRST, b"on\n"), AGAIN,
                                              _by(DAEMON, b"on\n"), _by(FIRST, b"up\n")],
    "they say other things": [EXEC, FORK, SETSID, _by(FIRST, b"onto\n"), _by(LAUNCHER, b"on\n")],
    "it is in the middle": [EXEC, FORK, SETSID, _by(FIRST, b"a\non\n"), _by(LAUNCHER, b"b\non\n")],
    "an exec emptied the buffer": [EXEC, FORK, (FIRST, "execve", None), _by(FIRST, b"on\n"),
                                   _by(LAUNCHER, b"on\n")],
    "one of them had nothing": [EXEC, FORK, SETSID, _by(FIRST, b"on\n", had=0),
                                _by(LAUNCHER, b"on\n", had=3)],
    "an empty line": [EXEC, FORK, SETSID, _by(FIRST, b"\na"), _by(LAUNCHER, b"\nb")],
    "another file": [EXEC, FORK, SETSID, (FIRST, "write", None), _by(LAUNCHER, b"on\n")],
}  # fmt: skip


@pytest.mark.parametrize("case", COPIES)
def test_copy_is_found(case):
    """Whoever writes it first of all since they parted, in the order of the story."""
    calls, expected = COPIES[case]

    found = copied(_story(*calls), FILE)

    assert [(one.text, tuple(call.place for call in one.writes)) for one in found] == expected


@pytest.mark.parametrize("case", NO_COPIES)
def test_repetition_is_no_copy(case):
    """What nobody can have had from before the fork is his own."""
    assert copied(_story(*NO_COPIES[case]), FILE) == []


def test_who_wrote_it():
    """By role, and by call."""
    story = _story(EXEC, FORK, SETSID, AGAIN, _by(FIRST, b"on\n"), _by(LAUNCHER, b"on\n"))

    (found,) = copied(story, FILE)

    said = found.told(roles(PARENTS, DAEMON))
    assert said == "'on' by the first child (write 1 'on'), by the launcher (write 1 'on')"
    assert writers(story, FILE) == [LAUNCHER, FIRST]


# -- what is told of a real start -------------------------------------------------------------

_PRINTS = "import os, sys; os.writev(1, [b'a', b'', b'b' * 300]); os.write(1, b'c'); os._exit(0)"


def test_stdout_is_the_file(line):
    """What comes from several buffers is told as one text, as far as it is told."""
    output = os.memfd_create("output")
    try:
        conducted = Conducted(line, [*PYTHON, _PRINTS], "shell", EVERYTHING, output)
        played = conducted.play(SOON, tell=True)
        content = os.pread(output, 1000, 0)
    except CannotConduct as why:
        pytest.skip(str(why))
    finally:
        os.close(output)

    told = [one for one in played.calls if one.name in ("write", "writev")]
    assert {one.files[0] for one in told} == {"/memfd:output (deleted)"}
    assert [one.memory[1] for one in told] == [b"a" + b"b" * 199, b"c"]
    assert content == b"a" + b"b" * 300 + b"c"
    assert played.said == ""


# -- where no story is to be had --------------------------------------------------------------


class _Made:
    def __init__(self, value=None, why=None):
        self.value, self.why = value, why

    def of_target(self):
        if self.why:
            raise self.why
        return self.value

    def of(self, defect):
        return f"{self.value}, {defect}"


def test_control_is_judged_as_the_target_is():
    """By the story of both, or by the lines of both; a target that fails is not hidden."""
    typed = _Made("lines")
    told = Printing(_Made("story"), typed)
    untold = Printing(
        _Made("story", verdicts.Unsupported("held by another", "calls-escape")), typed
    )

    assert (told.of_target(), told.of("x")) == ("story", "story, x")
    assert (untold.of_target(), untold.of("x")) == ("lines", "lines, x")
    with pytest.raises(verdicts.Inconclusive, match="it is down"):
        Printing(_Made(why=verdicts.Inconclusive("it is down", "gone")), typed).of_target()


# Forks twice; {prints} before that, and its parents leave by {leave}.
_DAEMON = """\
#!{python} -ISB
import os, signal, sys
os.umask(0o22)
{prints}
for step in (os.setsid, lambda: None):
    if os.fork():
        {leave}
    step()
null = os.open("/dev/null", os.O_RDWR)
for number in (0, 1, 2):
    os.dup2(null, number)
signal.pause()
"""
_MANY_CALLS = "for _ in range(6000): os.umask(0o22)"  # more than are played


@pytest.fixture(scope="module")
def run(judge, tmp_path_factory):
    """The Run in which four daemons are judged by STA-4."""
    place = tmp_path_factory.mktemp("printing")
    place.chmod(0o755)
    programs = {
        "repeats_itself": ('print("on", flush=True); print("on", flush=True)', "os._exit(0)"),
        "is_copied": ('print("on")', "sys.exit(0)"),
        "is_copied_untold": (f'{_MANY_CALLS}\nprint("on")', "sys.exit(0)"),
        "is_fine_untold": (f'{_MANY_CALLS}\nprint("on", flush=True)', "os._exit(0)"),
    }
    for name, (prints, leave) in programs.items():
        path = place / name
        path.write_text(_DAEMON.format(python=sys.executable, prints=prints, leave=leave))
        path.chmod(0o755)
    return judge("-q", *(f"--target={place / name}" for name in programs), "--clause=STA-4")


# Holds what the command is about to be refused: the kernel lets one at a time hold system calls.
_HOLDS = f"""\
import os, sys
sys.path.append({str(HARNESS.parent)!r})
from daemonspec.kernel import seccomp
allow = (seccomp.RETURN, 0, 0, seccomp.ALLOW)
os.set_inheritable(seccomp.install([allow], 8), True)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_held_by_somebody_above(judge):
    """A caller who holds system calls himself leaves what can be seen without that."""
    name = "leaves-its-parents-by-exit"

    run = judge(f"--target={name}", "--clause=STA-4", "--clause=STA-7",
                before=(sys.executable, "-c", _HOLDS))  # fmt: skip

    assert "its system calls cannot be held" in run.verdict("STA-7", name)["message"]
    assert run.outcomes(name) == {"STA-4": "advice", "STA-7": "unsupported"}
    assert run.verdict("STA-4", name)["message"] == "printed more than once: starting"


VERDICTS = {
    "repeats_itself": ("pass", ""),
    "is_copied": (
        "advice",
        "printed more than once: 'on' by the launcher (write 1 'on'), "
        "by the first child (write 1 'on')",
    ),
    "is_copied_untold": ("advice", "printed more than once: on"),
    "is_fine_untold": ("pass", ""),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(name, run):
    """By the story; by the lines in the file where the start makes too many calls to be played."""
    (found,) = (one for one in run.verdicts if os.path.basename(one["target"]) == name)

    assert (found["outcome"], found["message"]) == VERDICTS[name]
