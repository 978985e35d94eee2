"""How long an answer is waited for: as long as one can come, and no longer."""

import shlex
import sys

import pytest

from daemonspec.model import Probe
from daemonspec.world import probes
from inside import ENVIRONMENT, SOON, spawn

HEAD = """
import ctypes, os, select, signal, socket, struct, sys, threading, time
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 7117))
listener.listen(8)
open(sys.argv[1], "w").close()
def answer():
    client, _ = listener.accept()
    client.recv(64)
    client.sendall(b"well")
    client.close()
"""
# Each answers more than half a second late, and sleeps until then.
LATE = {
    "sleeps before it accepts": "time.sleep(0.7); answer()",
    "sleeps with the client": """
client, _ = listener.accept()
client.recv(64)
time.sleep(0.7)
client.sendall(b"well")
""",
    "sleeps again and again": "for _ in range(7): time.sleep(0.1)\nanswer()",
    "polls something else": "select.poll().poll(700)\nanswer()",
    "has a thread that sleeps": "threading.Thread(target=lambda: (time.sleep(0.7), answer()))"
    ".start()\nsignal.pause()",
    "has an alarm": "signal.signal(signal.SIGALRM, lambda *_: answer())\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.7)\nwhile True: select.poll().poll()",
    "waits for a blocked alarm": "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.7)\nsignal.sigwait([signal.SIGALRM])\nanswer()",
    "waits for a helper that an alarm ends": """
if not (helper := os.fork()):
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    while True: signal.pause()
os.waitpid(helper, 0)
answer()
""",
    "waits for a helper that sleeps": """
if not (helper := os.fork()):
    time.sleep(0.7)
    os._exit(0)
os.waitpid(helper, 0)
answer()
""",
    # The kernel keeps a piece back for 200 ms, for there may come more (tcp(7), TCP_CORK)
    "keeps a piece back": """
client, _ = listener.accept()
client.recv(64)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
client.sendall(b"well")
signal.pause()
""",
    # What it asks is asked again by the kernel after a second, for the first one had no room.
    "asks another whose queue is full": """
other = socket.socket()
other.bind(("127.0.0.1", 7118))
other.listen(0)
queued = [socket.socket() for _ in range(2)]
for one in queued:
    one.setblocking(False)
    one.connect_ex(("127.0.0.1", 7118))
asking = socket.socket()
asking.setblocking(False)
client, _ = listener.accept()
if not os.fork():
    other.accept()
    other.accept()
    signal.pause()
asking.connect_ex(("127.0.0.1", 7118))
poller = select.poll()
poller.register(asking, select.POLLOUT)
poller.poll()
client.sendall(b"well")
client.close()
""",
}
NEVER = {
    "accepts nobody": "signal.pause()",
    "says nothing": "client, _ = listener.accept()\nsignal.pause()",
    "is stopped": "os.kill(os.getpid(), signal.SIGSTOP)",
    "has a thread that waits": "threading.Thread(target=signal.pause).start()\nsignal.pause()",
    "sleeps for longer than anybody waits": "time.sleep(1000)",
}
PROBE = Probe("tcp", "127.0.0.1:7117", b"how are you\n", b"well")


@pytest.fixture
def ask(world):
    """ask(program): (whether it answers, what was seen) once its port is there."""
    mark = f"{world.paths.state}/listens"

    def ask(program):
        words = [sys.executable, "-I", "-S", "-c", HEAD + program, mark]
        spawn(world, "/bin/sh", "-c", f"{shlex.join(words)} & wait")  # its parent alone is ours
        there = Probe("file", mark)
        world.poll_for(
            lambda: probes.answers(world, there, ENVIRONMENT)[0], SOON, "it does not listen"
        )
        return probes.answers(world, PROBE, ENVIRONMENT)

    return ask


@pytest.mark.parametrize("program", LATE.values(), ids=LATE)
def test_late_answer_is_waited_for(ask, program):
    """Whoever is about to answer by a timer, whosever it is, gets the time that it needs."""
    yes, seen = ask(program)

    assert yes, seen


@pytest.mark.parametrize("program", NEVER.values(), ids=NEVER)
def test_answer_that_cannot_come_is_not_waited_for(world, ask, program):
    """Its connection may be taken by the kernel: nobody is there who will wake for it."""
    if not world.is_closed:
        pytest.skip("somebody outside could still have it answer: containment root or user")
    yes, seen = ask(program)

    assert not yes and "no answer: every process sleeps" in seen
