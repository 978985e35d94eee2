# breaks: FDS-8
"""Started with descriptor 0 closed, it has one of its own files there; the other two it fills."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main

USED = 0


class UsesAClosedStdin(Daemon):
    def fill_standard_streams(self):
        is_open = os.path.exists(f"/proc/self/fd/{USED}")
        self.filled = {0, 1, 2} if is_open else {0, 1, 2} - {USED}
        super().fill_standard_streams()
        if not is_open:
            os.close(USED)

    def null_standard_streams(self):
        null = os.open("/dev/null", os.O_RDWR)
        for stream in self.filled:
            os.dup2(null, stream)
        os.close(null)


if __name__ == "__main__":
    main(UsesAClosedStdin)
