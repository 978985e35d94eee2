"""PID 1 of a world reaps without end, and still answers."""

import subprocess
from pathlib import Path

from daemonspec.inside import children
from inside import PYTHON, SOON

# Whenever an end is told, the next child has ended already: one, and 20 more at each turn.
CODE = f"""
import os, select, sys
sys.path.insert(0, {str(Path(children.__file__).parents[2])!r})
from daemonspec.inside import children

def another(*told):
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    ends.append(told)

ends = []
children._AT_ONCE = 20
reaped = children.Children(another)
another()
assert reaped.reap()
before = len(ends)
assert select.select([reaped.wake], (), (), 0)[0], "the rest is forgotten"
assert reaped.reap()
print(before, len(ends))
"""


def test_who_asks_is_heard_beside_an_endless_chain():
    """A target whose processes end faster than they are reaped does not keep PID 1 busy."""
    said = subprocess.check_output([*PYTHON, CODE], text=True, timeout=3 * SOON)

    assert said.split() == ["21", "41"]
