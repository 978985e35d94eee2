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
