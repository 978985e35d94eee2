"""Whether a world at rest can still move by itself: each way in which a timer can be set."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from daemonspec.inside.outlook import Outlook
from daemonspec.inside.task_files import Task
from daemonspec.kernel import machine
from daemonspec.world.world import FOR_GOOD, GaveUp
from inside import SOON, spawn

NOBODY = 65534
IMPORTS = "import ctypes, os, select, signal, socket, struct, threading, time; "
TIMERFD = "l = ctypes.CDLL(None); fd = l.timerfd_create(1, 0); "
HANDLER = "signal.signal(signal.SIGALRM, lambda *_: None); "
RECEIVER = "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); "

ENDLESS = {
    "pause": "signal.pause()",
    "poll": "select.poll().poll()",
    "epoll_wait": "select.epoll().poll()",
    "select": "select.select([s := socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)], [], [])",
    "lock": "threading.Event().wait()",
    "sigtimedwait": "signal.sigwait([signal.SIGUSR1])",
    "recv": RECEIVER + "s.recv(1)",
    "read": "os.read(os.pipe()[0], 1)",
    "timer descriptor that is not armed": TIMERFD + "os.read(fd, 8)",
    "zombie": "os.fork() or os._exit(0); signal.pause()",
    "handler, and no alarm": HANDLER + "select.poll().poll()",
    "alarm that was taken back": HANDLER + "signal.alarm(9); signal.alarm(0); signal.pause()",
}
# Each of them ends after 40 seconds: longer than any of these tests takes.
WITH_AN_END = {
    "sleep": "time.sleep(40)",
    "poll": "select.poll().poll(40_000)",
    "epoll_wait": "select.epoll().poll(40)",
    "select": "select.select([], [], [], 40)",
    "lock": "threading.Event().wait(40)",
    "sigtimedwait": "signal.sigtimedwait([signal.SIGUSR1], 40)",
    "SO_RCVTIMEO": RECEIVER + "s.setsockopt(1, 20, struct.pack('ll', 40, 0)); s.recv(1)",
    "a thread alone": "threading.Thread(target=time.sleep, args=(40,)).start()",
    "alarm": HANDLER + "signal.alarm(40); select.poll().poll()",
    "setitimer": HANDLER + "signal.setitimer(signal.ITIMER_REAL, 40); signal.pause()",
    "timer descriptor": TIMERFD
    + "l.timerfd_settime(fd, 0, struct.pack('qqqq', 0, 0, 40, 0), None); select.epoll().poll()",
}
RING = """\
buffer = ctypes.create_string_buffer(256)
if ctypes.CDLL(None).syscall(425, 8, buffer) < 0:  # io_uring_setup(2)
    sys.exit(0)
signal.pause()
"""
POSIX_TIMER = """
#include <poll.h>
#include <signal.h>
#include <time.h>
int main(int argc, char **argv)
{
    timer_t made;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec late = {{0, 0}, {40, 0}};
    timer_create(CLOCK_MONOTONIC, &event, &made);
    if (argc > 1)
        timer_settime(made, 0, &late, 0);
    for (;;)
        poll(0, 0, -1);
}
"""


def _outlook(world, *words):
    """Return what is ahead in a world in which a child of a shell of ours runs a program."""
    spawn(world, "/bin/sh", "-c", f"{shlex.join(words)} & wait")
    world.rest(SOON)
    seen = [world.warden.outlook(SOON, SOON) for _ in range(3)]
    assert len({kind for kind, *_ in seen}) == 1, seen
    return seen[-1]


def _python(code):
    return sys.executable, "-I", "-S", "-c", IMPORTS + code


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_sleep_without_an_end_is_final(world, code):
    """Asked again and again: what is asked inside of a process leaves it as it was."""
    assert _outlook(world, *_python(code)) == ["final"]


@pytest.mark.parametrize("code", WITH_AN_END.values(), ids=WITH_AN_END)
def test_timer_is_seen(world, code):
    """At least so many seconds are left, and no more than were set."""
    kind, seconds, _ = _outlook(world, *_python(code))

    assert kind == "wakes" and 40 - SOON < seconds <= 40


@pytest.mark.parametrize("armed", [(), ("armed",)], ids=["idle", "armed"])
def test_posix_timer_is_seen(world, tmp_path, compiler, armed):
    """/proc/PID/timers says that there is one, and not when it rings."""
    program = tmp_path / "timer"
    subprocess.run(
        [compiler, "-x", "c", "-o", program, "-", "-lrt"], input=POSIX_TIMER, text=True, check=True
    )

    kind, *_ = _outlook(world, str(program), *armed)

    assert kind == ("wakes" if armed else "final")


def test_ring_is_not_seen_through(world):
    """io_uring(7) has timeouts of its own: whoever uses it may wake at any time."""
    seen = _outlook(world, *_python(f"import sys\n{RING}"))

    if seen == ["final"]:
        pytest.skip("this machine allows no io_uring")
    assert seen[0] == "unknown" and "io_uring" in seen[1]


# io_setup(2) and io_getevents(2)
IO_SETUP = {"x86_64": 206, "aarch64": 0}
WAITS_FOR_A_DISK = f"""\
context = ctypes.c_ulong()
l = ctypes.CDLL(None)
l.syscall({IO_SETUP[machine.NAME]}, 1, ctypes.byref(context))
l.syscall({machine.NUMBERS["io_getevents"]}, context, 1, 1, ctypes.create_string_buffer(32), None)
"""


def test_wait_for_a_disk_is_not_seen_through(world):
    """What io_submit(2) was given may be done at any time, without a process that runs for it."""
    kind, why = _outlook(world, *_python(f"\n{WAITS_FOR_A_DISK}"))

    assert kind == "unknown" and "io_getevents" in why


class _OneProcess:
    """Stands in for a census: a world with one process, outside of any."""

    def __init__(self, pid):
        self.pid = pid

    def tasks(self):
        return {self.pid: Task(f"/proc/{self.pid}")}

    def everybody(self):
        return [self.pid]

    def pids(self):
        return []

    def directory(self, pid):
        return f"/proc/{pid}"

    def stat(self, pid):
        return Path(f"/proc/{pid}/stat").read_bytes()


def test_who_is_awake_is_not_overlooked():
    """Between rest and look a timer may ring: on a busy machine there is time for that."""
    computes = _python("print(flush=True)\nwhile True: pass")
    with subprocess.Popen(computes, stdout=subprocess.PIPE) as awake:
        try:
            awake.stdout.readline()
            kind, *_ = Outlook(_OneProcess(awake.pid)).look(SOON, (), lambda tid: False, 0)
        finally:
            awake.kill()

    assert kind == "unknown"


def test_zombie_moves_nobody():
    """No ordinary user may list its descriptors (fs/proc/base.c, task_dump_owner())."""
    with subprocess.Popen(["/bin/true"]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        user = os.geteuid()
        os.seteuid(user or NOBODY)
        try:
            with pytest.raises(PermissionError):
                os.listdir(f"/proc/{ended.pid}/fd")
            found = Outlook(_OneProcess(ended.pid)).look(SOON, (), lambda tid: False, 0)
        finally:
            os.seteuid(user)

    assert found == ["final"]


def test_condition_that_cannot_come_true_is_given_up_at_once(world):
    """The deadline is for what can still come: an hour would not be waited for."""
    if not world.is_closed:
        pytest.skip("somebody outside could still make it true: containment root or user")
    spawn(world, *_python("signal.pause()"))
    with pytest.raises(GaveUp) as why:
        world.poll_for(lambda: False, 3600, "it did not end")

    assert why.value.until == FOR_GOOD


def test_condition_that_comes_true_while_all_is_looked_at_is_seen(world):
    """What happened before all were found at rest counts, whenever its news are read."""
    pid = spawn(world, *_python("signal.pause()"))

    def ends(seconds):
        world.signal(pid, signal.SIGKILL)
        return bool(world.wait_for(lambda: world.ended(pid), SOON, "it did not end"))

    assert world.wait_for(lambda: world.ended(pid), 3600, "it did not end", is_hopeless=ends)
