# breaks: ACT-1
# by: closed
"""Closes every descriptor first, as a daemon that detaches itself does."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, close_all_but, main


class ClosesTheSocketsThatItIsGiven(Daemon):
    def fill_standard_streams(self):
        super().fill_standard_streams()
        close_all_but({0, 1, 2})

    def take_sockets(self):
        return []


if __name__ == "__main__":
    main(ClosesTheSocketsThatItIsGiven)
