"""What a sweep keeps of its points, and what it says of those that it left out."""

from types import SimpleNamespace

import pytest

from daemonspec import verdicts
from daemonspec.attack.attack import Attack
from daemonspec.attack.results import DOWN, LIE, MISSED, STUCK, UP, Point, Story, Swept
from daemonspec.attack.time_budget import Budget

CALLS = [(0, "clone"), (1, "setsid"), (1, "chdir"), (1, "write"), (1, "dup2")]
TOLD = tuple(SimpleNamespace(place=place, name=name) for place, name in CALLS)
STORY = Story("shell", (), TOLD, 1, {1: 0}, UP, "", 0, False, len(CALLS))
HANGUP = [("hung up", ("hang up",))]


def _point(number, came=UP, **more):
    return Point(number, *CALLS[number - 1], "hung up", came, f"seen at {number}", **more)


class _Played(Attack):
    """An Attack whose starts have been played: it only keeps what came of them."""

    def __init__(self, points, whose="target"):
        self.whose = whose
        self.most = None
        self.rows, self.left_out = [], []
        self.budget = Budget(SimpleNamespace(sweep=None, time_scale=1.0), 2)
        self.is_enough = False
        self._stayed = 0
        self._played = points

    def _points(self, *_):
        yield from self._played

    def kept(self):
        """Return the numbers of the points that its sweep keeps."""
        self.sweep(STORY, (), "hung up", HANGUP)
        return [one.number for _, _, points in self.rows for one in points]


def _swept(*points, whose="target"):
    return Swept(whose, (), ((STORY, "hung up", points),), (), "", True)


@pytest.fixture
def record():
    """What a check notes."""
    return verdicts.begin()


def test_nothing_is_left_out_of_a_whole_sweep():
    attack = _Played([_point(number) for number in range(1, 6)])

    assert attack.kept() == [1, 2, 3, 4, 5]
    assert attack.left_out == []


def test_points_for_which_there_was_no_time_are_counted():
    attack = _Played([_point(4), _point(1)])

    assert attack.kept() == [1, 4], "not in the order of the start"
    (text,) = attack.left_out
    assert text.startswith("3 of 5 points, for time")


def test_three_starts_that_do_not_end_are_enough():
    """Nothing is left out where they were the last ones."""
    attack = _Played([_point(number, STUCK) for number in range(1, 6)])
    assert attack.kept() == [1, 2, 3]
    (text,) = attack.left_out
    assert text.startswith("2 points, after 3 starts that did not end")

    last = _Played([_point(1), _point(2), *(_point(number, STUCK) for number in (3, 4, 5))])
    assert last.kept() == [1, 2, 3, 4, 5]
    assert last.left_out == []


@pytest.mark.parametrize(("whose", "told"), [("target", ["4 points"]), ("control", [])])
def test_check_knows_that_the_target_was_not_tried_at_all_points(whose, told, record):
    """What a waiver knows of is not gone because it was not tried."""
    swept = Swept(whose, (), ((STORY, "hung up", [_point(1)]),), ("4 points",), "", True)

    assert swept.points(LIE) == []

    assert record.left_out == told


def test_a_control_is_enough_with_its_first_defect():
    """A target's other defects are looked for, since other properties read the same sweep."""
    points = [_point(1), _point(2, LIE), _point(3)]

    control, target = _Played(points, "control"), _Played(points)

    assert (control.kept(), control.is_enough) == ([1, 2], True)
    assert (target.kept(), target.is_enough) == ([1, 2, 3], False)


def test_sweep_of_which_no_point_was_reached_says_why():
    with pytest.raises(verdicts.Inconclusive, match="seen at 1"):
        _Played([_point(1, MISSED)]).kept()


def test_every_point_is_shown(record):
    swept = _swept(_point(1), _point(2, MISSED), _point(3, DOWN))

    (strip,) = swept.strips()
    swept.points(DOWN)

    launcher, daemon = STORY.roles[0], STORY.roles[1]
    assert strip.points == (
        (1, "clone", launcher, "hung up", UP),
        (2, "setsid", daemon, "hung up", MISSED),
        (3, "chdir", daemon, "hung up", DOWN),
    )
    assert ("points tried", "2") in [(one.what, one.value) for one in record.evidence]


def test_starts_without_an_order_acquit_nobody(record):
    """As few of them as are tried before a sweep gives up."""
    unruly = [_point(number, unruly="two spin") for number in (1, 2, 3)]

    with pytest.raises(verdicts.Inconclusive, match="3 starts that could not be put in order"):
        _swept(*unruly).points(LIE)
    assert _swept(*unruly[:2], _point(3)).points(LIE) == []
    assert _swept(*unruly, _point(4, LIE)).points(LIE) == [(STORY, _point(4, LIE))]


def test_points_that_were_not_reached_acquit_nobody(record):
    with pytest.raises(verdicts.Inconclusive, match="1 of 2 points were not reached"):
        _swept(_point(1, MISSED), _point(2)).points(LIE)
