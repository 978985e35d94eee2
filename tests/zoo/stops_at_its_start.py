"""Stops itself before it serves: its launcher waits for it, and does not return."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class StopsAtItsStart(Daemon):
    def set_up(self):
        os.kill(os.getpid(), signal.SIGSTOP)
        super().set_up()


if __name__ == "__main__":
    main(StopsAtItsStart)
