"""Every process of it forks without end, each child in a session of its own.

The kernel's scheduler then gives each of them as much as the harness (sched(7), autogroups).  Not
where nothing bounds it: it needs a PID namespace with fewer numbers than the machine has.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
import safety
from reference import Daemon, main


class NeverStopsForking(Daemon):
    MOST_NUMBERS = 20000
    SECONDS = 30  # that each process has, should the harness not end it

    def set_up(self):
        with open("/proc/sys/kernel/pid_max") as file:
            numbers = int(file.read())
        if not safety.contained() or numbers > self.MOST_NUMBERS:
            return super().set_up()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            try:
                if not os.fork():
                    os.setsid()
                    signal.signal(signal.SIGALRM, signal.SIG_DFL)
                    signal.alarm(self.SECONDS)
            except BlockingIOError:
                pass


if __name__ == "__main__":
    main(NeverStopsForking)
