"""Nothing that comes over a socket of a world is trusted: a target may hold the other end."""

import os
import socket
import struct
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from daemonspec.inside import wire
from daemonspec.laboratory import find_containment
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.world import HarnessError, Refused
from inside import PYTHON, SOON, spawn

VALUES = {
    "word": ["a", ("b", None), True, -2.5, float("inf"), (1 << 64) - 1],
    "no UTF-8": os.fsdecode(b"\xff\xfe/\xe2\x82\xac"),
    "bytes": [b"", b"\0\xff\n"],
    "a key that is empty": {"": "text", "more": {}},
}
BACK = {**VALUES, "word": ["a", ["b", None], True, -2.5, float("inf"), (1 << 64) - 1]}
NO_VALUES = (
    b"", b" ", b"[", b"nul", b'{"a":1', b"[1]x", b"\xff", b"[" * 100_000, b"9" * 5000,
    b'{"":5}', b'{"":null}', b'{"":"\\u1234"}', b"\xe9\x01",
)  # fmt: skip


def test_plain_values_come_through():
    """What the parts of the harness say to each other, in all its kinds."""
    assert wire.load(wire.dump(VALUES)) == BACK


@pytest.mark.parametrize("packed", NO_VALUES, ids=lambda packed: repr(packed[:8]))
def test_what_does_not_parse_is_malformed(packed):
    """One error, whatever it is that does not parse."""
    with pytest.raises(wire.Malformed):
        wire.load(packed)


def test_what_does_not_parse_is_malformed_in_the_bare_interpreter():
    """Where json.decoder, whose error the parser would raise, was never imported."""
    code = f"""
import sys
sys.path.insert(0, {str(Path(wire.__file__).parents[2])!r})
sys.modules["daemonspec"] = package = type(sys)("daemonspec")
package.__path__ = [{str(Path(wire.__file__).parents[1])!r}]
from daemonspec.inside import wire
assert "json.decoder" not in sys.modules
for packed in {NO_VALUES!r}:
    try:
        wire.load(packed)
    except wire.Malformed:
        print("malformed")
"""
    said = subprocess.run([*PYTHON, code], check=True, capture_output=True, text=True).stdout

    assert said.split() == ["malformed"] * len(NO_VALUES)


@pytest.mark.parametrize("direction", ["receive", "send"])
def test_no_flag_of_a_shared_socket_cuts_a_wait_short(direction):
    """A target that took a copy of an end may have set O_NONBLOCK and SO_RCVTIMEO for all."""
    limit = 0.3  # seconds
    one, other = wire.Wire.pair()
    with one, other:
        one.limit(limit)
        one.socket.setblocking(False)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            one.socket.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", 0, 1))
        with pytest.raises(BlockingIOError):
            while True:
                one.socket.send(bytes(1 << 16))
        before = time.monotonic()
        with pytest.raises(wire.Silent):
            one.receive() if direction == "receive" else one.send("more")
        assert time.monotonic() - before >= limit


# -- what is heard from a world -------------------------------------------------------------------

JUNK = {
    "a length of 2 GiB": struct.pack("=II", 0x7FFFFFFF, 0) + b"junk" * 1000,
    "no JSON": struct.pack("=II", 4, 0) + b"junk",
    "no pair": struct.pack("=II", 2, 0) + b"[]",
    "no event": struct.pack("=II", 13, 0) + b'["event",[1]]',
    "an event of nobody": struct.pack("=II", 31, 0) + b'["event",[1.5,"exited","root"]]',
}


@pytest.mark.parametrize("kind", JUNK)
def test_junk_ends_one_world_alone(server, kind):
    """What comes in place of the warden's answer costs its world, no memory, and nothing else."""
    before = psutil.Process().memory_info().rss
    with server.world() as world, server.world() as other:
        with socket.socket(fileno=_replace_warden(world)) as forged:
            forged.sendall(JUNK[kind])
            with pytest.raises(HarnessError, match="sent what it never sends"):
                world.warden.last_pid()
        with pytest.raises(HarnessError, match="sent what it never sends"):
            world.warden.last_pid()
        assert other.warden.last_pid() >= 0
    assert psutil.Process().memory_info().rss - before < 32 << 20


def _replace_warden(world):
    """Put a socket pair in place of a world's; return the number of the warden's end."""
    ours, theirs = socket.socketpair()
    os.dup2(ours.fileno(), world._wire.fileno(), inheritable=False)
    ours.close()
    return theirs.detach()


@pytest.mark.parametrize("name", ["user", "partial", "none"])
def test_no_target_takes_what_its_warden_has(name):
    """Neither the warden nor the fork server lets itself be traced, or its descriptors be taken.

    Root's targets in the containments `root` and `none` have CAP_SYS_PTRACE, and may.
    """
    if name == "none" and os.geteuid() == 0:
        pytest.skip("root may take what it likes where it has no namespace")
    try:
        find_containment(name)
    except Refused as why:
        pytest.skip(str(why))
    server = ForkServer(name)
    try:
        with server.world() as world:
            pid = spawn(world, *PYTHON, _TAKES, str(world.reaper))
            end = world.wait_for(lambda: world.ended(pid), SOON, "it did not end")
    finally:
        server.close()
    assert (end.kind, end.details[1]) == ("exited", _REFUSED)


_REFUSED = 7
_TAKES = f"""
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
pid = int(sys.argv[1])
process = os.pidfd_open(pid)
taken = libc.syscall(438, process, 0, 0)
traced = libc.ptrace(16, pid, 0, 0)  # PTRACE_ATTACH
try:
    os.open(f"/proc/{{pid}}/mem", os.O_RDWR)
    opened = True
except OSError:
    opened = False
sys.exit({_REFUSED} if taken == traced == -1 and not opened else 0)
"""
