"""The one table of system calls, beside the kernel's headers, and the hook for aarch64."""

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from daemonspec.kernel import machine
from daemonspec.world import hook

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
_DEFINED = re.compile(r"#define __NR(?:3264)?_(\w+) (\d+)$", re.MULTILINE)


@pytest.mark.parametrize("name", HEADERS)
def test_numbers_are_those_of_the_headers(name):
    """A wrong number is a call that nobody holds, or another one."""
    if not HEADERS[name].exists():
        pytest.skip("needs the kernel's headers: linux-libc-dev")
    defined = {call: int(number) for call, number in _DEFINED.findall(HEADERS[name].read_text())}
    ours = machine.numbers_on(name)

    assert len(ours) > 100
    assert {call: ours[call] for call in ours.keys() & defined} == {
        call: defined[call] for call in ours.keys() & defined
    }
    assert ours.keys() - defined <= {"futex_wait"}  # newer than some headers


def test_aarch64_lacks_what_its_headers_lack():
    """Its table is the generic one: no fork(), no dup2()."""
    if not HEADERS["aarch64"].exists():
        pytest.skip("needs the kernel's headers: linux-libc-dev")
    defined = dict(_DEFINED.findall(HEADERS["aarch64"].read_text()))
    missing = machine.numbers_on("x86_64").keys() - machine.numbers_on("aarch64").keys()

    assert missing and not missing & defined.keys()


def test_hook_for_aarch64_waits(tmp_path):
    """It runs, and the one call that it makes is the one that waits."""
    emulator = shutil.which("qemu-aarch64")
    if emulator is None:
        pytest.skip("needs qemu-aarch64: qemu-user")
    program = tmp_path / "hook"
    program.write_bytes(hook.program("aarch64"))
    program.chmod(0o755)
    with subprocess.Popen([emulator, "-strace", program], stderr=subprocess.PIPE) as run:
        seen = b""
        while b")" not in seen:
            seen += (piece := run.stderr.read1(100))
            assert piece, f"it ended: {seen}"
        run.send_signal(signal.SIGKILL)

    assert re.fullmatch(rb"\d+ ppoll\((0,)*0\)", seen.strip())
