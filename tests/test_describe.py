"""`daemonspec describe`: what it finds, what it says that it did not find, and what it refuses."""

import shutil
import sys
import tomllib
from dataclasses import replace

import pytest

from daemonspec import cli, greetings
from daemonspec.describe import describe
from daemonspec.laboratory import Settings
from daemonspec.model import File, Probe, Target
from daemonspec.targets import description, draft
from daemonspec.toml_text import block, bytes_of, quoted
from running import TARGETS

REFERENCE = f"{sys.executable} -I -S -B {TARGETS}/reference/reference.py"


@pytest.fixture(scope="module")
def drafted(containment, tmp_path_factory):
    """A function from a command line to (the description's text, what it says)."""
    directory = tmp_path_factory.mktemp("drafts")

    def run(line):
        text = describe(line, directory, Settings(containment, stop_timeout=2.0))
        return text, tomllib.loads(text)

    return run


def _mounts(containment):
    return containment in ("root", "user")


@pytest.mark.usefixtures("own_place")
def test_what_the_reference_shows_is_found(drafted, containment, tmp_path, judge):
    """It judges without an edit: every key is that of the shipped description."""
    text, values = drafted(f"{REFERENCE} --pidfile {tmp_path}/d.pid --socket {tmp_path}/d.sock")

    program = values["start"].partition(" ")[0]  # its name alone where PATH leads to it
    assert shutil.which(program) == sys.executable
    assert values["stop"] == "SIGTERM"
    assert values["ready"] == values["serves"] == {"unix": f"{tmp_path}/d.sock", "expect": "ok"}
    assert "listens before its launcher exits" in text
    assert "exited with status 0 after SIGTERM" in text
    if _mounts(containment):
        assert values["pidfile"] == f"{tmp_path}/d.pid"
    path = tmp_path / "d.toml"
    path.write_text(text)
    run = judge(f"--target={path}", "--clause=PIDF-2", "--clause=STA-2")
    assert run.status == 0, run.output
    assert run.outcomes("d")["STA-2"] == "pass"


def test_what_is_declared_is_kept(drafted):
    _, values = drafted("reference")

    assert values["exercise"] == "kill -USR1 $(cat {dir}/daemon.pid)"
    assert values["pidfile"] == "{dir}/daemon.pid"
    assert "--hook '{probe}'" in values["start"]
    assert "--foreground" in values["foreground"]


def test_what_stays_in_the_foreground(drafted, tmp_path):
    text, values = drafted(f"{REFERENCE} --foreground --tcp 127.0.0.1:4711")

    assert "--profile=foreground" in text and "no sysv daemon (PAR-2)" in text
    assert values["ready"] == {"tcp": "127.0.0.1:4711", "expect": "ok"}
    assert "foreground" not in values


DETACHES = """
import os, signal, socket, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
server = socket.create_server(("127.0.0.1", PORT))
fd = os.open("/dev/null", os.O_RDWR)
for number in range(3): os.dup2(fd, number)
"""
DIFFERS = f"""{DETACHES.replace("PORT", "0")}
with open(f"{{os.environ['HERE']}}/{{os.getpid()}}.pid", "w") as file:
    file.write(str(os.getpid()))
while True: signal.pause()
"""
DIES = f"""{DETACHES.replace("PORT", "4712")}
while True:
    client, _ = server.accept()
    if not client.recv(99): raise OSError("a client that says nothing")
"""


def test_what_differs_is_not_declared(drafted, containment, tmp_path, monkeypatch):
    """A port by chance, a pidfile with a number in its name, and a SIGTERM that is ignored."""
    monkeypatch.setenv("HERE", str(tmp_path))
    program = tmp_path / "differs.py"
    program.write_text(DIFFERS)

    text, values = drafted(f"{sys.executable} -I -S {program}")

    assert not {"pidfile", "stop", "ready", "serves"} & values.keys()
    assert "Not the same in every start, so not used: tcp 127.0.0.1:" in " ".join(text.split())
    assert "did not end after SIGTERM" in text
    not_used = text.partition("not used:")[2].partition("\n\n")[0]
    assert (f"{tmp_path}/" in not_used) == _mounts(containment)


def test_what_a_client_ends_gets_no_probe(drafted, tmp_path):
    """With a probe that ends it, nothing could be judged; without one SIG-4 names the defect."""
    program = tmp_path / "dies.py"
    program.write_text(DIES)

    text, values = drafted(f"{sys.executable} -I -S {program}")

    assert values.keys() - {"packages"} == {"start"}  # this Python may be a package's
    flat = " ".join(text.replace("\n#", "").split())
    assert "A client that connected to tcp 127.0.0.1:4712, and left, ended it (SIG-4)" in flat
    assert "did not end after SIGTERM" in flat


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/bin/true"], "returned 0 and left no process"),
        (["refernce"], "did you mean reference?"),
        (["reference", "-o", "{there}"], "is there already: choose another name"),
        (["reference", "-o", "{there}/x.toml"], "{there}/x.toml: Not a directory"),
        (["reference", "--start-timeout=soon"], "invalid float value: 'soon'"),
        (["reference", "--containmnt=root"], "did you mean --containment?"),
        (["reference.service"], "a unit describes itself: daemonspec run reference.service"),
    ],
)
def test_refusals_are_one_line(containment, tmp_path, capsys, words, said):
    there = tmp_path / "there"
    there.write_text("")

    status = cli.main(["describe", *(word.format(there=there) for word in words)])

    told = capsys.readouterr()
    assert status == 4 and told.out == ""
    assert said.format(there=there) in told.err and told.err.count("\n") == 1


# -- the text, without a start ----------------------------------------------------------------

FOUND = draft.Found(
    main="d", pidfile="/run/d.pid", others=("/run/d.lock",), probe=None, how=None,
    listeners=("udp 127.0.0.1:69",), varying=(), logs=("/var/log/d",), users=("nobody",),
    harmed=None, stopped=True, ended="it exited with status 0 after SIGTERM to it", late=None,
    package="d-pack",
)  # fmt: skip
HARD = 'a\\b """c"""\n\td = \'{dir}\'\n'


def test_text_is_read_back_as_it_was(tmp_path):
    """Quotes, line ends, bytes and modes survive."""
    target = Target(
        "d", ("/bin/sh", "-c", 'echo "a b"; sleep \\9'), tmp_path, True,
        files={"{dir}/x y": File(HARD), "/etc/key": File("\x7f\x01é\r\n", 0o600)},
        prepare="mkdir a\nmkdir b\n", before="true",
        serves=Probe("tcp", "127.0.0.1:1", b'\x00\xff"\\\r\n', b"\x7f"),
    )  # fmt: skip
    path = tmp_path / "d.toml"
    path.write_text(draft.text(target, FOUND, tmp_path / "x y.toml"), encoding="utf-8")

    read = description.load(path)

    kept = ("start", "background", "files", "prepare", "before", "serves", "stop")
    assert {name: getattr(read, name) for name in kept} == {
        name: getattr(target, name) for name in kept
    }
    assert read.packages == ("d-pack",)
    assert read.pidfile == "/run/d.pid"


def test_program_beside_the_description_is_named_from_there(tmp_path):
    target = Target("d", (f"{tmp_path}/bin/d", "-x"), tmp_path)

    beside, elsewhere = (
        draft.text(target, FOUND, place / "x y.toml") for place in (tmp_path, tmp_path / "x")
    )

    assert tomllib.loads(beside)["start"] == "./bin/d -x"
    assert "daemonspec run 'x y.toml'\n" in beside
    assert tomllib.loads(elsewhere)["start"] == f"{tmp_path}/bin/d -x"


def test_what_was_not_found_is_said(tmp_path):
    target = Target("d", ("/bin/sh",), tmp_path)
    nothing = replace(FOUND, pidfile=None, stopped=None, ended="a client ended it before")

    text = draft.text(target, nothing, tmp_path / "d.toml")

    assert tomllib.loads(text).keys() == {"start", "packages"}
    flat = " ".join(text.replace("\n#", "").split())
    for said in (
        "what udp 127.0.0.1:69 answers; give a request, and a part of its answer",
        "Not found: a file with its main process's number",
        "These name other processes of it: /run/d.lock",
        "Its stop was not tried: a client ended it before",
        "runs as nobody", "It writes to /var/log/d",
    ):  # fmt: skip
        assert said in flat


def test_command_line_that_is_no_text_is_refused(tmp_path):
    target = Target("d", ("/bin/sh", "\udcff"), tmp_path)

    with pytest.raises(draft.TargetError, match="is not UTF-8"):
        draft.text(target, FOUND, tmp_path / "x y.toml")


@pytest.mark.parametrize("text", [HARD, "", "one line", "é\n", "\x00\x7f\\", "'\"\n"])
def test_texts_of_toml(text):
    assert tomllib.loads(f"a = {quoted(text)}\nb = {block(text)}") == {"a": text, "b": text}
    given = text.encode()
    assert tomllib.loads(f"a = {bytes_of(given)}")["a"].encode("latin-1") == given


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", b"SSH-2.0-"),
        (b"220 host.example ESMTP ready\r\n", b"220 "),
        (b"ok", b"ok"),
        (b"hello there\r\nmore", b"hello there"),
        (b"", b""),
    ],
)
def test_banner_is_what_stays_the_same(answer, expected):
    """A version, or a host's name, would make the description wrong on the next machine."""
    assert greetings.GREETINGS[0].expected(answer) == expected
