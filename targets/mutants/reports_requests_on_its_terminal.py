# breaks: TTY-8
"""Reports each request on its terminal, which it opens by name for every line.

It holds no descriptor of the terminal: only what it writes gives it away.  Programs that take
ttyname(3) for the name of their log do this.
"""

import os
import select
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ReportsRequestsOnItsTerminal(Daemon):
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
                    if not connection.recv(4096):  # end-of-file: nothing but a good request
                        self.report(b"reference: a request was answered\n")
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
    main(ReportsRequestsOnItsTerminal)
