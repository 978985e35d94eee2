"""Calls are made to fail as they fail in reality, and where they cannot fail they are let go."""

import errno
import os
import resource

import pytest

from daemonspec.attack import errnos
from daemonspec.world.told import Told

OWN, SOMEBODY = os.geteuid(), 54321
HIGHEST = (1 << 64) - 1  # RLIM_INFINITY


def _told(name, *arguments, memory=()):
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    return Told(0, None, name, 7, padded, {}, dict(memory), {}, 0.0)


def _limits(soft, hard):
    return soft.to_bytes(8, "little") + hard.to_bytes(8, "little")


@pytest.mark.parametrize(
    ("call", "fails"),
    [
        (_told("setuid", SOMEBODY), True),
        (_told("setuid", OWN), False),
        (_told("setresuid", HIGHEST, OWN, HIGHEST), False),
        (_told("setresuid", OWN, OWN, SOMEBODY), True),
        (_told("setreuid", HIGHEST, SOMEBODY), True),
    ],
    ids=str,
)
def test_becoming_oneself_does_not_fail(call, fails):
    """What needs no capability is not refused for want of one."""
    assert (errno.EPERM in errnos.of(call, ())) is fails


@pytest.mark.parametrize(("name", "at"), [("setrlimit", 1), ("prlimit64", 2)])
def test_only_a_raised_hard_limit_fails(name, at, monkeypatch):
    """To lower one needs no capability, nor does the soft limit below it."""
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 4096))
    before = [resource.RLIMIT_NOFILE] if at == 1 else [0, resource.RLIMIT_NOFILE]

    def fails(soft, hard):
        return errno.EPERM in errnos.of(_told(name, *before, memory={at: _limits(soft, hard)}), ())

    assert not fails(4096, 4096)
    assert not fails(64, 64)
    assert fails(4096, 8192)
    assert fails(64, HIGHEST)
