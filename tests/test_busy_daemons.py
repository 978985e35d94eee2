"""Daemons that still work when they are looked at: nothing can be said of them yet."""

import sys

import pytest

# It returns at once, and works before it can be reached, argv[1] seconds, where its stdin is
# /dev/null.  After SIGHUP it answers one client more, and nobody for argv[2] seconds.
PROGRAM = """
import os, signal, socket, sys, time

def work(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass

def listen():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 7119))
    listener.listen()
    return listener

from_null = os.path.realpath("/proc/self/fd/0") == "/dev/null"
for leave in (os.fork, os.setsid, os.fork):
    if leave() and leave is not os.setsid:
        os._exit(0)
null = os.open("/dev/null", os.O_RDWR)
for number in range(3):
    os.dup2(null, number)
os.chdir("/")
hangups = []
signal.signal(signal.SIGHUP, lambda *_: hangups.append(True))
work(float(sys.argv[1]) if from_null else 0)
listener = listen()
while True:
    client, _ = listener.accept()
    client.sendall(b"ok")
    if hangups:
        hangups.clear()
        listener.close()
        client.close()
        time.sleep(float(sys.argv[2]))
        listener = listen()
    client.close()
"""


@pytest.fixture
def outcome(judge, tmp_path):
    """A function that returns the Run of the program on one clause, and its outcome."""

    def judged(start, hangup, clause):
        (tmp_path / "busy.py").write_text(PROGRAM)
        path = tmp_path / "busy.toml"
        path.write_text(
            f'start = "{sys.executable} -I -S {{here}}/busy.py {start} {hangup}"\n'
            '[ready]\ntcp = "127.0.0.1:7119"\nexpect = "ok"\n'
        )
        run = judge(f"--target={path}", f"--clause={clause}", "--start-timeout=1")
        return run.outcomes("busy")[clause], run

    return judged


def test_start_that_works_on_is_waited_for(outcome):
    """Its deadline has passed; on a busy machine that is said of every start."""
    found, run = outcome(4, 0, "STA-5")

    assert found == "pass", run.output


def test_start_that_never_rests_is_not_judged(outcome):
    found, run = outcome(60, 0, "STA-5")

    assert found == "inconclusive", run.output
    assert "--time-scale" in run.output


@pytest.mark.parametrize(("seconds", "expected"), [(1, "pass"), (60, "advice")])
def test_reload_may_begin_late(outcome, seconds, expected):
    """As monit, whose thread closes the port when the first request after SIGHUP was answered."""
    found, run = outcome(0, seconds, "SIG-6")

    assert found == expected, run.output
