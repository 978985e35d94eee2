# breaks: FDS-6, TTY-10
"""Keeps a copy of its standard output at number 17, for messages that never come.

It closes everything that it inherits above 2, and puts /dev/null onto 0, 1 and 2.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsACopyOfItsStdout(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        os.dup2(1, 17, inheritable=False)


if __name__ == "__main__":
    main(KeepsACopyOfItsStdout)
