# breaks: CHD-1, CHD-4
"""Replaces a worker that died, but never waits for it: each one stays a zombie.

The process table fills up over months, and the first to notice is a fork() that fails.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeverWaits(Daemon):
    def reap(self):
        """Look without burying (WNOWAIT in waitid(2))."""
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return {self.worker} if os.waitid(os.P_PID, self.worker, look) else set()


if __name__ == "__main__":
    main(NeverWaits)
