"""What a program tells its service manager is judged by what came first, not by the clock."""

import sys

import pytest

PROGRAM = """\
import os, signal, socket, sys, time

def tell(text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:
        if "NOTIFY_SOCKET" in os.environ:
            teller.sendto(text.encode(), os.environ["NOTIFY_SOCKET"])

def listen():
    listener.bind(sys.argv[1])
    listener.listen()

def stop(*_):
    tell("STATUS=bye\\nSTOPPING=1")
    os._exit(0)

listener = socket.socket(socket.AF_UNIX)
signal.signal(signal.SIGTERM, stop)
{body}
while True:
    signal.pause()
"""
# What a program does, and the facts of NTF-1; 0.4 s is a sleep, and no machine that is slow.
BODIES = {
    "listens-later": ('tell("READY=1")\ntime.sleep(0.4)\nlisten()', ["too-early"]),
    "is-ready-later": ('time.sleep(0.4)\nlisten()\ntell("STATUS=up\\nREADY=1\\n")', []),
    "is-nearly-ready": ('listen()\ntell("READY=10")', ["no-ready"]),
    "opens-another": (
        'listen()\ntell("READY=1")\nsocket.create_server(("127.0.0.1", 9556))', ["too-early"],
    ),
    "stays": ('signal.signal(signal.SIGTERM, lambda *_: None)\nlisten()\ntell("READY=1")', []),
}  # fmt: skip
READY = """\
listen()
tell("READY=1")
while os.environ.get("WATCHDOG_PID") == "1":
    signal.pause()
"""
# What a program does once it is ready, and the facts of NTF-5.
WATCHED = {
    "tells-by-an-alarm": (
        """signal.signal(signal.SIGALRM, lambda *_: tell("WATCHDOG=1"))
signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)""", [],
    ),
    "tells-in-passing": (
        """for turn in range(1000):
    time.sleep(0.1)
    if turn % 6 == 0:
        tell("STATUS=up\\nWATCHDOG=1")""", [],
    ),
    "is-awake-and-silent": ("while True:\n    time.sleep(0.1)", ["no-watchdog"]),
    "tells-once": ('tell("WATCHDOG=1")', ["too-rare"]),
    "takes-it-for-milliseconds": (
        """while True:
    time.sleep(int(os.environ.get("WATCHDOG_USEC", 0)) / 1e3 or 1e3)
    tell("WATCHDOG=1")""", ["no-watchdog"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(judge, tmp_path_factory):
    """The run of all programs."""
    directory, targets = tmp_path_factory.mktemp("notified"), []
    for name, (body, _) in BODIES.items():
        program, description = directory / f"{name}.py", directory / f"{name}.toml"
        program.write_text(PROGRAM.replace("{body}", body))
        start = f"{sys.executable} -I {program} {{dir}}/late.sock"
        description.write_text(f'start = "{start}"\nnotify = true\n')
        targets.append(f"--target={description}")
    return judge(*targets, "--profile=foreground", "--clause=NTF", "-n2")


@pytest.fixture(scope="module")
def watched(judge, tmp_path_factory):
    """The run of all programs that have a watchdog."""
    directory, targets = tmp_path_factory.mktemp("watched"), []
    for name, (body, _) in WATCHED.items():
        program, description = directory / f"{name}.py", directory / f"{name}.toml"
        program.write_text(PROGRAM.replace("{body}", f"{READY}{body}"))
        start = f"{sys.executable} -I {program} {{dir}}/watched.sock"
        description.write_text(f'start = "{start}"\nnotify = true\nwatchdog = true\n')
        targets.append(f"--target={description}")
    return judge(*targets, "--profile=foreground", "--clause=NTF-5", "-n2")


@pytest.mark.parametrize("name", BODIES)
def test_order_decides(name, judged):
    verdicts = {one["clause"]: one for one in judged.verdicts if one["target"] == name}

    assert verdicts["NTF-1"]["facts"] == BODIES[name][1], verdicts["NTF-1"]
    stop = verdicts["NTF-3"]
    told = ("inconclusive", "is:STP-1") if name == "stays" else ("pass", None)
    assert (stop["outcome"], stop["reason_code"]) == told, stop


@pytest.mark.parametrize("name", WATCHED)
def test_timers_decide(name, watched):
    """Whoever has other timers, or an alarm, is judged by when it can tell at the earliest."""
    assert watched.verdict("NTF-5", name)["facts"] == WATCHED[name][1], watched.output
