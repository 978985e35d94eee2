"""Process numbers are given again: what is told of one process is not believed of the next."""

import subprocess
import time
from types import SimpleNamespace

import pytest

from daemonspec.inside import wire
from daemonspec.world import procfs
from daemonspec.world.world import World

PID, STAND_IN = 41, 40
EXITED, KILLED, STOPPED = ("exited", PID, 3), ("killed", PID, 9), ("stopped", PID, 19)


@pytest.fixture
def told():
    """A World whose warden says what the test has it say."""
    ours, theirs = wire.Wire.pair()
    with ours, theirs:
        yield Told(World(SimpleNamespace(containment=None), ours, 1, 1.0), theirs)


class Told:
    def __init__(self, world, warden):
        self.world = world
        self._warden = warden

    def hear(self, *events, at=0.0):
        """Have the world hear events of a moment, in seconds of the monotonic clock."""
        for event in events:
            self._warden.send(("event", [at, *event]))
            self.world.pump(1.0)

    def spawn(self):
        """Have the world start a program behind a stand-in."""
        self._warden.send(("answer", [STAND_IN, {"pid": PID}]))
        self.world.warden.spawn({})

    def last(self, *since):
        """Return the kinds of the last change and of the end of the process."""
        found = self.world.last_change(PID, *since), self.world.ended(PID, *since)
        return tuple(one and one.kind for one in found)


@pytest.mark.parametrize("before", [EXITED, KILLED, STOPPED], ids=lambda event: event[0])
def test_number_of_what_is_started(told, before):
    """It may be that of a process which ended, or which somebody else reaped."""
    told.hear(before)
    told.spawn()

    assert told.last() == (None, None)
    told.hear(STOPPED)
    assert told.last() == ("stopped", None)
    told.hear(KILLED)
    assert told.last() == ("killed", "killed")


def test_number_of_what_a_shell_starts(told):
    """Its trampoline tells of itself before it becomes the program."""
    told.hear(EXITED, ("arrived", PID, {}))

    assert told.last() == (None, None)


def test_number_of_what_is_adopted(told):
    """Nobody announced it: what was told before its start is of another process."""
    told.hear(EXITED, at=1.0)

    assert told.last() == ("exited", "exited")
    assert told.last(1.5) == (None, None)
    told.hear(KILLED, at=2.0)
    assert told.last(1.5) == ("killed", "killed")


def test_number_that_is_given_again_later(told):
    """A process ends once: what is told afterwards is of the next with its number."""
    told.spawn()
    told.hear(STOPPED, EXITED, STOPPED, KILLED)

    assert told.last() == ("exited", "exited")


def test_start_of_a_process_on_the_clock_of_events():
    """It is never too late, or its own end would not count; and a clock tick early at most."""
    before = time.monotonic()
    with subprocess.Popen(["sleep", "infinity"]) as child:
        after = time.monotonic()
        with open(f"/proc/{child.pid}/stat", "rb") as file:
            started = procfs.monotonic(procfs.parse_stat(file.read()).started)
        child.kill()

    assert before - 0.05 < started <= after
