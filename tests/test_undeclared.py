"""Daemons that are used in another way than by the socket that their description names."""

import sys

import pytest

from running import TARGETS

PROGRAM = """
import os, select, signal, sys
sys.path.insert(0, sys.argv.pop())
from reference import Daemon, answer, main

class Odd(Daemon):
{body}

main(Odd)
"""
DESCRIPTION = """
start = "{python} -I -S -B {{here}}/{name}.py --pidfile {{dir}}/d.pid {options} {reference}"
pidfile = "{{dir}}/d.pid"
{more}
"""
# Main answers by itself, and stops listening once a client has reset its connection.
DEAF = """
    def start_worker(self):
        pass

    def next_signals(self):
        while self.arrivals not in (found := select.select(self.waits_for(), [], [])[0]):
            with self.listener.accept()[0] as client:
                client.setblocking(True)
                try:
                    client.recv(1)
                except ConnectionResetError:
                    self.listener.close()
        return super().next_signals()

    def waits_for(self):
        return [self.arrivals] + [one for one in self.listeners if one.fileno() >= 0]
"""
# What makes it work is a command, and then it writes to the terminal that it was started from.
TALKS = """
    def null_standard_streams(self):
        self.terminal = os.dup(1)
        super().null_standard_streams()

    def start_hook(self):
        os.write(self.terminal, b"used\\n")
"""
PORT = "127.0.0.1:9553"
# {name: (body, options, what else is declared, clause, outcome, what is said)}
DAEMONS = {
    "deaf": (DEAF, f"--tcp {PORT}", "", "SIG-4", "advice", "lives; port 9553"),
    "talks": (
        TALKS,
        "--hook /bin/true",
        '[serves]\ncommand = "kill -USR1 $(cat {dir}/d.pid)"',
        "TTY-8",
        "fail",
        "used",
    ),
}


@pytest.mark.parametrize("name", DAEMONS)
def test_what_is_seen_of_it(name, judge, tmp_path):
    body, options, more, clause, outcome, said = DAEMONS[name]
    (tmp_path / f"{name}.py").write_text(PROGRAM.format(body=body))
    path = tmp_path / f"{name}.toml"
    path.write_text(
        DESCRIPTION.format(
            python=sys.executable, name=name, options=options, more=more,
            reference=TARGETS / "reference",
        )
    )  # fmt: skip

    verdict = judge(f"--target={path}", f"--clause={clause}").verdict(clause, name)

    assert verdict["outcome"] == outcome and said in verdict["message"], verdict
