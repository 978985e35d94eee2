"""Pidfiles that readers take, or that cannot be read: what is unread is never judged as missing."""

import sys
from pathlib import Path

import pytest

from daemonspec.world import processes
from running import TARGETS

CONFINE = (sys.executable, str(Path(__file__).with_name("confine.py")))

# The reference, whose pidfile is changed by argv[-1] as soon as it is there.
PROGRAM = """
import fcntl, os, signal, sys
sys.path.insert(0, sys.argv.pop())
from reference import Daemon, main

def ends_in_nul(path):
    with open(path, "r+b") as file:
        number = file.read().strip()
        file.seek(0)
        file.write(number + bytes(1))

def is_directory(path):
    os.unlink(path)
    os.mkdir(path)

def is_leased(path):
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # which says that somebody wants to read it
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and os.path.samestat(os.stat(path), os.stat(f"/proc/self/fd/{name}")):
            fcntl.fcntl(int(name), fcntl.F_SETLEASE, fcntl.F_WRLCK)
            return

def is_secret(path):
    os.chmod(path, 0)

change = globals()[sys.argv.pop()]

class Changed(Daemon):
    def take_pidfile(self):
        super().take_pidfile()
        change(self.pidfile)

main(Changed)
"""
DESCRIPTION = """
start = "{python} -I -S {{here}}/daemon.py --pidfile {{dir}}/d.pid --socket {{dir}}/d.sock {words}"
pidfile = "{{dir}}/d.pid"

[ready]
unix = "{{dir}}/d.sock"
expect = "ok"
"""
JUDGED = {"PIDF-1", "PIDF-2", "PIDF-3", "PIDF-7", "PIDF-8", "PIDF-9", "INS-3"}


@pytest.mark.parametrize(
    ("text", "pid"),
    [
        (b"21\n", 21),
        (b"21", 21),
        (b" 021 \r\n", 21),
        (b"21\0", 21),
        (b"21\n\0\0", 21),
        (b"21\n/var/lib/data\n", 21),
        (b"21;20073", None),
        (b"21 20073\n", None),
        (b"2_1\n", None),
        (b"-21\n", None),
        (b"\n21\n", None),
        (b"", None),
    ],
)
def test_pid_is_the_first_line(text, pid):
    """What every reader takes, or FHS has it take, is a pid; what Python alone takes is none."""
    assert processes.pid_in(text) == pid


@pytest.fixture
def judged(judge, tmp_path):
    """A function that judges the reference with such a pidfile, and returns the Run."""

    def run(change, *options, **how):
        (tmp_path / "daemon.py").write_text(PROGRAM)
        path = tmp_path / f"{change}.toml"
        words = f"{change} {TARGETS / 'reference'}"
        path.write_text(DESCRIPTION.format(python=sys.executable, words=words))
        clauses = [f"--clause={one}" for one in sorted(JUDGED)]
        return judge(f"--target={path}", *clauses, *options, **how)

    return run


def test_nul_ends_the_line(judged):
    """pgpool writes one: systemd, start-stop-daemon, pgrep -F and sh take the number before it."""
    run = judged("ends_in_nul")

    assert run.outcomes("ends_in_nul") == dict.fromkeys(JUDGED, "pass"), run.output


@pytest.mark.parametrize(
    ("change", "why"),
    [("is_directory", "Is a directory"), ("is_leased", "Resource temporarily unavailable")],
)
def test_unread_pidfile_is_not_judged(change, why, judged):
    """It is there, whatever it says: nothing that rests on it is decided."""
    run = judged(change)

    assert _open(run, change, why) == JUDGED, run.output


def test_pidfile_that_we_may_not_read_is_not_judged(judged):
    """EACCES, which root meets only without its capabilities."""
    run = judged("is_secret", "--containment=none", before=(*CONFINE, "capabilities"))

    assert _open(run, "is_secret", "Permission denied") >= {"PIDF-2", "PIDF-3", "PIDF-9"}
    assert "fail" not in run.outcomes("is_secret").values()


def _open(run, target, why):
    """Return the clauses that were inconclusive for that reason."""
    return {
        clause
        for clause, outcome in run.outcomes(target).items()
        if outcome == "inconclusive" and why in run.verdict(clause, target)["message"]
    }
