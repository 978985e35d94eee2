# breaks: STP-3, INS-4
"""Binds its TCP port without SO_REUSEADDR: it cannot start for a minute after it had a client.

The connections that it ended are in TIME_WAIT (tcp(7)), and their port is in use (bind(2)).
"""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WaitsForItsOldConnections(Daemon):
    def open_port(self, kind):
        made = super().open_port(kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        return made


if __name__ == "__main__":
    main(WaitsForItsOldConnections)
