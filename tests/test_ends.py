"""Which ends of a daemon count as a crash, and what is said of one that is gone already."""

import signal
from types import SimpleNamespace

import pytest

from daemonspec.life import is_crash
from daemonspec.start import NotStarted
from daemonspec.subjects import Daemon

CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGSYS", "SIGTRAP")
ENDS = ("SIGTERM", "SIGKILL", "SIGQUIT", "SIGINT", "SIGHUP", "SIGPIPE")


def ended(end):
    """Return the Event of an end: (kind, signal or status), or None."""
    return end and SimpleNamespace(kind=end[0], details=(4711, end[1]))


@pytest.mark.parametrize("name", CRASHES)
def test_crash(name):
    """A signal whose default is a core dump, and that the kernel or abort(3) sends."""
    assert is_crash(ended(("killed", signal.Signals[name])), "SIGTERM")


@pytest.mark.parametrize("name", ENDS)
def test_signal_that_somebody_sent(name):
    """A daemon may die of the signal that asks it, and of one that its stop command sends."""
    assert not is_crash(ended(("killed", signal.Signals[name])), "SIGTERM")


@pytest.mark.parametrize(
    ("end", "stop"),
    [
        (("exited", signal.SIGSEGV), "SIGTERM"),  # a status of 11
        (("killed", signal.SIGABRT), "SIGABRT"),  # as it declares
        (None, "SIGTERM"),
    ],
)
def test_no_crash(end, stop):
    """A status is no signal, a declared signal is no accident, and of what is unseen none is."""
    assert not is_crash(ended(end), stop)


def test_gone_before_it_was_looked_at():
    """Between the look that found it up and the next one a daemon may end."""
    start = SimpleNamespace(world=None, typed="./mydaemon --daemon", main=lambda: None)

    with pytest.raises(NotStarted, match=r"^\./mydaemon --daemon came up, and was gone before"):
        Daemon(start)
