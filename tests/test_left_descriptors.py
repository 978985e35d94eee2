"""Which of the descriptors that a launch left count as held, and which decide a verdict."""

from types import SimpleNamespace

import pytest

from daemonspec import snapshot
from daemonspec.model import Unknown
from daemonspec.world.processes import Descriptor
from daemonspec.world.procfs import File

OURS, OTHER = (9, 1), (9, 2)


class Bait:
    def __init__(self, number, kind, effect):
        self.number, self.kind, self.identity, self.effect = number, kind, OURS, effect

    def held(self):
        return self.effect


def process(*identities):
    """Return a process that has these files open; None for one that nobody may look at."""
    if identities == (None,):
        return SimpleNamespace(descriptors=Unknown("Permission denied"))
    files = [File("x", *identity, 0, 0) for identity in identities]
    return SimpleNamespace(descriptors=[Descriptor(17, file, 0) for file in files])


def left(bait, *family, limit=None):
    """Return (Left, whether it is held, whether nobody can tell)."""
    launch = SimpleNamespace(baits=[bait], inherited=SimpleNamespace(nofile=limit))
    (one,), held, unseen = snapshot._left(launch, family)
    return one, one in held, one in unseen


HELD = {
    "an effect": (True, [process(OTHER)], (True, False)),
    "an effect of an unreadable process": (True, [process(None)], (True, False)),
    "no effect": (False, [process(None)], (False, False)),
    "a file that is open": (None, [process(OTHER), process(OURS)], (True, False)),
    "a file that is closed": (None, [process(OTHER)], (False, False)),
    "a file open beside an unreadable process": (None, [process(OURS), process(None)],
                                                 (True, False)),
    "a file in an unreadable process": (None, [process(OTHER), process(None)], (False, True)),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_held(case):
    """An effect decides; without one an unreadable table proves nothing."""
    effect, family, expected = HELD[case]

    assert left(Bait(7, "file", effect), *family)[1:] == expected


DECIDES = {
    "a file below the limit": (7, None, 1024, True),
    "a file at the limit": (1024, None, 1024, False),
    "a file above no limit of ours": (1024, None, None, True),
    "a pipe at the limit": (1024, False, 1024, True),
}


@pytest.mark.parametrize("case", DECIDES)
def test_decides(case):
    """A loop up to the soft limit cannot know of a file above it, and nobody waits for one."""
    number, effect, limit, expected = DECIDES[case]

    one, _, _ = left(Bait(number, "any", effect), process(OTHER), limit=limit)

    assert one.decides == expected
