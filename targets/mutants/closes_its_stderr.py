# breaks: FDS-1
"""Closes its standard error once it is up, however it was started, and puts nothing in its place.

Seen in tinyproxy, which closes all three, and has a socket and its log at 0 and 1.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main


class ClosesItsStderr(Daemon):
    def announce(self):
        super().announce()
        os.close(STDERR)


if __name__ == "__main__":
    main(ClosesItsStderr)
