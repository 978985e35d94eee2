"""The first process of a world kills the others before it is ended: nothing is held up by them."""

import json
import subprocess
from pathlib import Path

import pytest

from daemonspec.inside import last_order
from inside import PYTHON, SOON

# A PID namespace whose first process heeds, with another that gives back what it is sent.
CODE = f"""
import json, os, select, signal, sys
sys.path.insert(0, {str(Path(last_order.__file__).parents[2])!r})
from daemonspec.inside import last_order, wire
from daemonspec.kernel import linux

def lives():
    mine.send(None)
    return select.select([mine, other], (), (), {SOON})[0] == [mine] and mine.receive()[0] is None

heard, told = wire.Wire.pair()
mine, its = wire.Wire.pair()
first = linux.clone(linux.CLONE_NEWPID | (linux.CLONE_NEWUSER if os.geteuid() else 0))
if not first:
    linux.die_with_parent()
    if not os.fork():
        while True:
            its.send(its.receive()[0])
    wake, waker = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(waker)
    last_order.heed(told)
    while True:
        told.send("waits")
        select.select([wake], (), ())
        os.read(wake, 1)
heard.receive()
with open(f"/proc/{{first}}/task/{{first}}/children") as file:
    other = os.pidfd_open(int(file.read()))
os.kill(first, signal.SIGPWR)
heard.receive()
{{between}}
seen = [lives(), last_order.give(first, heard), lives()]
os.kill(first, signal.SIGKILL)
os.waitpid(first, 0)
said = []
while select.select([heard], (), (), 0)[0]:
    said.append(heard.receive()[0])
print(json.dumps([*seen, said]))
"""


@pytest.fixture
def order(containment):
    """Return give(): it tells [whether the other lived, the answer, whether it lives, all said]."""
    if containment not in ("root", "user"):
        pytest.skip("needs a PID namespace")

    def give(between=""):
        code = CODE.replace("{between}", between)
        return json.loads(subprocess.check_output([*PYTHON, code], text=True, timeout=3 * SOON))

    return give


def test_other_is_killed_while_the_first_process_lives(order):
    """Not for the signal alone, which a target can send as well; and nothing is told of it."""
    assert order() == [True, True, False, [None]]


def test_first_process_that_does_not_answer_holds_nobody_up(order):
    """It is stopped, or waits for what the others hold: it is killed without that."""
    assert order("os.kill(first, signal.SIGSTOP)") == [True, False, True, []]
