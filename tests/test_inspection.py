"""`daemonspec inspect` reads what is there, says what cannot be read, and touches nothing."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from daemonspec.clauses import every_clause
from daemonspec.inspection import reading
from daemonspec.inspection.families import family_of
from daemonspec.inspection.page import page
from daemonspec.inspection.suspicions import readings
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.targets import resolve
from daemonspec.verdicts import Unsupported
from running import ROOT

NOBODY = 65534
# A process with something wrong in each place that can be read.
STRANGE = """\
import os, signal, sys, time
os.setsid()
os.umask(0)
os.mkdir("gone"); os.chdir("gone"); os.rmdir("../gone")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
left = open("../left", "w"); os.unlink("../left")
if os.fork() == 0:
    os._exit(0)
os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
os.close(0)
sys.stdout.write("ready"); sys.stdout.flush()
time.sleep(600)
"""


@pytest.fixture
def strange(tmp_path):
    """The pid of such a process; its standard output is a pipe to another session."""
    made = subprocess.Popen([sys.executable, "-c", STRANGE], cwd=tmp_path, stdout=subprocess.PIPE)
    made.stdout.read(5)
    reader = subprocess.Popen(["cat"], stdin=made.stdout, start_new_session=True)
    made.stdout.close()
    yield made.pid
    for one in (made, reader):
        one.kill()
        one.wait()


@pytest.fixture
def plain():
    """The pid of a process without anything of its own."""
    made = subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL)
    yield made.pid
    made.kill()
    made.wait()


def test_what_is_wrong_is_seen(strange):
    family = family_of(reading.inspected(strange), reading.everybody())

    found = {one.clause: one for one in readings(family) if one.suspicious}

    assert {"TTY-3", "FDS-1", "FDS-2", "UMK-2", "CWD-1", "SIG-1", "CHD-1", "STP-1"} <= found.keys()
    texts = " ".join(one.text for one in readings(family) if one.clause == "FDS-2")
    assert "left (deleted)" in texts and "a pipe with " in texts and "(cat): 1 (pipe:" in texts


def test_page_is_no_verdict_and_says_how_to_get_one(plain):
    text = "\n".join(page(plain))

    assert f"{plain} (sleep): sleep 600" in text
    assert "Nothing of this is a verdict" in text.replace("\n", " ")
    assert text.endswith("sleep 600'") and "daemonspec run --profile=auto '/" in text


def _zombie():
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def test_what_is_no_process_is_refused():
    zombie = _zombie()
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    gone = subprocess.Popen(["true"])
    gone.wait()
    said = {
        zombie: "a zombie until", gone.pid: "no such process", thread.native_id: "a thread of",
    }  # fmt: skip
    try:
        for pid, text in said.items():
            with pytest.raises(reading.NotReadable, match=text) as refused:
                page(pid)
            assert "\n" not in str(refused.value)
    finally:
        done.set()
        thread.join()
        os.waitpid(zombie, 0)


def test_kernel_thread_is_refused():
    names = {one.pid: one.stat.comm for one in reading.everybody().values()}
    if names.get(2) != "kthreadd":
        pytest.skip("no kernel thread is to be seen from this PID namespace")

    with pytest.raises(reading.NotReadable, match="2: a kernel thread"):
        page(2)


def test_what_is_no_number_is_refused():
    words = ["", "0", "-1", "abc", "99999999", "٣", "self"]

    done = _inspect("--", *words)

    assert (done.returncode, done.stdout) == (4, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(words)
    assert all("not the number of a process" in line for line in lines), done.stderr


def test_those_that_are_there_are_told_all_the_same(plain):
    done = _inspect("abc", str(plain))

    assert done.returncode == 4
    assert f"{plain} (sleep)" in done.stdout


def _inspect(*words):
    return subprocess.run(
        [sys.executable, "-m", "daemonspec", "inspect", *words], check=False, text=True,
        capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "fixtures")},
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_process_of_another_user_is_read_as_far_as_it_may_be(plain):
    every_clause()  # the suites need not be readable by everybody
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try:
            os.write(told, "\n".join(page(plain)).encode())
        finally:
            os._exit(0)
    os.close(told)
    with open(heard) as file:
        text = file.read()
    os.waitpid(child, 0)

    assert "Permission denied" in text and text.count("run as root") == 2
    assert "umask" in text, "what everybody may read is told"


# Events of sys.audit() that change something, or speak to somebody.
TOUCHES = {"os.kill", "os.killpg", "socket.connect", "socket.sendto", "signal.pthread_kill",
           "os.remove", "os.rename", "os.chmod", "ctypes.dlsym"}  # fmt: skip


def test_nothing_is_touched(strange):
    """No signal, no tracing, no connection; files are opened for reading alone."""
    done = subprocess.run(
        [sys.executable, "-c", _AUDITED, str(strange), ",".join(sorted(TOUCHES))], check=False,
        text=True, capture_output=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "fixtures"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip

    assert done.stdout.splitlines() == ["read"], done.stderr


_AUDITED = """\
import os, sys
from daemonspec.clauses import every_clause
from daemonspec.inspection.page import page
every_clause()
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
    if event in sys.argv[2].split(",") or writes:
        print(event, arguments)
sys.addaudithook(watch)
assert page(int(sys.argv[1]))
print("read")
"""


def test_unit_stands_beside_what_it_promises(containment):
    """In a world with systemd: the reference keeps what it promises."""
    laboratory = Laboratory(Settings(containment))
    try:
        with laboratory.manager(resolve("reference.service", Path("/"))) as manager:
            manager.systemctl("start", "reference.service")
            number = "$(systemctl show -p MainPID --value reference.service)"
            python = f"PYTHONPATH={ROOT}/fixtures {sys.executable} -B -m daemonspec"
            text = manager.run(f"{python} inspect {number}").text
    except Unsupported as why:
        pytest.skip(str(why))
    finally:
        laboratory.close()

    assert "reference.service, Type=forking, Restart=on-failure:" in text, text
    for kept in ("MainPID=", "WorkingDirectory=/, is /", "PIDFile=/run/reference.pid, is /run/"):
        assert f"\n      {kept}" in text, text
    assert "\nlook  UMask=0022, is 0000" in text, "it sets its own, by daemon(7), step 10"
    assert "daemonspec run reference.service" in text
