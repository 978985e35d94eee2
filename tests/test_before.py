"""`before` starts what a target needs beside it, and none of that is taken for the target."""

import signal

import pytest

from daemonspec.world import processes
from inside import SOON, spawn
from running import article_daemon, until

# At SIGUSR1 it starts two more, one of them in a session of its own.
HELPER = """\
trap 'sleep 302 & setsid sleep 303 & : > started' USR1
: > ready
while :; do sleep 0.1; done
"""
# It has a zombie, keeps its directory, and stays: whoever takes it for the target fails that.
STRANGER = "setsid -f sh -c 'sleep 0 & exec sleep 9999' </dev/null >/dev/null 2>&1"
CLAUSES = ("PAR-1", "CWD-1", "CHD-1", "STP-1", "STA-1", "STA-8", "STA-12", "INS-1", "TTY-5")


def test_strangers_and_their_children_are_not_looked_at(world, tmp_path):
    helper = spawn(world, "/bin/sh", "-c", HELPER, inherited={"cwd": str(tmp_path)})
    until(lambda: _is_there(world, tmp_path / "ready"), SOON, "the helper is there")
    assert helper in {one.pid for one in processes.look(world)}
    world.warden.disown()

    world.signal(helper, signal.SIGUSR1)
    until(lambda: _is_there(world, tmp_path / "started"), SOON, "the helper has children")
    own = spawn(world, "/bin/sleep", "304")

    assert [one.pid for one in processes.look(world)] == [own]
    world.signal(helper, signal.SIGKILL)
    until(lambda: world.ended(helper) or world.pump(0.01), SOON, "the helper has ended")
    assert [one.pid for one in processes.glance(world)] == [own], "orphans are adopted"


def _is_there(world, path):
    try:
        return world.warden.identity(str(path))
    except FileNotFoundError:
        return None


@pytest.mark.usefixtures("own_place")
def test_target_beside_a_stranger_is_judged_as_alone(judge, tmp_path):
    description = article_daemon(tmp_path)
    description.write_text(f'before = "{STRANGER}"\n{description.read_text()}')
    options = ["--sweep=12", *(f"--clause={one}" for one in CLAUSES)]

    run = judge(f"--target={description}", *options)

    outcomes = run.outcomes("follows-the-article")
    assert outcomes == dict.fromkeys(CLAUSES, "pass"), run.output[-3000:]


def test_command_that_fails_is_told(judge, tmp_path):
    path = tmp_path / "lonely.toml"
    path.write_text("start = 'sleep 99 &'\nbefore = 'echo no device; exit 5'\n")

    run = judge(f"--target={path}", "--clause=PAR-1")

    assert run.status == 4, run.output
    assert f"{path}, before: 'echo no device; exit 5' ended with status 5" in run.output
    assert "no device" in run.output
