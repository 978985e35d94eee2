"""Ends by SIGSEGV before it has detached."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class CrashesAtStart(Daemon):
    def detach(self):
        os.kill(os.getpid(), signal.SIGSEGV)


if __name__ == "__main__":
    main(CrashesAtStart)
