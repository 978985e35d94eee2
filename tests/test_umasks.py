"""Which umasks count as the launcher's: those of each process, and none that it chose itself."""

import re
from types import SimpleNamespace

import pytest

from daemonspec import verdicts
from daemonspec.created import Created
from daemonspec.experiments import umasks
from daemonspec.model import Unknown

UNREADABLE = Unknown("no such field")


class Process:
    def __init__(self, name):
        self.stat = SimpleNamespace(comm=name)

    @property
    def role(self):
        return re.sub(r"\d+", "", self.stat.comm)

    def __str__(self):
        return self.stat.comm


def seen(left, *processes):
    """Return a Snapshot of (name, umask) pairs under a caller's umask, as far as it is read."""
    masks = {Process(name): mask for name, mask in processes}
    return SimpleNamespace(inherited=SimpleNamespace(umask=left), of_each=lambda what: masks)


def following(first, second):
    """Return {umask: names of its processes} of those that follow the launcher's."""
    texts = umasks.following(seen(0o015, *first), seen(0o053, *second))
    return {text.split()[0]: text.partition(" in ")[2] for text in texts}


FOLLOW = {
    "the main process": ([("d", 0o015)], [("d", 0o053)], {"0015": "d", "0053": "d"}),
    "a worker": ([("d", 0o022), ("d", 0o015)], [("d", 0o022), ("d", 0o053)],
                 {"0015": "d", "0053": "d"}),
    "one worker of many": ([("d", 0), ("w", 0), ("w", 0)], [("d", 0), ("w", 0o053), ("w", 0)],
                           {"0053": "w"}),
    "a helper that one start has": ([("d", 0), ("h", 0o015)], [("d", 0)], {"0015": "h"}),
    "bits added to it": ([("d", 0o017)], [("d", 0o057)], {"0017": "d", "0057": "d"}),
    "bits added that leave one open": ([("d", 0o035)], [("d", 0o073)],
                                       {"0035": "d", "0073": "d"}),
    "bits added in a worker": ([("d", 0), ("w1", 0o017)], [("d", 0), ("w22", 0o057)],
                               {"0017": "w1", "0057": "w22"}),
    "one that cannot be read beside one that follows": (
        [("d", UNREADABLE), ("w", 0o015)], [("d", 0)], {"0015": "w"}),
}  # fmt: skip


@pytest.mark.parametrize("case", FOLLOW)
def test_follows_the_launcher(case):
    """It is the caller's umask, or another one for each caller."""
    first, second, expected = FOLLOW[case]

    assert following(first, second) == expected


CHOSEN = {
    "the same in both": ([("d", 0)], [("d", 0)]),
    "022 added, as sshd does": ([("sshd", 0o037)], [("sshd", 0o073)]),
    "022 added in a worker": ([("d", 0), ("d", 0o037)], [("d", 0), ("d", 0o073)]),
    "a helper with its own": ([("d", 0), ("h", 0o077)], [("h", 0o077), ("d", 0)]),
    "a helper with its own that one start has": ([("d", 0), ("h", 0o077)], [("d", 0)]),
    "more workers at one start": ([("d", 0), ("w1", 0o002)], [("d", 0)] + [("w2", 0o002)] * 3),
    "other helpers at each start": ([("d", 0), ("h", 0o002)], [("d", 0), ("i", 0)]),
    "a child that has another one for a moment": ([("d", 0), ("d", 0o027)], [("d", 0)]),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_own_choice(case):
    """A umask that a process has from the daemon, or from itself, is nobody's inheritance."""
    assert not following(*CHOSEN[case])


def test_finding_is_known_by_whom_it_is_about():
    """Their pids are others at each run: a waiver knows a finding by their names."""
    first = seen(0o015, ("d", 0), ("h", 0o015), ("w1", 0o015))

    (fault,) = umasks.following(first, seen(0o053, ("d", 0)))

    assert fault.facts == ("h", "w")


def test_unreadable_is_no_choice():
    """A process whose umask is not known might have the launcher's."""
    with pytest.raises(verdicts.Inconclusive, match="umask of w: unknown"):
        following([("d", 0), ("w", UNREADABLE)], [("d", 0), ("w", UNREADABLE)])


@pytest.mark.parametrize(("mode", "writable"), [(0o100755, False), (0o100646, True)])
def test_file_that_others_may_run_is_not_one_that_they_may_write(mode, writable):
    assert Created("/run/d", mode, 0, ()).world_writable == writable
