"""Stops itself before it has detached, which gives the prompt back."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class StopsItsLauncher(Daemon):
    def detach(self):
        os.kill(os.getpid(), signal.SIGSTOP)
        super().detach()


if __name__ == "__main__":
    main(StopsItsLauncher)
