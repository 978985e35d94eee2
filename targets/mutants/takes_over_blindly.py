# breaks: INS-1
"""Removes pidfile and socket of whoever has them, and starts: two daemons, one of them unreachable.

`rm -f` in a start script does the same.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TakesOverBlindly(Daemon):
    def take_pidfile(self):
        remove(self.pidfile)
        super().take_pidfile()

    def listen(self):
        remove(self.socket_path)
        super().listen()


def remove(path):
    if os.path.lexists(path):
        os.unlink(path)


if __name__ == "__main__":
    main(TakesOverBlindly)
