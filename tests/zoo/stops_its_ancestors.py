"""Sends SIGSTOP to its parent and to its parent's parent, and goes on to start."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class StopsItsAncestors(Daemon):
    def detach(self):
        with open(f"/proc/{os.getppid()}/stat") as file:
            grandparent = int(file.read().rpartition(")")[2].split()[1])
        for pid in (grandparent, os.getppid()):
            if pid > 0:
                os.kill(pid, signal.SIGSTOP)
        super().detach()


if __name__ == "__main__":
    main(StopsItsAncestors)
