# breaks: SIG-4
"""Dies of a bad request: writes on after it has closed the connection, with SIGPIPE at its default.

The client waits for its answer and does nothing wrong.
"""

import os
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DiesOfABadRequest(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    def start_worker(self):
        """Main does the work."""

    def next_signals(self):
        while self.arrivals not in select.select([self.arrivals, self.listener], [], [])[0]:
            connection, _ = self.listener.accept()
            with connection:
                connection.send(b"ok\n")
                if connection.recv(4096):  # nothing but end-of-file is a good request
                    connection.shutdown(socket.SHUT_WR)
                    connection.send(b"bad request\n")
        return super().next_signals()


if __name__ == "__main__":
    main(DiesOfABadRequest)
