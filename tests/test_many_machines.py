"""Targets are spread over machines: by shards, and by xdist over ssh; the answer is one."""

import contextlib
import getpass
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from daemonspec.report.markdown import markdown
from daemonspec.report.together import Together
from daemonspec.shards import chosen, parse
from running import HARNESS, ROOT, ChildRun, one_after_another, surroundings, until

USAGE = 4
NAMES = [f"./targets/number-{number}.toml" for number in range(300)]
HOSTS = ("first", "second")
SSHD = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {place}/host
AuthorizedKeysFile {place}/key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PidFile none
"""
SSH = """\
Host {host}
  HostName 127.0.0.1
  Port {port}
  User {user}
  IdentityFile {place}/key
  IdentitiesOnly yes
  UserKnownHostsFile {place}/known
  StrictHostKeyChecking accept-new
  BatchMode yes
"""
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


# -- shards ---------------------------------------------------------------------------------------


def test_each_target_is_in_one_shard():
    parts = [chosen(NAMES, (number, 7)) for number in range(1, 8)]

    assert sorted(one for part in parts for one in part) == sorted(NAMES)
    assert min(map(len, parts)) > len(NAMES) / 7 / 2, "about as many in each"


def test_a_new_target_moves_no_other():
    one, more = NAMES[:100] + NAMES[101:], NAMES
    parts = [(chosen(one, (number, 7)), chosen(more, (number, 7))) for number in range(1, 8)]

    assert [new for old, new in parts if old != new] != []
    assert all(set(old) <= set(new) for old, new in parts)


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3", "1/ 3"])
def test_shard_that_is_none(text):
    with pytest.raises(ValueError, match=r"parts|write 3/20"):
        parse(text)


def test_shard_judges_its_targets_alone():
    """One without targets is done at once, and is no failure."""
    which = ["--target=reference", "--target=control", "--clause=PAR-2"]
    shards = [f"{number}/3" for number in (1, 2, 3)]
    names = {one: chosen(["reference", "control"], parse(one)) for one in shards}
    empty, full = (next(x for x, own in names.items() if len(own) == count) for count in (0, 1))

    nothing, one = one_after_another([[*which, f"--shard={shard}"] for shard in (empty, full)])

    assert nothing.status == 0 and f"no target is in the shard {empty}" in nothing.output
    assert re.findall(r"^(reference|control): ", one.output, re.MULTILINE) == names[full]


def test_shard_out_of_range_is_refused():
    (run,) = one_after_another([["--shard=4/3"]])

    assert run.status == USAGE
    assert "--shard=4/3: the parts are 1/3 to 3/3" in run.output


# -- ssh ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tx(tmp_path_factory):
    """A function that returns --tx words for two sshd on loopback and a Python's path."""
    missing = [
        name
        for name in ("sshd", "ssh", "ssh-keygen", "unshare")
        if shutil.which(name, path=PATH) is None
    ]
    if missing:
        pytest.skip(f"two machines are played by sshd; missing: {', '.join(missing)}")
    place = tmp_path_factory.mktemp("ssh")
    for name in ("host", "key"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(place / name)]
        subprocess.run(words, check=True)
    with contextlib.ExitStack() as stack:
        for host in HOSTS:
            _serve(stack, place, host)
            words = ["ssh", "-F", str(place / "config"), host, "true"]
            done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)
            if done.returncode:
                pytest.skip(f"this user cannot log in by ssh: {done.stdout}{done.stderr}".strip())

        def words(python):
            ssh = f"ssh_config={place}/config//python={python}//chdir={place}/work"
            return [f"--tx=ssh={host}//{ssh}" for host in HOSTS]

        yield words


def _serve(stack, place, host):
    """Start a sshd, and end it with the stack."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    names = {"place": place, "port": port, "host": host, "user": getpass.getuser()}
    (place / host).mkdir()
    config = place / host / "sshd_config"
    config.write_text(SSHD.format(**names))
    with (place / "config").open("a") as file:
        file.write(SSH.format(**names))
    words = [shutil.which("sshd", path=PATH), "-D", "-e", "-f", str(config)]
    if os.geteuid() == 0:  # which wants /run/sshd, where packages' scripts make it
        made = 'mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$@"'
        words = ["unshare", "--mount", "sh", "-c", made, "sh", *words]
    log = place / host / "log"
    with log.open("wb") as file:
        server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=file)
    stack.callback(lambda: (server.terminate(), server.wait()))
    until(
        lambda: "Server listening" in log.read_text() or server.poll() is not None,
        30, "sshd did not listen", log.read_text,
    )  # fmt: skip
    if server.poll() is not None:
        pytest.skip(f"sshd does not run here: {log.read_text().strip()}")


def _run(tmp_path, tx, *words):
    """Return (status, output, document) of a run on two machines."""
    path = tmp_path / "run.json"
    words = [*words, *tx, "--dist=load", f"--report-json={path}"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "daemonspec", "run", *words],
        cwd=tmp_path, env=surroundings(PYTHONPATH=str(ROOT / "fixtures")), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, json.loads(path.read_text())


def _python(directory, *options, **environment):
    """Write a program that is Python there; return its path."""
    path = Path(directory, "python")
    put = " ".join(f"{name}={value}" for name, value in environment.items())
    path.write_text(f'#!/bin/sh\n{put} exec {sys.executable} {" ".join(options)} "$@"\n')
    path.chmod(0o755)
    return path


def test_two_machines_judge_side_by_side(tmp_path, tx):
    """A target by a relative path, as on one machine; every launch says where it was."""
    python = _python(tmp_path, PYTHONPATH=HARNESS.parent)
    (tmp_path / "mine.toml").write_text("start = 'sleep 1000 &'\n")

    status, output, document = _run(
        tmp_path, tx(python), "./mine.toml", "reference", "--clause=UMK-1", "--clause=PAR-1"
    )

    assert status in (0, 1), output
    judged = {(one["target"], one["clause"]) for one in document["verdicts"]}
    assert judged == {(a, b) for a in ("mine", "reference") for b in ("UMK-1", "PAR-1")}
    assert {one["id"].partition("-")[0] for one in document["launches"]} == {"gw0", "gw1"}
    assert {one["host"] for one in document["launches"]} == {socket.gethostname()}


def test_machine_without_daemonspec_is_named(tmp_path, tx):
    status, output, document = _run(tmp_path, tx(_python(tmp_path, "-I", "-S")), "reference")

    assert status == USAGE
    assert f"--tx: first: {sys.executable} has no daemonspec, and here" in output
    assert document["verdicts"] == []


def test_machines_want_what_is_installed(tmp_path):
    """A checkout's pytest has nothing to start there."""
    (run,) = one_after_another([["--dist=load", "--tx=ssh=nowhere"]])

    assert run.status == USAGE
    assert "use `daemonspec run`" in run.output


# -- documents of several machines -----------------------------------------------------------------


def test_verdicts_that_differ_name_their_machines(tmp_path):
    """Two documents of one target laid together: what differs is told, with the machine of each."""
    options = ("--target=control", "--clause=UMK-1", "--clause=TTY-1")
    document = ChildRun(*options, json=tmp_path / "run.json").wait().document
    other = json.loads(json.dumps(document))
    for one, host in ((document, "amber"), (other, "birch")):
        one["machine"]["host"] = host
    (changed,) = (one for one in other["verdicts"] if one["clause"] == "TTY-1")
    changed["outcome"] = "pass"

    said = markdown(Together([document, other]))

    assert r"* control TTY-1: fail in run 1 on amber, pass in run 2 on birch" in said
    assert "UMK-1: " not in said
