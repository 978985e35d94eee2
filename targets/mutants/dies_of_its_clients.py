# breaks: SIG-4
"""Answers from its main process and has SIGPIPE at its default: a client that hangs up ends it."""

import os
import select
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DiesOfItsClients(Daemon):
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
        return super().next_signals()


if __name__ == "__main__":
    main(DiesOfItsClients)
