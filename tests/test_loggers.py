"""A target that wants /dev/log for itself, where the harness listens in every other world."""

import sys

import pytest

from daemonspec.world.containment import CONTAINMENTS

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

    run = judge(f"--target={path}", "--clause=STA-1", "--clause=STA-2")

    assert run.outcomes("logger") == {"STA-1": "advice", "STA-2": "fail"}, run.output
    assert "HARNESS" not in run.output
