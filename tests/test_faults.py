"""What the world, the machine or its user refuse a target is not held against the target."""

import errno
import os
import re
import socket
import stat
import struct
import sys
from pathlib import Path

import pytest

from daemonspec import refusals
from daemonspec.inside.containment import CONTAINMENTS
from daemonspec.kernel import linux
from daemonspec.laboratory import find_containment
from daemonspec.world.world import Refused
from running import ROOT, ChildRun

USAGE, UNCLEAR = 4, 6
CONFINE = (sys.executable, str(Path(__file__).with_name("confine.py")))


def _place(name, uid=0, capable=True):
    return refusals.Place(CONTAINMENTS[name], uid, capable)


def _refusal(call, error, *paths, address=b"", arguments=(0,) * 6, uid=0):
    return {"call": call, "errno": error, "arguments": arguments, "paths": list(paths),
            "address": address, "program": "daemon", "uids": [uid, uid, uid]}  # fmt: skip


def _inet(host, port):
    return struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + socket.inet_aton(host)


NODE = (0, stat.S_IFBLK | 0o600, 0, 0, 0, 0)  # what mknod(2) is given
EVERYBODY = (0xFFFFFFFFFFFFFFFF, 15, 0, 0, 0, 0)
FOREIGN = _inet("192.0.2.1", 0)  # TEST-NET-1: no machine has it (RFC 5737)
# Name: (the rule or None, where, what was refused).
TABLE = {
    "setuid, unmapped": ("unmapped", _place("user", 1000), ("setuid", errno.EINVAL)),
    "copy, unmapped": ("unmapped", _place("user", 1000), ("openat", errno.EOVERFLOW, "/tmp/a")),
    "copy, by root": (None, _place("root"), ("openat", errno.EOVERFLOW, "/tmp/a")),
    "setuid, by root": (None, _place("root"), ("setuid", errno.EINVAL)),
    "mount, ordinary user": ("unprivileged", _place("user", 1000), ("mount", errno.EPERM)),
    "mount, few capabilities": ("unprivileged", _place("none", 0, False), ("mount", errno.EPERM)),
    "mknod, user namespace": ("unprivileged", _place("user"), ("mknod", errno.EPERM)),
    "clock": ("dropped", _place("root"), ("clock_adjtime", errno.EPERM)),
    "clock, none": ("unprivileged", _place("none"), ("clock_adjtime", errno.EPERM)),
    "capset": ("dropped", _place("root"), ("capset", errno.EPERM)),
    "kernel's log": ("dropped", _place("root"), ("openat", errno.EPERM, "/proc/kmsg")),
    "device node": ("dropped", _place("root"), ("mknod", errno.EPERM)),
    "kill(-1)": ("kills_everybody", _place("none"), ("kill", errno.EPERM)),
    "absent": ("absent", _place("root"), ("openat", errno.ENOENT, "/sys/kernel")),
    "nowhere": (None, _place("root"), ("openat", errno.ENOENT, "/run/no/such/thing")),
    "not our places": (None, _place("root"), ("openat", errno.ENOENT, "/etc/no-such-thing")),
    "read-only": ("read_only", _place("root"), ("openat", errno.EROFS, "/daemonspec-file")),
    "may be read": ("copied", _place("root"), ("openat", errno.EACCES, "/bin/sh")),
    "one file system": ("copied", _place("root"), ("rename", errno.EXDEV, "/etc/a", "/etc/b")),
    "full": ("full", _place("root"), ("write", errno.ENOSPC)),
    "full disk": (None, _place("none"), ("write", errno.ENOSPC)),
    "crowded": ("crowded", _place("root"), ("clone", errno.EAGAIN)),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_rule(case):
    """Each rule explains what it is about, and the first that explains is the one that is said."""
    rule, place, what = TABLE[case]
    arguments = {"kill(-1)": EVERYBODY, "device node": NODE}.get(case, (0,) * 6)
    refusal = _refusal(*what, uid=place.uid, arguments=arguments)

    found = next((one.__name__ for one in refusals.RULES if one(refusal, place)), None)

    assert found == rule


def test_own_doing():
    """A program that dropped its identity and then may not have it back did so itself."""
    assert refusals.unprivileged(_refusal("setuid", errno.EPERM, uid=33), _place("none")) == ""


def test_taken_port():
    """A port that somebody has when the world is gone is his; one that is free then was its own."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        address = _inet(*holder.getsockname())
        refusal = _refusal("bind", errno.EADDRINUSE, address=address)
        assert refusals.taken(refusal, _place("none"))
        assert not refusals.taken(refusal, _place("root"))
    assert not refusals.taken(refusal, _place("none"))


def test_foreign_address():
    """An address that the machine has not either is no fault of the world's."""
    refusal = _refusal("bind", errno.EADDRNOTAVAIL, address=FOREIGN)
    assert not refusals.alone(refusal, _place("root"))


@pytest.mark.parametrize(("name", "explained"), [("root", True), ("none", False)])
def test_setting_of_the_machines_network(name, explained):
    """tcp_mem is one for all networks, so that a network namespace has no file for it."""
    if os.geteuid() != 0:
        pytest.skip("root alone may write the machine's settings")
    refusal = _refusal("openat", errno.ENOENT, "/proc/sys/net/ipv4/tcp_mem")

    said = refusals.machines_setting(refusal, _place(name))

    assert ("--containment=none" in said) == explained


def test_every_rule_is_on_its_page():
    """docs/faults.md is what RULES are, for people."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)) == {
        rule.__name__ for rule in refusals.RULES
    }


# -- whole runs -------------------------------------------------------------------------------


def _map_himself():
    """What an ordinary user gets from a user namespace, for root too."""
    linux.unshare(linux.CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", "0 0 1"), ("gid_map", "0 0 1")):
        Path(f"/proc/self/{name}").write_text(text)


def _program(directory, text):
    path = directory / "target.py"
    path.write_text(f"#!{sys.executable} -IS\nimport os, sys, socket\n{text}\n")
    path.chmod(0o755)
    directory.chmod(0o755)
    return path


def _needs(name):
    try:
        find_containment(name)
    except Refused as why:
        pytest.skip(str(why))


DROPS = "os.setresuid(65534, 65534, 65534)"


@pytest.mark.parametrize("name", ["user", "partial"])
def test_identity_that_is_not_mapped(name, tmp_path):
    """cron as an ordinary user: its seteuid() is refused, and the run says who could do it."""
    _needs(name)
    how = {"preexec_fn": _map_himself} if os.geteuid() == 0 else {}
    run = ChildRun(f"--target={_program(tmp_path, DROPS)}", f"--containment={name}", **how).wait()

    assert run.status == UNCLEAR, run.output
    assert "this does not count against the target: the environment denied it" in run.output
    assert "setresuid() was refused with EINVAL" in run.output


def _foreign_group():
    """Return a group that this user may give to a file, and that a world of its own lacks."""
    others = [33] if os.geteuid() == 0 else [gid for gid in os.getgroups() if gid != os.getegid()]
    if not others:
        pytest.skip("needs root, or a user with a second group")
    return others[0]


def test_file_of_a_group_that_is_not_mapped(tmp_path):
    """nohup(1) and a nohup.out of another group: the overlay cannot copy it, and nohup may."""
    _needs("user")
    file = tmp_path / "nohup.out"
    file.touch()
    os.chown(file, -1, _foreign_group())
    target = _program(tmp_path, f"open({str(file)!r}, 'a')")
    how = {"preexec_fn": _map_himself} if os.geteuid() == 0 else {}
    run = ChildRun(f"--target={target}", "--containment=user", **how).wait()

    assert run.status == UNCLEAR, run.output
    assert f"openat({file}) was refused with EOVERFLOW" in run.output


def test_directory_of_somebody_else_above_its_own(tmp_path):
    """What is the user's may be written in a world, whoever owns the directories above it."""
    _needs("user")
    above = tmp_path / "above"
    own = above / "own"
    own.mkdir(parents=True)
    os.chown(above, -1, _foreign_group())
    above.chmod(0o755)
    target = _program(own, f"open({str(own / 'file')!r}, 'w'); sys.exit(7)")
    how = {"preexec_fn": _map_himself} if os.geteuid() == 0 else {}
    run = ChildRun(f"--target={target}", "--containment=user", **how).wait()

    assert run.status == USAGE, run.output
    assert "exited with status 7" in run.output
    assert not (own / "file").exists()


@pytest.mark.parametrize("name", ["root", "user", "partial", "none"])
def test_root_may_drop_to_anybody(name, tmp_path):
    """Every identity is there for root, in each containment."""
    if os.geteuid() != 0:
        pytest.skip("root alone may have another identity")
    _needs(name)
    drops = f"os.setgroups([1, 2]); os.setgid(33); {DROPS}; sys.exit(9)"
    run = ChildRun(f"--target={_program(tmp_path, drops)}", f"--containment={name}").wait()

    assert run.status == USAGE, run.output
    assert "exited with status 9" in run.output


def test_root_without_capabilities(tmp_path):
    """A container that drops them is no fault of a daemon that needs them."""
    if os.geteuid() != 0:
        pytest.skip("root alone has capabilities to lose")
    target = _program(tmp_path, DROPS)
    before = (*CONFINE, "capabilities")
    run = ChildRun(f"--target={target}", "--containment=none", before=before).wait()

    assert run.status == UNCLEAR, run.output
    assert "this root lacks capabilities" in run.output


def test_own_failure_is_the_targets(tmp_path):
    """Nothing was refused: its own words, and status 4."""
    run = ChildRun(f"--target={_program(tmp_path, 'sys.exit(7)')}").wait()

    assert run.status == USAGE, run.output
    assert "exited with status 7" in run.output and "refused" not in run.output


def test_files_that_would_be_written_for_good(tmp_path):
    """Without copy-on-write directories a description keeps to {dir}; the run says who can more."""
    target = tmp_path / "target.toml"
    target.write_text('start = "/bin/sleep 100 &"\n[files]\n"/etc/daemonspec-no-such" = "x"\n')
    run = ChildRun(f"--target={target}", "--containment=none").wait()

    assert run.status == UNCLEAR, run.output
    assert "a containment with mounts" in run.output
    assert not Path("/etc/daemonspec-no-such").exists()


DETACHES_AGAIN = """\
import signal
def up():
    if os.getppid() != 1:
        os.fork() and os._exit(0)
        os.setsid()
        os.fork() and os._exit(0)
        while os.getppid() == os.getpgrp():
            pass
    open(sys.argv[1], "w").write(str(os.getpid()))
    signal.signal(signal.SIGHUP, lambda *_: up())
    while True:
        signal.pause()
up()
"""


@pytest.mark.parametrize(("name", "outcome"), [("user", "pass"), ("none", "unsupported")])
def test_parent_that_is_not_process_1(name, outcome, tmp_path):
    """A daemon that goes by its parent's pid detaches again where that is a reaper of ours."""
    _needs(name)
    program = _program(tmp_path, DETACHES_AGAIN)
    target = tmp_path / "target.toml"
    target.write_text(f'start = "{program} {{dir}}/pid"\npidfile = "{{dir}}/pid"\n'
                      '[ready]\nfile = "{dir}/pid"\n')  # fmt: skip
    json = tmp_path / "verdicts.json"
    options = (f"--target={target}", f"--containment={name}", "--clause=SIG-6")
    run = ChildRun(*options, json=json).wait()

    assert run.verdict("SIG-6", "target")["outcome"] == outcome, run.output


def test_watching_refused(tmp_path):
    """Where nobody may trace, the target's own words decide, and the run says so."""
    target = _program(tmp_path, "sys.exit(os.strerror(1))")
    run = ChildRun(f"--target={target}", before=(*CONFINE, "ptrace")).wait()

    assert run.status == UNCLEAR, run.output
    assert "refused it something could not be traced" in " ".join(run.output.split())
