# breaks: PIDF-2
"""Writes its pid before the second fork: the file names a process that is gone a moment later.

A service manager then waits for, signals and counts a process that does not exist.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WritesTheIntermediatePid(Daemon):
    def fork_again(self):
        self.early = os.getpid()
        super().fork_again()

    def take_pidfile(self):
        super().take_pidfile()
        with open(self.pidfile, "r+b") as file:
            file.truncate()
            file.write(b"%d\n" % self.early)


if __name__ == "__main__":
    main(WritesTheIntermediatePid)
