# breaks: INS-1
"""Binds its ports with SO_REUSEPORT and holds no lock: each start adds an instance.

The kernel spreads the clients over all of them (socket(7)); a stop ends one.
"""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class SharesItsPorts(Daemon):
    def take_pidfile(self):
        if os.path.lexists(self.pidfile):
            os.unlink(self.pidfile)
        super().take_pidfile()

    def open_port(self, kind):
        made = super().open_port(kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return made


if __name__ == "__main__":
    main(SharesItsPorts)
