"""A launcher whose shell was hung up, and which then serves itself, as exim does."""

import sys
import time

# Whose parent has changed takes that for a sign that it is detached, and does not fork.
PROGRAM = """
import os, signal, socket, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
parent = os.getppid()
heard, told = os.pipe()
for number in (0, 1, 2):  # three calls at which the shell can go
    os.dup2(number, number)
if os.getppid() == parent:
    if os.fork():
        os.close(told)
        os._exit(0 if os.read(heard, 1) else 1)
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
os.write(told, b"!")
while True:
    client, _ = listener.accept()
    if {answers} and not os.fork():  # held as every other fork, before the answer
        client.send(b"here")
        os._exit(0)
    client.close()
"""
DESCRIPTION = """
start = "{python} -I -S {{here}}/{name}.py {{dir}}/socket"

[serves]
unix = "{{dir}}/socket"
expect = "here"
"""


def _judge(judge, directory, answers, *options):
    """Return (the Run, its verdict on STA-7)."""
    name = "answers" if answers == "True" else "is_deaf"
    (directory / f"{name}.py").write_text(PROGRAM.replace("{answers}", answers))
    path = directory / f"{name}.toml"
    path.write_text(DESCRIPTION.format(python=sys.executable, name=name))
    run = judge(f"--target={path}", "--clause=STA-7", "--sweep=15", *options)
    return run, run.verdict("STA-7", name)


def test_launcher_that_serves_is_up(judge, tmp_path):
    """It is asked as soon as nothing moves; that it never ends is not waited for."""
    began, limit = time.monotonic(), 200

    run, verdict = _judge(judge, tmp_path, "True", f"--start-timeout={limit}")

    assert verdict["outcome"] == "pass", run.output
    assert _came_in_a_shell(run.document["sweeps"]) >= {"down", "up"}
    assert time.monotonic() - began < limit


def test_launcher_that_is_deaf_is_not_up(judge, tmp_path):
    """A listening socket is no answer: the kernel takes the connection."""
    answers = "os.getsid(0) == os.getpid()"  # undisturbed it does
    run, verdict = _judge(judge, tmp_path, answers, "--start-timeout=3")

    assert verdict["outcome"] == "fail", run.output
    assert "its launcher never exits" in verdict["message"]


def _came_in_a_shell(sweeps):
    return {point["came"] for one in sweeps if one["shape"] == "shell" for point in one["points"]}
