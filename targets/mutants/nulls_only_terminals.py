# breaks: FDS-6
"""Puts /dev/null onto 0, 1 and 2 only where they are terminals, so that a redirected log works.

Then "$(...)" and "| cat", whose pipes are no terminals, wait until the daemon ends.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NullsOnlyTerminals(Daemon):
    def null_standard_streams(self):
        null = os.open("/dev/null", os.O_RDWR)
        for stream in (0, 1, 2):
            if os.isatty(stream):
                os.dup2(null, stream)
        os.close(null)


if __name__ == "__main__":
    main(NullsOnlyTerminals)
