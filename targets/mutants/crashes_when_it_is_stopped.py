# breaks: STP-1, STP-2
"""Ends by SIGSEGV when SIGTERM comes: what it wanted to save is lost, at every stop.

Its files are gone by then: an administrator who only looks whether it is still there sees nothing.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class CrashesWhenItIsStopped(Daemon):
    def serve(self):
        super().serve()
        self.tidy_up()
        os.kill(os.getpid(), signal.SIGSEGV)


if __name__ == "__main__":
    main(CrashesWhenItIsStopped)
