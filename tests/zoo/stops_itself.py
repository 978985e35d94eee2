"""Stops itself as soon as it serves."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class StopsItself(Daemon):
    def announce(self):
        super().announce()
        os.kill(os.getpid(), signal.SIGSTOP)


if __name__ == "__main__":
    main(StopsItself)
