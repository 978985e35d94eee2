"""Stops the shell that started it, and goes on to start."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class StopsItsShell(Daemon):
    def detach(self):
        os.kill(os.getppid(), signal.SIGSTOP)
        super().detach()


if __name__ == "__main__":
    main(StopsItsShell)
