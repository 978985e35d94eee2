# breaks: SIG-4
"""Answers from its main process with SIGPIPE at its default, and looks at what send() returns.

A client that only resets its connection is an error, ECONNRESET; one that had ended its side of it
before is EPIPE, and the signal (net/ipv4/tcp_input.c, tcp_reset()).
"""

import os
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, answer, main


class DiesOfItsTcpClients(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    def start_worker(self):
        """Main does the work."""

    def next_signals(self):
        found = []
        while self.arrivals not in found:
            for listener in found:
                self.serve_one(listener)
            found = select.select([self.arrivals, *self.listeners], [], [])[0]
        return super().next_signals()

    def serve_one(self, listener):
        if listener.type == socket.SOCK_DGRAM:
            answer(listener)
            return
        connection, _ = listener.accept()
        with connection:
            try:
                connection.send(b"ok\n")
            except ConnectionError:
                pass


if __name__ == "__main__":
    main(DiesOfItsTcpClients)
