"""What a target prints reaches nobody raw, and costs the harness little, however much it is."""

import json
import re
import sys
from pathlib import Path

import psutil
import pytest

from daemonspec.model import Probe
from daemonspec.world import probes
from inside import ENVIRONMENT, PYTHON, SOON, spawn
from running import ChildRun, surroundings

HERE = Path(__file__).resolve().parent
FLOOD, LONG = 12_000_000, 120.0  # bytes, seconds
RAW = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
SECRET = "5wordfish-of-the-zoo"


def _describe(place, animal):
    words = f"{sys.executable} -I -S {HERE}/printing/{animal}.py"
    description = place / f"{animal}.toml"
    description.write_text((HERE / "zoo/target.toml").read_text().replace("{program}", words))
    return description


@pytest.mark.parametrize("way", ["alone", "beside another"])
def test_nothing_harmful_is_shown_or_written(way, containment, tmp_path):
    """Neither at the terminal nor in JSON and JUnit, where nothing else is judged or something."""
    document, junit = tmp_path / "run.json", tmp_path / "junit.xml"
    options = [f"--report-json={document}", f"--junitxml={junit}", "-v", "--show"]
    targets = [f"--target={_describe(tmp_path, 'speaks_in_escapes')}"]
    targets += ["--target=reference"] * (way == "beside another")
    environment = surroundings(DAEMONSPEC_ZOO_TOKEN=SECRET)
    run = ChildRun(*options, *targets, "--clause=TTY-1", environment=environment).wait()

    texts = [run.output, document.read_text(), junit.read_text() if junit.exists() else ""]
    texts.append(json.dumps(json.loads(texts[1]), ensure_ascii=False, indent=1))
    for text in texts:
        assert not RAW.search(text)
        assert SECRET not in text
    assert "\\x1b]52;c;" in run.output
    assert "(hidden)" in run.output


def test_whoever_a_command_leaves_behind_may_print(world):
    """icecast2 warns at its stderr after its init script has returned: SIGPIPE would end it."""
    commands = (
        "mkfifo go; (read go < go; echo late; echo later; echo lives > lives) &",
        "echo > go",
        "until [ -s lives ]; do sleep 0.01; done; cat lives",
    )
    said = [probes.run(world, one, ENVIRONMENT, SOON) for one in commands]

    assert said == [(0, ""), (0, ""), (0, "lives\n")]


def test_flood_at_the_terminal_costs_little_memory(line):
    """The newest is kept, whoever waits for the prompt; by hand the same with 700 MiB."""
    shell = line.open_shell()
    before = psutil.Process().memory_info().rss

    status, said = shell.run(f"head -c {FLOOD} /dev/zero | tr '\\0' x", LONG)

    assert status == 0 and said.endswith("x")
    assert psutil.Process().memory_info().rss - before < FLOOD // 2


def test_flood_of_a_command_is_cut(world):
    """What `prepare`, `stop` and `exercise` print."""
    status, said = probes.run(world, f"head -c {FLOOD} /dev/zero; echo end", ENVIRONMENT, LONG)

    assert status == 0 and said.endswith("\0end\n")
    assert len(said) < 100_000


LOGS = """
import socket
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.connect("/dev/log")
for number in range(2000):
    log.send(b"%d " % number + b"x" * 8000)
"""


def test_flood_in_the_log_is_cut(world):
    """The newest messages are kept, and how many there were is said."""
    if not world.containment.mounts:
        pytest.skip("without mounts /dev/log is the machine's")
    pid = spawn(world, *PYTHON, LOGS)
    world.wait_for(lambda: world.ended(pid), LONG, "it did not end")
    world.wait_for(lambda: world.syslog[-1].startswith("1999 "), SOON, "the last was not heard")

    first, *kept = world.syslog
    assert first == f"[... {2000 - len(kept)} messages left out ...]"
    assert sum(map(len, kept)) < 2_000_000


def test_answer_without_an_end_is_not_awaited(world, monkeypatch):
    """A server that sends for ever, and never what is expected, is deaf."""
    monkeypatch.setattr(probes, "_LONGEST_ANSWER", 0.5)
    path = f"{world.paths.state}/socket"
    spawn(world, *PYTHON, SENDS, path)
    probe = Probe("unix", path, expect=b"ok")
    world.poll_for(lambda: probes.reaches(world, probe)[0], SOON, "it does not listen")

    yes, seen = probes.answers(world, probe, ENVIRONMENT)

    assert not yes
    assert "goes on with another answer than is expected" in seen


SENDS = """
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
while True:
    one, _ = server.accept()
    try:
        while True:
            one.sendall(b"x" * 65536)
    except OSError:
        pass
"""
