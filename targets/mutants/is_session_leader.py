# breaks: TTY-3
"""Omits the second fork: it stays session leader and acquires the next terminal it opens.

That is what daemon(3) of glibc does (BUGS there), and so do most programs that call it.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class IsSessionLeader(Daemon):
    def fork_again(self):
        pass


if __name__ == "__main__":
    main(IsSessionLeader)
