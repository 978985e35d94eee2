"""SECURITY.md is true: what it says that a target cannot reach, it cannot, and the rest it can."""

import ctypes
import json
import os
import re
import secrets
import shlex
import socket
import sys
from pathlib import Path

import pytest

from daemonspec.inside import shield
from daemonspec.inside.containment import CONTAINMENTS
from daemonspec.kernel.privileges import CAPABILITIES
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.world import Refused
from inside import shell
from running import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROBE = Path(__file__).with_name("ways_out.py")
KEYCTL = {"x86_64": 250, "aarch64": 219}
# What the probe tries -> the line of the page that it is tried for.
LINES = {
    "file": "write the host's files",
    "uncovered file": "write the host's files after it unmounted what covers them",
    "sysrq": "change settings in /proc and /sys, control groups included",
    "kernel setting": "change settings in /proc and /sys, control groups included",
    "interrupts": "change settings in /proc and /sys, control groups included",
    "control group": "change settings in /proc and /sys, control groups included",
    "signal": "signal the host's processes",
    "port": "connect to the host's ports and abstract sockets",
    "abstract socket": "connect to the host's ports and abstract sockets",
    "keyring": "use the session keyring of who runs the suite",
    "device node": "make device nodes",
    "capability": "load kernel code, set the clock, restart the host",
}


def _said(containment):
    """Return {line of the page: "yes" or "no"} of a containment."""
    table = PAGE.partition("| a target can")[2].partition("\n\n")[0].splitlines()
    names = re.findall(r"`(\w+)`", table[0])
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]
    return {row[0]: row[1 + names.index(containment)] for row in rows}


@pytest.fixture(scope="module", params=CONTAINMENTS)
def reached(request, tmp_path_factory):
    """(containment, {what was tried: whether the host was reached}) of each that there is."""
    name = request.param
    if name == "root" and os.geteuid() != 0:
        pytest.skip("needs root")
    try:
        server = ForkServer(name)
    except Refused as why:
        pytest.skip(str(why))
    try:
        return name, _look_for_ways_out(server, tmp_path_factory.mktemp("out"))
    finally:
        server.close()


def _look_for_ways_out(server, directory):
    marker = f"daemonspec-{secrets.token_hex(6)}"
    with (
        socket.create_server(("127.0.0.1", 0)) as port,
        socket.socket(socket.AF_UNIX) as unix,
        server.world(keep=[str(directory)]) as world,
    ):
        unix.bind(f"\0{marker}")
        unix.listen()
        words = [sys.executable, "-IS", str(PROBE), str(os.getpid()), str(port.getsockname()[1])]
        line = shlex.join([*words, marker, str(directory), marker])
        hosts = [f"HOST_{one}={os.stat(f'/proc/self/ns/{one}').st_ino}" for one in ("mnt", "user")]
        found = json.loads(shell(world, f"{' '.join(hosts)} {line}"))
    uncovered = Path("/etc", f"{marker}.uncovered")
    places = [directory / marker, Path("/etc", marker), uncovered]
    found["uncovered file"] = uncovered.exists()
    found["file"] = any(path.exists() for path in places[:2])
    for path in places:
        path.unlink(missing_ok=True)
    found["keyring"] = found["keyring"] in (_session_keyring(), -1)
    return found


def _session_keyring():
    """Return the serial number of this process's session keyring, made if there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(KEYCTL[os.uname().machine], 0, -3, 1)


@pytest.mark.parametrize("what", LINES)
def test_page_says_what_can_be_reached(what, reached):
    """A `no` is out of reach for anybody; a `yes` is within reach for root, and so is no boast."""
    containment, found = reached
    says = _said(containment)[LINES[what]]

    if says == "no":
        assert not found[what]
    elif os.geteuid() == 0 and what in ("file", "signal", "port", "abstract socket"):
        assert found[what]


def test_every_line_is_tried():
    """But for reading the host's files: a world shows them, which is what it is for."""
    assert {*_said("root")} - {*LINES.values()} == {"read the host's files"}


def test_page_names_what_is_dropped():
    """The capabilities, in the order of the code that drops them."""
    (said,) = re.findall(r"`root`, `user`: (CAP_[^.]+)\.", PAGE)

    assert re.findall(r"[A-Z_]{3,}", said.replace("CAP_", "")) == list(shield.DROPPED)
    assert set(shield.DROPPED) == set(CAPABILITIES)


def test_terminals_of_a_world_are_limited(world):
    """One target cannot take those of all others: the kernel has 3,072 for everybody."""
    if not world.containment.mounts:
        pytest.skip("needs a /dev/pts of the world's own")
    program = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1024,) * 2)\n"
        "taken = 0\n"
        "try:\n"
        "    while taken < 1000:\n"
        "        os.open('/dev/ptmx', os.O_RDWR | os.O_NOCTTY)\n"
        "        taken += 1\n"
        "except OSError:\n"
        "    print(taken)\n"
    )

    assert 100 < int(shell(world, shlex.join([sys.executable, "-ISc", program]))) <= 128
