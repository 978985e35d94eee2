"""In which order the points of a start are tried, and for how long."""

import io
import os
from types import SimpleNamespace

import pytest

from daemonspec.attack import time_budget
from daemonspec.attack.time_budget import Budget, most_different_first

STORY = SimpleNamespace(
    calls=[(0, "clone"), *[(1, "dup2")] * 3, (1, "setsid"), (1, "chdir"), *[(1, "write")] * 8],
    roles={0: "launcher", 1: "daemon"},
)
PLAN = [(number, "hung up", None) for number in range(1, len(STORY.calls) + 1)]


def test_points_of_every_kind_come_first():
    """The second of three alike is not tried before the only one of another kind."""
    order = [number for number, *_ in most_different_first(STORY, PLAN)]

    assert sorted(order) == list(range(1, 15))
    # Kinds are a call and what the one before it changed: descriptors, a session, files.
    assert sorted(order[:7]) == [1, 2, 3, 5, 6, 7, 8]
    assert order == [number for number, *_ in most_different_first(STORY, PLAN)]


def test_what_is_tried_is_spread_over_the_start():
    """Of calls that are all alike each is of a rank of its own; of different ones every half."""
    calls = [(0, f"call {number}") for number in range(16)]
    story = SimpleNamespace(calls=calls, roles={0: "launcher"})
    plan = [(number, "fails", None) for number in range(1, 17)]

    order = [number for number, *_ in most_different_first(story, plan)]

    assert order[:4] == [1, 9, 5, 13]


def test_budget_is_spent_by_its_parts():
    """A part that took less leaves more to the others; --sweep=full has no end."""
    settings = SimpleNamespace(sweep=400, time_scale=1.0)
    whole = Budget(settings, 2, 1000.0)
    part = whole.part(0.5)

    assert not part.is_spent() and not part.is_spent()
    assert part.spent < 1.0
    assert Budget(settings, 2, 0.0).part(1.0).is_spent() is False  # it begins with the first point
    spent = Budget(settings, 2, 0.0)
    assert [spent.is_spent() for _ in range(2)][1]
    full = Budget(SimpleNamespace(sweep=None, time_scale=1.0), 2)
    assert not any(full.is_spent() for _ in range(3))


@pytest.mark.parametrize(
    ("runnable", "at_once", "slowness"), [(1, 2, 1.0), (12, 1, 3.0), (12, 4, 3.0), (12, 6, 2.0)]
)
def test_second_counts_for_less_where_others_work(runnable, at_once, slowness, monkeypatch):
    """On four processors; our own starts are not others."""
    loads = f"0.10 0.20 0.30 {runnable}/300 4711\n"
    monkeypatch.setattr(time_budget, "open", lambda path: io.StringIO(loads), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)

    assert time_budget._slowness(at_once) == slowness
