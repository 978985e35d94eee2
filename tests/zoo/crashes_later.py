"""Ends by SIGSEGV as soon as it has said that it serves."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class CrashesLater(Daemon):
    def announce(self):
        super().announce()
        os.kill(os.getpid(), signal.SIGSEGV)


if __name__ == "__main__":
    main(CrashesLater)
