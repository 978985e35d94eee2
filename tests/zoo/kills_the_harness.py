"""Sends SIGKILL to its shell, to the harness's process above that, and to who made this one."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main

GENERATIONS = 3


class KillsTheHarness(Daemon):
    def detach(self):
        above, pid = [], os.getpid()
        while pid and len(above) < GENERATIONS:
            with open(f"/proc/{pid}/stat") as file:
                pid = int(file.read().rpartition(")")[2].split()[1])
            above.append(pid)
        for pid in filter(None, reversed(above)):
            os.kill(pid, signal.SIGKILL)
        super().detach()


if __name__ == "__main__":
    main(KillsTheHarness)
