"""Programs that a daemon starts in the ways of its C library: judged by what the daemon did."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from daemonspec.experiments.hooks import Hooked
from daemonspec.world.processes import Descriptor
from daemonspec.world.procfs import File
from running import TARGETS

HOOKS = Path(__file__).resolve().parent / "hooks"
# Runs its arguments as Python 3.13's subprocess may.
SPAWN = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
WAYS = ("posix_spawn", "system", "popen")
CLAUSES = ("--clause=SIG-3", "--clause=FDS-9")
DESCRIPTION = """
start = "{start}"
pidfile = "{{dir}}/daemon.pid"
exercise = "kill -USR1 $(cat {{dir}}/daemon.pid)"

[ready]
file = "{{dir}}/daemon.pid"
"""


def _target(place, name, *start):
    """Describe a target; return the option that judges it."""
    path = place / f"{name}.toml"
    path.write_text(DESCRIPTION.format(start=" ".join(map(str, start))))
    return f"--target={path}"


def _spawns(place, name, *options):
    program = [sys.executable, "-I", "-S", "-B", HOOKS / "spawns_its_hook.py"]
    ways = ("--pidfile", "{dir}/daemon.pid", "--hook", "{probe}")
    return _target(place, name, *program, TARGETS / "reference", *options, *ways)


@pytest.fixture(scope="module")
def in_c(judge, compiler, tmp_path_factory):
    """A Run on a daemon in C, once for each way in which it starts its hook."""
    place = tmp_path_factory.mktemp("hooks")
    program = place / "starts_a_hook"
    subprocess.run([compiler, "-o", program, HOOKS / "starts_a_hook.c"], check=True)
    targets = [_target(place, way, program, way, "{dir}/daemon.pid", "{probe}") for way in WAYS]
    return judge(*targets, *CLAUSES)


@pytest.mark.parametrize("way", WAYS)
def test_signals_of_the_library_are_not_the_daemons(way, in_c):
    """The library leaves its own signals ignored in what it starts; nobody else can set them."""
    assert in_c.outcomes(way) == {"SIG-3": "pass", "FDS-9": "pass"}, in_c.output


def test_spawned_by_python(judge, tmp_path):
    """The same in Python, beside a daemon that does leave a signal to its hook."""
    clean = _spawns(tmp_path, "clean")
    leaves = _spawns(tmp_path, "leaves", "--leave", "SIGPIPE")

    run = judge(clean, leaves, "--clause=SIG-3")

    assert run.outcomes("clean") == {"SIG-3": "pass"}, run.output
    assert run.outcomes("leaves") == {"SIG-3": "advice"}, run.output
    assert run.verdict("SIG-3", "leaves")["message"].endswith("ignores SIGPIPE")


def test_harness_was_spawned_itself(judge):
    """What the run inherited from its own caller's library is not held against the target."""
    run = judge("--target=reference", "--clause=SIG-3", before=[sys.executable, "-c", SPAWN])

    assert run.outcomes("reference") == {"SIG-3": "pass"}, run.output


def _process(*table):
    """Return a Process that has (number, inode, file type, flags of open(2)) open."""
    files = [Descriptor(number, File(f"x:{inode}", 9, inode, kind, 0), flags)
             for number, inode, kind, flags in table]  # fmt: skip
    return SimpleNamespace(descriptors=files)


def test_hook_has_what_the_daemon_has_too():
    """Not what it has opened itself, and of a pipe not the other end."""
    daemon = _process((3, 1, stat.S_IFREG, os.O_RDONLY), (4, 2, stat.S_IFIFO, os.O_RDONLY))
    started = _process(
        (3, 1, stat.S_IFREG, os.O_RDONLY),
        (4, 2, stat.S_IFIFO, os.O_WRONLY),
        (5, 3, stat.S_IFREG, os.O_RDONLY),
    )
    hooked = Hooked("target", (), (started,), (daemon,))

    assert [hooked._is_own(one) for one in started.descriptors] == [True, False, False]
