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


@pytest.fixture(scope="module")
def undeclared(judge, tmp_path_factory):
    """A Run on two daemons with a UNIX socket that no description names as a service."""
    place = tmp_path_factory.mktemp("clients")
    for name, (program, _) in PROGRAMS.items():
        start = f"{sys.executable} -I -S -B {TARGETS / program}"
        (place / f"{name}.toml").write_text(DESCRIPTION.format(start=start))
    targets = [f"--target={place / name}.toml" for name in PROGRAMS]
    return judge(*targets, "--clause=SIG-4")


@pytest.mark.parametrize("name", PROGRAMS)
def test_undeclared_unix_socket_has_clients(name, undeclared):
    """Whoever listens at a path has clients that go away, whatever is declared of it."""
    assert undeclared.outcomes(name) == {"SIG-4": PROGRAMS[name][1]}, undeclared.output


def test_harmful_client_is_named(undeclared):
    """The finding says which socket it was, and what became of the daemon."""
    message = undeclared.verdict("SIG-4", "dies")["message"]

    assert "/d.sock that " in message and message.endswith("was killed by SIGPIPE"), message
