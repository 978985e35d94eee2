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


@pytest.mark.parametrize("name", BODIES)
def test_order_decides(name, judged):
    verdicts = {one["clause"]: one for one in judged.verdicts if one["target"] == name}

    assert verdicts["NTF-1"]["facts"] == BODIES[name][1], verdicts["NTF-1"]
    stop = verdicts["NTF-3"]
    told = ("inconclusive", "is:STP-1") if name == "stays" else ("pass", None)
    assert (stop["outcome"], stop["reason_code"]) == told, stop
