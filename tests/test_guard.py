"""Where no namespace protects the machine: what a target cannot kill, and what it leaves."""

import os
import platform
import signal
import subprocess
import sys

import psutil
import pytest

from daemonspec.kernel import linux
from daemonspec.laboratory import find_containment
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.world import HarnessError, Refused
from inside import PYTHON, SOON, spawn
from running import until

EPERM, ENOSYS = 1, 38
PROGRAM = """\
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    long result;
    %s
    return result;
}
"""
# kill(-1, 0) asks whether there is anybody, and harms nobody.
WAYS = {
    "native": "result = syscall(SYS_kill, -1L, 0L) ? errno : 0;",
    "x32": "result = syscall(0x40000000L | 62, -1L, 0L) ? errno : 0;",
    "i386": '__asm__ volatile("int $0x80" : "=a"(result) : "a"(37L), "b"(-1L), "c"(0L));'
    "result = -result;",
}
WITHOUT = ("partial", "none")


@pytest.fixture(params=WITHOUT)
def unprotected(request):
    """A fork server in a containment without a PID namespace."""
    try:
        find_containment(request.param)
    except Refused as why:
        pytest.skip(str(why))
    made = ForkServer(request.param)
    yield made
    made.close()


@pytest.mark.parametrize("way", WAYS)
def test_nobody_kills_everybody(way, unprotected, compiler, tmp_path):
    """Through whichever table of calls; the filter comes before ENOSYS of a missing table."""
    if way != "native" and platform.machine() != "x86_64":
        pytest.skip("a call of x86")
    source, program = tmp_path / "kill.c", tmp_path / "kill"
    source.write_text(PROGRAM % WAYS[way])
    subprocess.run([compiler, "-o", program, source], check=True)
    outside = subprocess.run([program], check=False).returncode
    tmp_path.chmod(0o755)

    with unprotected.world() as world:
        pid = spawn(world, str(program))
        end = world.wait_for(lambda: world.ended(pid), SOON, "it did not end")

    assert outside in (0, ENOSYS)
    assert end.details[1] == EPERM


STAYS = """
import os, signal, sys
if not os.fork():
    os.setsid()
    if not os.fork():
        open(sys.argv[1], "w").close()
        signal.pause()
    signal.pause()
os.kill(int(sys.argv[2]), signal.SIGKILL)
os.kill(int(sys.argv[3]), signal.SIGKILL)
signal.pause()
"""


@pytest.mark.parametrize("order", [("server", "warden"), ("warden", "server")])
def test_what_outlives_its_watchers_is_swept(order, unprotected, tmp_path):
    """Fork server and warden are killed by a target: pytest is who ends it, and tidies up.

    A child that is not the target's, adopted or not, is let be.
    """
    others = {one.pid for one in psutil.Process().children(recursive=True)}  # of other tests
    others.discard(unprotected._process.pid)
    stranger = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    adopted = _leave_an_orphan()
    world = unprotected.world()
    pids = {"server": unprotected._process.pid, "warden": world._warden_pid}
    home, flag = world.paths.home, str(tmp_path / "flag")
    # Both watchers may be gone before there is an answer
    try:
        spawn(world, *PYTHON, STAYS, flag, *(str(pids[one]) for one in order))
    except HarnessError:
        pass
    below = psutil.Process().children(recursive=True)
    with pytest.raises(HarnessError):
        while True:
            world.pump(0.1)
    world.close()
    unprotected.close()

    ours = {stranger.pid, adopted, *others}
    left = [one for one in psutil.Process().children(recursive=True) if one.pid not in ours]
    assert [one for one in left if one.status() != psutil.STATUS_ZOMBIE] == []
    assert len(below) > len(ours)
    assert not os.path.exists(os.path.dirname(home))
    assert stranger.poll() is None and psutil.pid_exists(adopted)
    os.kill(adopted, signal.SIGKILL)
    os.waitpid(adopted, 0)
    stranger.kill()
    stranger.wait()


def _leave_an_orphan():
    """Return the pid of a grandchild, which this process adopted."""
    code = "import os, signal\nif not os.fork():\n os.close(1)\n signal.pause()\n"
    code = code.replace("if not os.fork()", "pid = os.fork()\nif pid: print(pid)\nelse")
    said = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    pid = int(said.stdout)
    until(lambda: psutil.Process(pid).ppid() == os.getpid(), SOON, "it was not adopted")
    return pid


def test_adopts_only_while_it_judges(unprotected):
    """A process that goes on after a run is no reaper, unless it was one before."""
    other = ForkServer("none")
    assert linux.is_reaper()
    other.close()
    assert linux.is_reaper()
    unprotected.close()
    assert not linux.is_reaper()
