# breaks: FDS-1, TTY-10
"""Keeps its standard input, descriptor 0, where it was: on the terminal, which stays open.

The other two lead to /dev/null.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main

KEPT = 0


class KeepsItsStdin(Daemon):
    def null_standard_streams(self):
        null = os.open("/dev/null", os.O_RDWR)
        for stream in {0, 1, 2} - {KEPT}:
            os.dup2(null, stream)
        os.close(null)


if __name__ == "__main__":
    main(KeepsItsStdin)
