"""Services that nobody declared: found where the daemon takes connections."""

import sys

import pytest

from running import TARGETS

DESCRIPTION = """
start = "{start} --pidfile {{dir}}/d.pid --socket {{dir}}/d.sock"
pidfile = "{{dir}}/d.pid"

[ready]
file = "{{dir}}/d.sock"
"""
PROGRAMS = {
    "dies": ("mutants/dies_of_its_clients.py", "advice"),
    "goes-on": ("reference/reference.py", "pass"),
}


# Takes connections at two paths; a client that goes away from the second one ends it.
SECOND_PATH = """
import os, select, signal, socket, sys
if os.fork():
    os._exit(0)
os.setsid()
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
listeners = []
for name in ("a.sock", "b.sock"):
    listeners.append(socket.socket(socket.AF_UNIX))
    listeners[-1].bind(os.path.join(sys.argv[1], name))
    listeners[-1].listen()
while True:
    for listener in select.select(listeners, [], [])[0]:
        connection, _ = listener.accept()
        try:
            connection.send(b"ok", 0 if listener is listeners[1] else socket.MSG_NOSIGNAL)
        except OSError:
            pass
        connection.close()
"""


@pytest.fixture(scope="module")
def undeclared(judge, tmp_path_factory):
    """A Run on two daemons with a UNIX socket that no description names as a service."""
    place = tmp_path_factory.mktemp("clients")
    for name, (program, _) in PROGRAMS.items():
        start = f"{sys.executable} -I -S -B {TARGETS / program}"
        (place / f"{name}.toml").write_text(DESCRIPTION.format(start=start))
    (place / "second_path.py").write_text(SECOND_PATH)
    start = f"{sys.executable} -I -S {place}/second_path.py {{dir}}"
    (place / "second-path.toml").write_text(f'start = "{start}"\n[ready]\nfile = "{{dir}}/b.sock"')
    targets = [f"--target={place / name}.toml" for name in (*PROGRAMS, "second-path")]
    return judge(*targets, "--clause=SIG-4")


@pytest.mark.parametrize("name", PROGRAMS)
def test_undeclared_unix_socket_has_clients(name, undeclared):
    """Whoever listens at a path has clients that go away, whatever is declared of it."""
    assert undeclared.outcomes(name) == {"SIG-4": PROGRAMS[name][1]}, undeclared.output


def test_harmful_client_is_named(undeclared):
    """The finding says which socket it was, and what became of the daemon."""
    message = undeclared.verdict("SIG-4", "dies")["message"]

    assert "/d.sock that " in message and message.endswith("was killed by SIGPIPE"), message


def test_every_undeclared_socket_has_clients(undeclared):
    """A daemon may survive the clients of one socket and die of another one's."""
    message = undeclared.verdict("SIG-4", "second-path")["message"]

    assert "/b.sock that " in message, undeclared.output
