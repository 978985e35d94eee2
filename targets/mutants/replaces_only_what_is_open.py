# breaks: FDS-8
"""Puts /dev/null onto those of 0, 1 and 2 that are open: what is closed goes to its own files.

Started with all three closed, it has its pidfile's lock and its sockets there.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ReplacesOnlyWhatIsOpen(Daemon):
    def fill_standard_streams(self):
        self.open_ones = [stream for stream in (0, 1, 2) if is_open(stream)]

    def null_standard_streams(self):
        null = os.open("/dev/null", os.O_RDWR)
        for stream in self.open_ones:
            os.dup2(null, stream)
        os.close(null)


def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(ReplacesOnlyWhatIsOpen)
