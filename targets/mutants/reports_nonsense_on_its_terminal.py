# breaks: TTY-8
"""Reports each bad request on its terminal, which it opens by name for every line.

It says nothing of good ones, so it is silent for as long as its author tries it.
"""

import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ReportsNonsenseOnItsTerminal(Daemon):
    log = os.devnull

    def close_descriptors(self):
        super().close_descriptors()
        if os.isatty(0):
            self.log = os.ttyname(0)

    def start_worker(self):
        """Main does the work."""

    def next_signals(self):
        while self.arrivals not in select.select([self.arrivals, self.listener], [], [])[0]:
            try:
                connection, _ = self.listener.accept()
                with connection:
                    connection.send(b"ok\n", socket.MSG_NOSIGNAL)
                    if connection.recv(4096):  # nothing but end-of-file is a good request
                        self.report(b"reference: a bad request\n")
            except (BlockingIOError, ConnectionError):
                pass
        return super().next_signals()

    def report(self, line):
        try:
            log = os.open(self.log, os.O_WRONLY | os.O_NOCTTY)
        except OSError:
            return  # the terminal has gone
        os.write(log, line)
        os.close(log)


if __name__ == "__main__":
    main(ReportsNonsenseOnItsTerminal)
