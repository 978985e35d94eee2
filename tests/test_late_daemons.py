"""What a daemon still does when its launcher has returned is not held against it."""

import sys

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
