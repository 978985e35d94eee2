# breaks: PIDF-2
# leaves open: FDS-9, SIG-3, NTF-7, ACT-4
"""Writes more than its pid on the first line of its pidfile, after a semicolon, as deluged does.

What reads a number and stops there finds the pid; what wants the line to be one finds nothing.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class AddsAPortToItsPid(Daemon):
    def take_pidfile(self):
        super().take_pidfile()
        with open(self.pidfile, "wb") as file:
            file.write(b"%d;58846" % os.getpid())


if __name__ == "__main__":
    main(AddsAPortToItsPid)
