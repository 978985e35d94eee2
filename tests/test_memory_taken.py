"""A look at a world's memory that takes long holds up nobody who has to end a fork bomb."""

import os
import signal
import subprocess
import time

import pytest

from daemonspec.inside import memory_taken
from daemonspec.inside.budget import Budget, Watch
from inside import PYTHON, SOON
from running import until

TASKS = 20
PLENTY = 1 << 50  # bytes: the machine has not run out of them
CODE = f"""
import os, sys, time
def child():
    if not os.fork():
        time.sleep(60)
child()
print("ready", flush=True)
sys.stdin.readline()
for _ in range({TASKS}):
    child()
sys.stdin.readline()
"""


@pytest.fixture
def bomb():
    """Yield a process with a child, which has TASKS more after a line at its stdin."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen([*PYTHON, CODE], start_new_session=True, **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        os.killpg(process.pid, signal.SIGKILL)


def test_bomb_is_noticed_while_its_memory_is_looked_at(bomb, monkeypatch):
    """Who forks among a thousand others holds what tells of its memory, for a minute."""
    monkeypatch.setattr(memory_taken, "taken", lambda *_: time.sleep(SOON) or PLENTY)
    watch = Watch(Budget(TASKS, 1), bomb.pid)
    try:
        assert watch.excess(PLENTY) == ""
        bomb.stdin.write("go off\n")
        why = until(lambda: watch.excess(PLENTY), SOON / 2, "an excess")
    finally:
        watch.close()

    assert "--process-limit" in why
