"""Units as targets: how one is found, what is refused, and what a run of one leaves."""

import os
import signal
import subprocess
import sys

import pytest

from daemonspec import verdicts
from daemonspec.experiments import unit_ends
from daemonspec.experiments.unit_surroundings import Identified
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.targets import TargetError, resolve
from daemonspec.world.world import FOR_GOOD, GaveUp
from inside import PYTHON, spawn
from matrix import lacks_units
from running import ROOT, ChildRun, one_after_another, until

FINE = "[Service]\nExecStart=/bin/sleep 4711\n"


def written(directory, **files):
    """Write {name with _ for .: text} files and return the directory."""
    for name, text in files.items():
        path = directory / name.replace("__", ".d/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return directory


def test_unit_is_taken_along_whole(tmp_path):
    """Its drop-ins and its socket are part of what the package ships."""
    drop_in = "[Service]\nNice=1\n"
    where = written(tmp_path, a_service=FINE, a_socket="[Socket]\n", a_service__x_conf=drop_in)

    target = resolve("./a.service", where)

    assert target.profile == "unit"
    assert dict(target.unit.files) == {
        "a.service": FINE,
        "a.socket": "[Socket]\n",
        "a.service.d/x.conf": drop_in,
    }


def test_sockets_that_its_files_name_are_taken_along(tmp_path):
    """rsyslog.service requires syslog.socket, which has another name."""
    needs = "[Unit]\nRequires=b.socket\n" + FINE
    where = written(tmp_path, a_service=needs, b_socket="[Socket]\n", c_socket="[Socket]\n")

    assert [name for name, _ in resolve("./a.service", where).unit.files] == [
        "a.service",
        "b.socket",
    ]


def test_ordinary_user_is_told_that_systemd_needs_root(tmp_path, monkeypatch):
    """A cgroup that was delegated to him is not enough: his world has no user 0."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    target = resolve("./a.service", written(tmp_path, a_service=FINE))

    booted = Laboratory(Settings("user")).bare_manager(target)
    with pytest.raises(verdicts.Unsupported, match="which needs root: an ordinary user's"), booted:
        pass


def test_long_line_is_read_once(tmp_path):
    """A word of a megabyte that is no socket's name, and nearly one."""
    line = f"[Service]\nEnvironment=A={'x' * 900_000}.sock\n"

    target = resolve("./a.service", written(tmp_path, a_service=line))

    assert target.unit.files == (("a.service", line),)


def test_socket_stands_for_its_service(tmp_path):
    where = written(tmp_path, a_service=FINE, a_socket="[Socket]\n")

    assert resolve("./a.socket", where) == resolve("./a.service", where)


def test_description_says_more_of_a_unit(tmp_path):
    where = written(tmp_path, a_service=FINE, b_service=FINE, b_service__x_conf="[Unit]\n")
    (where / "a.toml").write_text(
        'unit = "./a.service"\nunits = ["./b.service"]\n[files]\n"/etc/a" = ""\n'
        '[ready]\ntcp = "127.0.0.1:80"\n'
    )

    target = resolve("./a.toml", where)

    assert (target.name, target.profile, set(target.files)) == ("a.service", "unit", {"/etc/a"})
    assert str(target.ready) == "tcp 127.0.0.1:80"
    assert [name for name, _ in target.unit.files] == [
        "a.service",
        "b.service",
        "b.service.d/x.conf",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('unit = "a"', "line 1, unit: must be a service, such as foo.service"),
        ('unit = "a.service"\nstart = "x"', "line 2, start: is said by a.service; leave it out"),
        ('unit = "a.service"\nstop = "SIGINT"', "stop: is said by a.service"),
        ('unit = "./b.service"', "line 1, unit: no file b.service in"),
        ('unit = "./b.service"\npackages = ["b"]', "; it is in: b"),
        ('unit = "a.service"\nunits = ["b"]', "units: 'b' is no name of a unit"),
        ('unit = "a.service"\nunits = ["./b.socket"]', "units: no file b.socket in"),
        ('unit = "a.service"\nunits = [1]', "units: must be a list of strings, not 1"),
        ('start = "true"\nunits = ["a.service"]', "units: goes with `unit`"),
        ("packages = []", "no key 'start'"),
    ],
)
def test_description_of_a_unit_that_makes_no_sense_is_refused(text, said, tmp_path):
    written(tmp_path, a_service=FINE)
    (tmp_path / "a.toml").write_text(text)

    with pytest.raises(TargetError) as refused:
        resolve("./a.toml", tmp_path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_instance_comes_from_its_template(tmp_path):
    (tmp_path / "a@.service").write_text(FINE)

    target = resolve("./a@x.service", tmp_path)

    assert (target.name, [name for name, _ in target.unit.files]) == ("a@x.service", ["a@.service"])


def test_alias_is_judged_by_its_real_name(tmp_path):
    """systemd takes a copy for a second unit: its socket then has no service to start."""
    (tmp_path / "a.service").write_text(FINE)
    (tmp_path / "b.service").symlink_to("a.service")

    target = resolve("./b.service", tmp_path)

    assert (target.name, target.unit.aliases) == ("a.service", ("b.service",))


def _device(path):
    os.mkfifo(path)


REFUSED = {
    "missing": (lambda path: None, "no file a.service in"),
    "empty": (lambda path: path.write_text(" \n"), "masked"),
    "masked": (lambda path: path.symlink_to(os.devnull), "is masked"),
    "a directory": (lambda path: path.mkdir(), "not a file"),
    "a FIFO": (_device, "not a file"),
    "huge": (lambda path: path.write_text("#" * (2 << 20)), "larger than 1 MiB"),
    "binary": (lambda path: path.write_bytes(b"\0" * 9), "a NUL character"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_file_that_is_no_unit_is_refused(what, tmp_path):
    make, said = REFUSED[what]
    make(tmp_path / "a.service")

    with pytest.raises(TargetError, match=said) as refused:
        resolve("./a.service", tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("./a.timer", "only services are judged"),
        ("./a.socket", "no file a.service in"),
        ("a@.service", "a template; name an instance"),
        ("@x.service", "an instance of no template"),
        ("no-such-daemon.service", "no file no-such-daemon.service in /etc/systemd/system"),
        ("./a$b.service", "is no name of a unit"),
    ],
)
def test_name_that_is_no_service_is_refused(text, said, tmp_path):
    with pytest.raises(TargetError) as refused:
        resolve(text, tmp_path)
    assert said in str(refused.value)


# What systemd has to say of a unit that it cannot start, and the status of the run.
DOWN = {
    "unknown": ("[Service]\nExecStart=/no/such/program\n", 4, "203/EXEC"),
    "unfinished": ("[Service]\nNoSuchDirective=1\n", 4, "bad-setting"),
    "user": ("[Service]\nUser=no-such-user\nExecStart=/bin/sleep 1\n", 4, "217/USER"),
    "requires": (
        "[Unit]\nRequires=no-such.service\n" + FINE,
        4,
        'add `units = ["no-such.service"]`',
    ),
    "oneshot": ("[Service]\nType=oneshot\nExecStart=/bin/true\n", 4, "left no daemon to be judged"),
    "exited": (
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
        4,
        "left no daemon to be judged",
    ),
    "forever": (
        "[Unit]\nStartLimitIntervalSec=0\n"
        "[Service]\nRestart=always\nRestartSec=1ms\nExecStart=/bin/true\n",
        4,
        "it is restarted for ever",
    ),
    "halts": (
        "[Service]\nExecStart=/bin/sh -c 'systemctl halt --force --force; sleep 4711'\n",
        0,  # it may not: CAP_SYS_BOOT was dropped
        "",
    ),
    "continued": ("[Service]\nExecStart=/bin/sleep \\\n  4711\n", 0, ""),
    "ends": ("[Service]\nExecStart=/bin/true\n", 4, "it is inactive (dead)"),
    "condition": (
        "[Unit]\nConditionPathExists=/no/such\n" + FINE,
        6,
        "unmet condition check (ConditionPathExists=/no/such)",
    ),
    "crlf": (FINE.replace("\n", "\r\n"), 0, ""),
}


@pytest.fixture(scope="module")
def unit_containment(containment):
    """Skip, by name, where no unit can be started."""
    if why := lacks_units(ChildRun("--target=reference.service", "--clause=UNI-4").wait()):
        pytest.skip(why)
    return containment


def test_unit_that_does_not_start_says_why(unit_containment, tmp_path):
    lists = []
    for name, (text, _, _) in DOWN.items():
        (tmp_path / f"{name}.service").write_text(text, newline="")
        lists.append([f"--target={tmp_path}/{name}.service", "--clause=UNI-7", "-q"])

    runs = dict(zip(DOWN, one_after_another(lists), strict=True))

    for name, (_, status, said) in DOWN.items():
        output = " ".join(runs[name].output.split())
        assert (runs[name].status, said in output) == (status, True), output
        assert "Traceback" not in output


def test_stop_as_long_as_its_limit_is_not_judged(unit_containment, judge, tmp_path):
    """Which of both ends first is chance, as with nginx.service of Debian 12."""
    unit = tmp_path / "slow.service"
    unit.write_text(f"{FINE}ExecStop=/bin/sleep 1\nTimeoutStopSec=1\n")

    verdict = judge(f"--target={unit}", "--clause=UNI-5").verdict("UNI-5", unit.name)

    assert (verdict["outcome"], verdict["reason_code"]) == ("inconclusive", "by-chance"), verdict
    assert "a matter of chance" in verdict["message"]


def test_socket_that_starts_it_again_is_stopped_too(unit_containment, judge, tmp_path):
    """As rsyslog.service: that it was stopped is logged to its own socket."""
    unit = tmp_path / "hears.service"
    unit.write_text("[Unit]\nRequires=hears.socket\n" + FINE)
    unit.with_suffix(".socket").write_text("[Socket]\nListenDatagram=/run/systemd/journal/syslog\n")

    verdict = judge(f"--target={unit}", "--clause=UNI-5").verdict("UNI-5", unit.name)

    assert verdict["outcome"] == "pass", verdict


# Directives, a command that the sandbox lets go wrong or not, and what is said of it
SANDBOXES = {
    "file": (
        "ProtectSystem=strict\nNoNewPrivileges=yes\nPrivateTmp=yes\nRestrictRealtime=yes",
        "touch /var/lib/a",
        "touch: openat(/var/lib/a) gives EROFS",
    ),
    "family": (
        "RestrictAddressFamilies=AF_UNIX",
        "{python} -c 'import socket; socket.socket()'",
        "socket(AF_INET) gives EAFNOSUPPORT",
    ),
    "killed": ("SystemCallFilter=~personality", "setarch -R true", "personality() gives SIGSYS"),
    "hidden": ("ProcSubset=pid", "cat /proc/uptime", "openat(/proc/uptime) gives ENOENT"),
    "twice": (
        "ProtectSystem=strict\nReadOnlyPaths=/var/lib",
        "touch /var/lib/a",
        "several directives refuse touch: openat(/var/lib/a)",
    ),
    "nothing": ("ProtectSystem=full\nRestrictNamespaces=yes", "touch /var/lib/a /nowhere/a", ""),
}


def test_what_a_sandbox_refuses_is_told_with_its_directive(unit_containment, judge, tmp_path):
    for name, (settings, post, _) in SANDBOXES.items():
        command = post.format(python=sys.executable)
        text = f'{FINE}{settings}\nExecStartPost=-/bin/sh -c "{command}"\n'
        (tmp_path / f"{name}.service").write_text(text)

    run = judge(*(f"--target={tmp_path}/{one}.service" for one in SANDBOXES), "--clause=UNI-11")

    for name, (settings, _, said) in SANDBOXES.items():
        verdict = run.verdict("UNI-11", f"{name}.service")
        directive = settings.partition("=")[0] + "= refuses" if name != "twice" else "several"
        if said:
            assert verdict["outcome"] == "advice", (name, verdict)
            assert said in verdict["message"] and directive in verdict["message"], verdict
        else:
            assert verdict["outcome"] == "pass", (name, verdict)


# What a program does under a sandbox, and why nothing is said of that.
UNSEEN = {
    "too-much": (
        "[Service]\nExecStart=/bin/sleep 4711\n"
        'ExecStartPost=-/bin/sh -c "for i in $$(seq 600); do true >/usr/a; done"\n',
        "refused too much to be noted",
    ),
    "unwatched": (
        "[Service]\nExecStart=/var/lib/a/systemd 4711\n",  # as what builds the sandbox is called
        "none of its programs was seen",
    ),
}


def test_what_is_not_seen_is_no_conformance(unit_containment, judge, tmp_path):
    for name, (text, _) in UNSEEN.items():
        (tmp_path / f"{name}.service").write_text(f"{text}ProtectSystem=yes\n")
        prepare = "mkdir /var/lib/a; cp /bin/sleep /var/lib/a/systemd"
        description = f'unit = "./{name}.service"\nprepare = "{prepare}"\n'
        (tmp_path / f"{name}.toml").write_text(description)

    run = judge(*(f"--target={tmp_path}/{one}.toml" for one in UNSEEN), "--clause=UNI-11")

    for name, (_, said) in UNSEEN.items():
        verdict = run.verdict("UNI-11", f"{name}.service")
        assert verdict["outcome"] == "inconclusive" and said in verdict["message"], verdict


@pytest.mark.parametrize(("uid", "said"), [(None, "does not tell the ids"), (33, "not be read")])
def test_ids_that_cannot_be_read_are_not_right(uid, said):
    seen = Identified("target", (), "www-data", uid, uid, frozenset(), 0, ())

    with pytest.raises(verdicts.Inconclusive, match=said):
        _ = seen.faults


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5s", 5), ("1min 30s", 90), ("500ms", 0.5), ("1d 2h", 93600), ("infinity", float("inf"))],
)
def test_time_span_of_systemctl(text, seconds):
    assert unit_ends._seconds(text) == pytest.approx(seconds)


def test_deadline_decides_nothing_while_somebody_is_busy(world):
    """Neither does a busy program that was asked to do something, nor a machine that is slow."""
    late, never = GaveUp("no answer", " within 1 s"), GaveUp("no answer", FOR_GOOD)
    world.gave_up_at_rest(late)  # everybody sleeps
    pid = spawn(world, *PYTHON, "while True: pass")
    world.gave_up_at_rest(never)
    with pytest.raises(GaveUp, match="no answer"):
        world.gave_up_at_rest(late)
    world.signal(pid, signal.SIGKILL)


def test_other_profiles_are_refused():
    runs = one_after_another(
        [
            ["--target=reference.service", "--profile=foreground"],
            ["--target=reference", "--profile=unit"],
        ]
    )

    assert [run.status for run in runs] == [4, 4]
    assert "reference.service is judged as unit" in runs[0].output
    assert "reference is judged as sysv or foreground or article" in runs[1].output


def test_unit_is_unsupported_without_a_world():
    run = ChildRun("--target=reference.service", "--containment=none", "--clause=UNI-4").wait()

    assert run.status == 6
    assert "needs containment root or user" in " ".join(run.output.split())


def cgroups():
    """Return the cgroups that belong to worlds of anybody here."""
    found = subprocess.run(
        ["find", "/sys/fs/cgroup", "-maxdepth", "4", "-name", "daemonspec-*"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return set(found.stdout.split())


_KILLED_HALFWAY = """\
import os, sys
sys.path.insert(0, "fixtures")
from pathlib import Path
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.targets import resolve
laboratory = Laboratory(Settings(sys.argv[1]))
target = resolve("reference.service", Path("."))
with laboratory.manager(target) as manager:
    manager.systemctl("start", target.name)
    print(os.popen("find /sys/fs/cgroup -maxdepth 4 -name 'daemonspec-*'").read(), flush=True)
    os.kill(os.getpid(), 9)
"""


def test_nothing_is_left_of_a_killed_run(unit_containment):
    """Its cgroup is the machine's: whoever made it removes it, whatever becomes of the run."""
    run = subprocess.run(
        [sys.executable, "-c", _KILLED_HALFWAY, unit_containment],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    made = set(run.stdout.split())

    assert run.returncode == -9, run.stderr
    assert made
    until(lambda: not made & cgroups(), 20, "its cgroup is there", lambda: made & cgroups())
