# breaks: INS-4, PIDF-6
"""Refuses to start when there is a pidfile: after a crash somebody has to delete it.

That is the whole of O_CREAT|O_EXCL as a lock.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class IsBlockedByItsLeftovers(Daemon):
    def take_pidfile(self):
        if os.path.lexists(self.pidfile):
            raise OSError(f"{self.pidfile} exists: already running?")
        super().take_pidfile()


if __name__ == "__main__":
    main(IsBlockedByItsLeftovers)
