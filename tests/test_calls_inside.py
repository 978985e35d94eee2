"""A system call made inside a target is not noticed by it."""

import os
import signal
import threading
from pathlib import Path

import pytest

from daemonspec.kernel import machine, ptrace
from daemonspec.world import hook, processes
from inside import PYTHON, SOON, changes, spawn
from running import until

# Each makes one raw system call that nothing ends, and exits with 9 when it has ended all the
# same: ctypes and not Python's own functions, which repeat a call after EINTR (PEP 475).
_HEAD = f"""\
NUMBERS = {machine.NUMBERS}
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    libc.syscall(ctypes.c_long(NUMBERS[name]), *words)
    return ctypes.get_errno()
r, w = os.pipe()
hour = (ctypes.c_long * 2)(3600, 0)
future = (ctypes.c_long * 2)(1 << 40, 0)
word = ctypes.byref(ctypes.c_int(0))
"""
_EPOLL = "import select; e = select.epoll(); e.register(r); buffer = bytes(48)\n"
WAITING = {
    "epoll_wait": _EPOLL + "call('epoll_wait', e.fileno(), buffer, 4, -1)",
    "epoll_wait with a timeout": _EPOLL + "call('epoll_wait', e.fileno(), buffer, 4, 3600000)",
    "epoll_pwait": _EPOLL + "call('epoll_pwait', e.fileno(), buffer, 4, -1, bytes(8), 8)",
    "rt_sigtimedwait": "call('rt_sigtimedwait', bytes([0, 2]) + bytes(6), None, None, 8)",
    "rt_sigtimedwait with a timeout": (
        "call('rt_sigtimedwait', bytes([0, 2]) + bytes(6), None, hour, 8)"
    ),
    "rt_sigsuspend": "call('rt_sigsuspend', bytes(8), 8)",
    "pause": "call('pause')",
    "select": "call('select', 0, None, None, None, None)",
    "select with a timeout": "call('select', 0, None, None, None, hour)",
    "pselect6": "call('pselect6', 0, None, None, None, hour, None)",
    "poll with a timeout": "call('poll', None, 0, 3600000)",
    "ppoll": "call('ppoll', None, 0, None, None, 0)",
    "ppoll with a timeout": "call('ppoll', None, 0, hour, bytes(8), 8)",
    "nanosleep": "call('nanosleep', hour, None)",
    "clock_nanosleep": "call('clock_nanosleep', 1, 0, hour, None)",
    "clock_nanosleep to a moment": "call('clock_nanosleep', 1, 1, future, None)",
    "futex": "call('futex', word, 0, 0, None, None, 0)",
    "futex with a timeout": "call('futex', word, 0, 0, hour, None, 0)",
    "read": "call('read', r, ctypes.create_string_buffer(1), 1)",
}
# Those of them that this machine has: aarch64 has no pause(), for one.
HERE = [name for name in WAITING if name.split()[0] in machine.NUMBERS]
# Of what is left of these the kernel keeps account: begun anew, they would take longer.
GO_ON = {
    "poll with a timeout", "nanosleep", "clock_nanosleep", "futex with a timeout",
}  # fmt: skip
_TAIL = "\nos._exit(9)\n"
BUSY = "while sum(range(1000)) == 499500: pass"


@pytest.fixture
def inject(world):
    """A function that makes a process open a file, fifty times."""

    def fifty(pid):
        for turn in range(50):
            try:
                assert world.warden.open_inside(pid, "/dev/null") == 0
            except (FileNotFoundError, ProcessLookupError):
                world.wait_for(lambda: world.ended(pid), SOON, "gone without an end")
                pytest.fail(f"ended at call {turn}: {changes(world, pid)}")

    return fifty


@pytest.mark.parametrize("name", HERE)
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
    called = "restart_syscall" if name in GO_ON else name.split()[0]
    assert int(world.warden.read_of(pid, "syscall", 100).split()[0]) == machine.NUMBERS[called]
    world.signal(pid, signal.SIGTERM)
    world.wait_for(lambda: world.ended(pid), SOON, "SIGTERM did not arrive any more")
    assert changes(world, pid) == [("killed", signal.SIGTERM)]


def test_call_inside_a_busy_program(world, inject):
    """A program that computes goes on computing, with all its registers."""
    pid = spawn(world, *PYTHON, _HEAD + BUSY + _TAIL)

    inject(pid)

    (after,) = processes.look(world, [pid])
    assert after.alive and changes(world, pid) == []


# Fills vector registers and goes on to compare them, until they differ.
COMPUTES = """
    ptrue p0.b                          2518e3e0
    mov z0.b, #1                        2538c020
    cntb x9                             0420e3e9
    cmpeq p1.b, p0/z, z0.b, #1          25018001
    cntp x1, p0, p1.b                   25208021
    cmp x1, x9                          eb09003f
    b.eq, 3 words back                  54ffffa0
    mov x0, #7                          d28000e0
    mov x8, #93 (exit)                  d2800ba8
    svc #0                              d4000001
"""


def test_call_inside_leaves_vectors_alone(world, inject, tmp_path):
    """A system call clears what SVE has, and a program that computes has not made one."""
    if " sve " not in Path("/proc/cpuinfo").read_text():
        pytest.skip("needs a processor with SVE")
    words = [int(line.split()[-1], 16) for line in COMPUTES.strip().splitlines()]
    program = tmp_path / "computes"
    code = b"".join(word.to_bytes(4, "little") for word in words)
    program.write_bytes(hook.executable(183, code))
    program.chmod(0o755)
    pid = spawn(world, str(program))

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


# Says whether a call ended with EINTR, which it must when a handler ran meanwhile.
HANDLES = """\
import select, signal
signal.signal(signal.SIGUSR1, lambda *_: None)
e = select.epoll()
os.write(1, b"ready")
os._exit(call(%s))
"""
INTERRUPTED = {
    "epoll_wait": "'epoll_wait', e.fileno(), bytes(48), 4, -1",
    "epoll_pwait": "'epoll_pwait', e.fileno(), bytes(48), 4, -1, None, 8",
    "pause": "'pause'",
    "ppoll": "'ppoll', None, 0, None, None, 0",
    "rt_sigsuspend": "'rt_sigsuspend', bytes(8), 8",
    "nanosleep": "'nanosleep', hour, None",
    "read": "'read', r, ctypes.create_string_buffer(1), 1",
}


@pytest.mark.parametrize("name", [name for name in INTERRUPTED if name in machine.NUMBERS])
def test_signal_during_a_call_inside_is_a_signal(tmp_path, name):
    """A call that a handler interrupts ends with EINTR, as it would without us.

    The call made inside waits for the other end of a FIFO; meanwhile the signal is sent.
    """
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    told, tell = os.pipe()
    program = _HEAD + HANDLES % INTERRUPTED[name]
    pid = os.posix_spawn(PYTHON[0], [*PYTHON, program], os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, tell, 1)])  # fmt: skip
    pidfd = os.pidfd_open(pid)
    try:
        assert os.read(told, 5) == b"ready"
        _until_in(pid, name)
        arguments = pid, f"/proc/{pid}", str(fifo), os.O_RDONLY
        caller = threading.Thread(target=ptrace.open_inside, args=arguments)
        caller.start()
        _until_in(pid, "openat")
        os.kill(pid, signal.SIGUSR1)
        os.close(os.open(fifo, os.O_WRONLY))
        caller.join(SOON)
        until(lambda: _exited(pid), 5.0, f"{name} did not end", lambda: _where(pid), pidfd)
    finally:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        for fd in (told, tell, pidfd):
            os.close(fd)
    assert os.waitstatus_to_exitcode(status) == 4, "not EINTR"


def _where(pid):
    """Return the number of the system call that a process is in, as text; "running" otherwise."""
    return Path(f"/proc/{pid}/syscall").read_text().split()[0]


def _until_in(pid, name):
    number = str(machine.NUMBERS[name])
    until(lambda: _where(pid) == number, SOON, f"{name}, call {number}", lambda: _where(pid))


def _exited(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
