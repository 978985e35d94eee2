"""Daemons without children: what their declared exercise makes them start is a child as well."""

import sys
from pathlib import Path

import pytest

from running import TARGETS

PROGRAM = Path(__file__).resolve().parent / "hooks" / "makes_a_child.py"
DESCRIPTION = """
start = "{start} --pidfile {{dir}}/d.pid --hook /bin/true"
pidfile = "{{dir}}/d.pid"
exercise = "{exercise}"

[ready]
file = "{{dir}}/d.pid"
"""
TELL = "kill -USR1 $(cat {dir}/d.pid)"
TELL_AND_ASK = (
    f"{TELL}; until test -e {{dir}}/d.pid.said; do sleep 0.01; done; grep ended {{dir}}/d.pid.said"
)
NOTHING = "true"
# {name: (way, exercise, {clause: outcome})}
DAEMONS = {
    "reaps": ("reaps", TELL, {"CHD-1": "pass", "CHD-2": "pass"}),
    "lazily": ("lazily", TELL, {"CHD-1": "pass", "CHD-2": "pass"}),
    "never": ("never", TELL, {"CHD-1": "fail", "CHD-2": "pass"}),
    "told": ("told", TELL_AND_ASK, {"CHD-1": "pass", "CHD-2": "advice"}),
    "idle": ("reaps", NOTHING, {"CHD-1": "not applicable", "CHD-2": "not applicable"}),
}

FORKS = Path(__file__).resolve().parent / "hooks" / "forks_for_clients.py"
SERVER = """
start = "{start} --pidfile {{dir}}/d.pid --socket {{dir}}/d.sock"
pidfile = "{{dir}}/d.pid"

[serves]
unix = "{{dir}}/d.sock"
expect = "ok"
"""
SERVERS = {"lazily": "pass", "never": "fail"}  # way: CHD-1

ADOPTS = Path(__file__).resolve().parent / "hooks" / "adopts_a_child.py"
# (when the youngest child is one that it adopted, when it sees children end): CHD-2
SUBREAPERS = {
    ("always", "always"): "pass",
    ("where-ignored", "always"): "pass",
    ("always", "unless-ignored"): "advice",
    ("where-ignored", "unless-ignored"): "advice",
}


@pytest.fixture(scope="module")
def judged(judge, tmp_path_factory):
    """A Run on all of them."""
    place = tmp_path_factory.mktemp("children")
    for name, (way, exercise, _) in DAEMONS.items():
        start = f"{sys.executable} -I -S -B {PROGRAM} {TARGETS / 'reference'} {way}"
        (place / f"{name}.toml").write_text(DESCRIPTION.format(start=start, exercise=exercise))
    targets = [f"--target={place / name}.toml" for name in DAEMONS]
    return judge(*targets, "--clause=CHD")


@pytest.mark.parametrize("name", DAEMONS)
def test_children_of_an_exercise(name, judged):
    """A child that ended and was waited for is seen as well as one that is a zombie."""
    assert judged.outcomes(name) == DAEMONS[name][2], judged.output


def test_exercise_that_fails_is_a_finding(judged):
    """Started with SIGCHLD ignored, the daemon does not do its work: that is what is said."""
    message = judged.verdict("CHD-2", "told")["message"]

    assert message.startswith("started with SIGCHLD ignored: exercise: "), message
    assert "ended with 1" in message


@pytest.mark.usefixtures("own_place")
def test_children_that_clients_make(judge, tmp_path):
    """Who waits for a child when the next client comes is given one."""
    for way in SERVERS:
        start = f"{sys.executable} -I -S -B {FORKS} {TARGETS / 'reference'} {way}"
        (tmp_path / f"{way}.toml").write_text(SERVER.format(start=start))

    run = judge(*(f"--target={tmp_path / way}.toml" for way in SERVERS), "--clause=CHD-1")

    for way, outcome in SERVERS.items():
        assert run.outcomes(way) == {"CHD-1": outcome}, run.output


@pytest.fixture(scope="module")
def subreapers(judge, tmp_path_factory):
    """A Run on those that adopt an orphan."""
    place = tmp_path_factory.mktemp("subreapers")
    paths = [place / f"{'_'.join(way)}.toml" for way in SUBREAPERS]
    for path, way in zip(paths, SUBREAPERS, strict=True):
        words = f"{sys.executable} -I -S -B {ADOPTS} {TARGETS / 'reference'} {' '.join(way)}"
        path.write_text(SERVER.format(start=words))
    return judge(*(f"--target={path}" for path in paths), "--clause=CHD-2")


@pytest.mark.parametrize("way", SUBREAPERS, ids=" ".join)
def test_youngest_child_that_was_adopted(way, subreapers):
    """An orphan is not replaced by anybody: which child is the youngest decides nothing."""
    name = "_".join(way)

    assert subreapers.outcomes(name) == {"CHD-2": SUBREAPERS[way]}, subreapers.output
