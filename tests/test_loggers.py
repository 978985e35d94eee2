"""A target that wants /dev/log for itself, where the harness listens in every other world."""

import os
import signal
import sys
import time

import pytest

from daemonspec.inside.containment import CONTAINMENTS
from inside import ENVIRONMENT, PYTHON, SOON

# Says 0 at once, as BusyBox's syslogd; unlinks what is there and binds its own.
PROGRAM = """
import os, socket
if os.fork():
    os._exit(0)
os.setsid()
try:
    os.unlink("/dev/log")
except FileNotFoundError:
    pass
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/dev/log")
while True:
    log.recv(1)
"""
DESCRIPTION = """
start = "{python} -I -S {{here}}/logger.py"

[ready]
unix = "/dev/log"
"""


def test_harness_leaves_it_the_socket(judge, containment, tmp_path):
    """Nobody answers there before it does, and something else can be put in its way."""
    if not CONTAINMENTS[containment].mounts:
        pytest.skip("needs a /dev of its own")
    (tmp_path / "logger.py").write_text(PROGRAM)
    path = tmp_path / "logger.toml"
    path.write_text(DESCRIPTION.format(python=sys.executable))

    run = judge(f"--target={path}", "--clause=STA-1", "--clause=STA-2", "--clause=SIG-4")

    assert run.outcomes("logger") == {
        "STA-1": "advice",
        "STA-2": "fail",
        "SIG-4": "not applicable",  # nobody can go away from a socket without connections
    }, run.output
    assert "HARNESS" not in run.output


_LOGS_WHEN_TOLD = """\
import os, socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect("/dev/log")
while os.read(0, 1):
    log.send(b"a message")
"""
_TIMES = 20


def test_message_that_comes_with_a_request(world):
    """Where both wait when the warden looks, what the request takes in is not waited for again."""
    if not world.containment.mounts:
        pytest.skip("needs a /dev of its own")
    heard, told = os.pipe()
    spec = {"argv": [*PYTHON, _LOGS_WHEN_TOLD], "environment": ENVIRONMENT, "inherited": {}}
    with open("/dev/null", "wb") as null:
        world.warden.spawn(spec, fds=[heard, null.fileno(), null.fileno()])
    world._wire.limit(SOON)

    for _ in range(_TIMES):
        world.rest(SOON)
        os.kill(world._warden_pid, signal.SIGSTOP)
        world._send(("rest", 0.05), ())
        os.write(told, b"!")
        time.sleep(0.02)  # if it is too short the test is idle, and never wrong
        os.kill(world._warden_pid, signal.SIGCONT)
        while world._hear()[0] != "answer":
            pass
        world.warden.rest(0.05)

    os.close(heard)
    os.close(told)
