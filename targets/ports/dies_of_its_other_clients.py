# breaks: SIG-4
"""Announces its UNIX socket, where clients may go as they like; one of its TCP port ends it."""

import os
import select
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, answer, main


class DiesOfItsOtherClients(Daemon):
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
        if listener.family == socket.AF_UNIX:
            answer(listener)
            return
        connection, _ = listener.accept()
        with connection:
            try:
                connection.send(b"ok\n")
            except ConnectionError:
                pass


if __name__ == "__main__":
    main(DiesOfItsOtherClients)
