"""A system call made inside a target is not noticed by it."""

import os
import signal
import threading
from pathlib import Path

import pytest

from daemonspec.kernel import ptrace
from daemonspec.world import processes
from inside import PYTHON, SOON, changes, spawn
from running import until

# Each makes one raw system call that nothing ends, and exits with 9 when it has ended all the
# same: ctypes and not Python's own functions, which repeat a call after EINTR (PEP 475).
_HEAD = """\
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    libc.syscall(ctypes.c_long(number), *words)
    return ctypes.get_errno()
r, w = os.pipe()
hour = (ctypes.c_long * 2)(3600, 0)
"""
_EPOLL = "import select; e = select.epoll(); e.register(r); buffer = bytes(48)\n"
WAITING = {
    "epoll_wait": _EPOLL + "call(232, e.fileno(), buffer, 4, -1)",
    "epoll_wait with a timeout": _EPOLL + "call(232, e.fileno(), buffer, 4, 3600000)",
    "epoll_pwait": _EPOLL + "call(281, e.fileno(), buffer, 4, -1, bytes(8), 8)",
    "rt_sigtimedwait": "call(128, bytes([0, 2]) + bytes(6), None, None, 8)",
    "rt_sigtimedwait with a timeout": "call(128, bytes([0, 2]) + bytes(6), None, hour, 8)",
    "rt_sigsuspend": "call(130, bytes(8), 8)",
    "pause": "call(34)",
    "select": "call(23, 0, None, None, None, None)",
    "select with a timeout": "call(23, 0, None, None, None, hour)",
    "pselect6": "call(270, 0, None, None, None, hour, None)",
    "poll with a timeout": "call(7, None, 0, 3600000)",
    "nanosleep": "call(35, hour, None)",
    "clock_nanosleep": "call(230, 1, 0, hour, None)",
    "futex": "call(202, ctypes.byref(ctypes.c_int(0)), 0, 0, None, None, 0)",
    "read": "call(0, r, ctypes.create_string_buffer(1), 1)",
}
_TAIL = "\nos._exit(9)\n"
BUSY = "while sum(range(1000)) == 499500: pass"


@pytest.fixture
def inject(world):
    """A function that makes a process open a file, fifty times."""
    if os.uname().machine != "x86_64":
        pytest.skip("calls inside a process are written for x86-64 only")

    def fifty(pid):
        for turn in range(50):
            try:
                assert world.warden.open_inside(pid, "/dev/null") == 0
            except ProcessLookupError:
                world.wait_for(lambda: world.ended(pid), SOON, "gone without an end")
                pytest.fail(f"ended at call {turn}: {changes(world, pid)}")

    return fifty


@pytest.mark.parametrize("name", WAITING)
def test_call_inside_is_not_noticed(world, inject, name):
    """A waiting program goes on waiting: no EINTR that in reality never happens."""
    pid = spawn(world, *PYTHON, _HEAD + WAITING[name] + _TAIL)
    world.rest(SOON)
    (before,) = processes.look(world, [pid])

    inject(pid)

    world.rest(SOON)
    assert changes(world, pid) == []
    (after,) = processes.look(world, [pid])
    assert (after.stat.state, after.status) == ("S", before.status)
    assert after.descriptors == before.descriptors
    world.signal(pid, signal.SIGTERM)
    world.wait_for(lambda: world.ended(pid), SOON, "SIGTERM did not arrive any more")
    assert changes(world, pid) == [("killed", signal.SIGTERM)]


def test_call_inside_a_busy_program(world, inject):
    """A program that computes goes on computing, with all its registers."""
    pid = spawn(world, *PYTHON, _HEAD + BUSY + _TAIL)

    inject(pid)

    (after,) = processes.look(world, [pid])
    assert after.alive and changes(world, pid) == []


def test_call_inside_leaves_a_stopped_program_alone(world, inject):
    """What a signal stopped is not to be woken by us."""
    pid = spawn(world, "/bin/sleep", "infinity")
    world.signal(pid, signal.SIGSTOP)
    world.wait_for(lambda: changes(world, pid), SOON, "it did not stop")

    with pytest.raises(OSError, match="state T"):
        world.warden.open_inside(pid, "/dev/null")

    assert processes.look(world, [pid])[0].stopped


# Says whether epoll_wait() ended with EINTR, which it must when a handler ran meanwhile.
HANDLES = """\
import signal, select
signal.signal(signal.SIGUSR1, lambda *_: None)
e = select.epoll(); e.register(r)
os.write(1, b"ready")
os._exit(call(232, e.fileno(), bytes(48), 4, -1))
"""


def test_signal_during_a_call_inside_is_a_signal(tmp_path):
    """A call that a handler interrupts ends with EINTR, as it would without us.

    The call made inside waits for the other end of a FIFO; meanwhile the signal is sent.
    """
    if os.uname().machine != "x86_64":
        pytest.skip("calls inside a process are written for x86-64 only")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    told, tell = os.pipe()
    pid = os.posix_spawn(PYTHON[0], [*PYTHON, _HEAD + HANDLES], os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, tell, 1)])  # fmt: skip
    pidfd = os.pidfd_open(pid)
    try:
        assert os.read(told, 5) == b"ready"
        _until_in(pid, 232)
        arguments = pid, f"/proc/{pid}", str(fifo), os.O_RDONLY
        caller = threading.Thread(target=ptrace.open_inside, args=arguments)
        caller.start()
        _until_in(pid, 257)
        os.kill(pid, signal.SIGUSR1)
        os.close(os.open(fifo, os.O_WRONLY))
        caller.join(SOON)
        until(lambda: _exited(pid), 5.0, "epoll_wait did not end", lambda: _where(pid), pidfd)
    finally:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        for fd in (told, tell, pidfd):
            os.close(fd)
    assert os.waitstatus_to_exitcode(status) == 4, "not EINTR"


def _where(pid):
    """Return the number of the system call that a process is in, as text; "running" otherwise."""
    return Path(f"/proc/{pid}/syscall").read_text().split()[0]


def _until_in(pid, number):
    until(lambda: _where(pid) == str(number), SOON, f"system call {number}", lambda: _where(pid))


def _exited(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
