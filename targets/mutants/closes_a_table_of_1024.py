# breaks: FDS-2
"""Closes the numbers below 1024, which was the limit once, and nothing above."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ClosesATableOf1024(Daemon):
    def close_descriptors(self):
        os.closerange(3, 1024)


if __name__ == "__main__":
    main(ClosesATableOf1024)
