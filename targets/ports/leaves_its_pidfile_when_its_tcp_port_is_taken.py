# breaks: STA-10, STA-12
"""Leaves its pidfile behind when its TCP port is taken: the next process with that pid is named."""

import errno
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesItsPidfileWhenItsTcpPortIsTaken(Daemon):
    def listen_at_port(self, kind, address):
        try:
            super().listen_at_port(kind, address)
        except OSError as error:
            if kind == "tcp" and error.errno == errno.EADDRINUSE:
                self.made.remove(self.pidfile)
            raise


if __name__ == "__main__":
    main(LeavesItsPidfileWhenItsTcpPortIsTaken)
