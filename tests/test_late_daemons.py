"""What a daemon still does when its launcher has returned: waited for, and judged then."""

import re
import sys

import pytest

from running import TARGETS

# As rsyslogd, which closes 1 and 2 some time after it has written its pidfile.
PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv.pop())
from reference import Daemon, main

class LetsGoLate(Daemon):
    def null_standard_streams(self):
        pass

    def start_worker(self):
        pass

    def serve(self):
        time.sleep(0.3)
        Daemon.null_standard_streams(self)
        Daemon.start_worker(self)
        super().serve()

main(LetsGoLate)
"""
DESCRIPTION = """
start = "{python} -I -S {{here}}/late.py --pidfile {{dir}}/late.pid {reference}"
pidfile = "{{dir}}/late.pid"

[ready]
file = "{{dir}}/late.pid"
"""
CLAUSES = ("FDS-1", "FDS-6", "TTY-10")


def test_late_goodbye_to_the_terminal(judge, tmp_path):
    """It holds the terminal when it is ready, and has let go of it before anybody is hurt."""
    (tmp_path / "late.py").write_text(PROGRAM)
    path = tmp_path / "late.toml"
    path.write_text(DESCRIPTION.format(python=sys.executable, reference=TARGETS / "reference"))

    run = judge(f"--target={path}", *(f"--clause={one}" for one in CLAUSES))

    assert run.outcomes("late") == dict.fromkeys(CLAUSES, "pass"), run.output


# Nothing is to be seen of the port when the launcher has returned, and all are asleep.
BINDS_LATE = """
import os, socket, sys, time
for leave in (os.fork, os.setsid, os.fork):
    if leave() and leave is not os.setsid:
        os._exit(0)
null = os.open("/dev/null", os.O_RDWR)
for number in range(3):
    os.dup2(null, number)
os.chdir("/")
time.sleep(0.4)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 7116))
listener.listen()
while True:
    client, _ = listener.accept()
    client.sendall(b"ok")
    client.close()
"""
PORT = '[ready]\ntcp = "127.0.0.1:7116"\nexpect = "ok"\n'


@pytest.mark.parametrize("ready", [PORT, ""], ids=["declared", "undeclared"])
@pytest.mark.usefixtures("own_place")
def test_start_that_fails_by_a_timer_lies(judge, tmp_path, ready):
    """Its launcher has exited with status 0 long before the port turns out to be taken."""
    (tmp_path / "late.py").write_text(BINDS_LATE)
    path = tmp_path / "late.toml"
    path.write_text(f'start = "{sys.executable} -I -S {{here}}/late.py"\n{ready}')

    run = judge(f"--target={path}", "--clause=STA-2", "--clause=STA-8", "--clause=STA-3")

    outcomes = run.outcomes("late")
    assert outcomes["STA-8"] == "fail", run.output
    assert "bind 127.0.0.1 port 7116 (daemon) fails" in " ".join(run.output.split())
    declared = {"STA-2": "fail", "STA-3": "advice"} if ready else {}
    assert {one: outcomes[one] for one in declared} == declared, run.output


@pytest.mark.usefixtures("own_place")
def test_reason_that_follows_the_prompt_is_heard(judge, tmp_path):
    """As sslh, whose child says on the terminal why it fails, when its launcher has returned."""
    lets_go = "null = " + BINDS_LATE.partition("null = ")[2].partition("os.chdir")[0]
    (tmp_path / "late.py").write_text(
        BINDS_LATE.replace(lets_go, "").replace(
            "listener.listen()\n", f"listener.listen()\n{lets_go}"
        )
    )
    path = tmp_path / "late.toml"
    path.write_text(f'start = "{sys.executable} -I -S {{here}}/late.py"\n{PORT}')

    run = judge(f"--target={path}", "--clause=STA-2", "--clause=STA-3")

    assert run.outcomes("late") == {"STA-2": "fail", "STA-3": "pass"}, run.output


# A chain of processes, each of which forks the next and ends; by itself it ends after a minute.
CHAIN = """
import os, sys, time
for leave in (os.fork, os.setsid, os.fork):
    if leave() and leave is not os.setsid:
        os._exit(0)
null = os.open("/dev/null", os.O_RDWR)
for number in range(3):
    os.dup2(null, number)
end = time.monotonic() + 60
while time.monotonic() < end:
    time.sleep(float(sys.argv[1]))
    if os.fork():
        os._exit(0)
"""


@pytest.mark.parametrize("seconds", ["0.005", "0.3"])
def test_chain_of_processes_does_not_start(judge, tmp_path, seconds):
    """Each ends by itself soon: what a hangup or a key did to one is not to be told."""
    program = tmp_path / "chain.py"
    program.write_text(f"#!{sys.executable} -IS{CHAIN}")
    program.chmod(0o755)

    run = judge(f"--target={program} {seconds}", "--clause=TTY-5", "--start-timeout=2")

    assert run.status == 4, run.output
    said = " ".join(run.output.split())
    assert re.search(r"its main process goes on changing: \d+ \(chain.py\) gave way", said)


def test_helpers_may_come_and_go(judge, tmp_path):
    """A script that starts a program every moment is never at rest, and has a main process."""
    program = tmp_path / "restless"
    loop = "while :; do sleep 0.1; done"
    program.write_text(f"#!/bin/sh\nsetsid -f sh -c '{loop}' </dev/null >/dev/null 2>&1\n")
    program.chmod(0o755)

    run = judge(f"--target={program}", "--clause=SES-1", "--clause=TTY-5", "--start-timeout=2")

    assert run.outcomes("restless") == {"SES-1": "pass", "TTY-5": "pass"}, run.output


# As pg_ctl: the launcher looks for the daemon every moment, and how often is a matter of time.
LOOKS_FOR_IT = """
import os, sys, time
def touch(path):
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
if daemon := os.fork():
    while not os.path.exists(sys.argv[1]):
        try:
            touch(sys.argv[1] + ".looked")
        except OSError:
            pass
        if os.waitpid(daemon, os.WNOHANG)[0]:
            os._exit(1)
        time.sleep(0.005 + os.urandom(1)[0] / 20000)
    os._exit(0)
os.setsid()
null = os.open("/dev/null", os.O_RDWR)
for number in range(3):
    os.dup2(null, number)
for _ in range(4):
    time.sleep(0.02)
    touch(sys.argv[1] + ".log")
touch(sys.argv[1])
while True:
    time.sleep(1000)
"""


def test_calls_of_a_launcher_that_polls_are_no_other_way(judge, tmp_path):
    """What one process does by a timer does not hide the calls of another."""
    (tmp_path / "looks.py").write_text(LOOKS_FOR_IT)
    path = tmp_path / "looks.toml"
    path.write_text(
        f'start = "{sys.executable} -I -S {{here}}/looks.py {{dir}}/there"\n'
        '[ready]\nfile = "{dir}/there"\n'
    )

    run = judge(f"--target={path}", "--clause=STA-12", "--sweep=40")

    assert run.outcomes("looks") == {"STA-12": "pass"}, run.output
