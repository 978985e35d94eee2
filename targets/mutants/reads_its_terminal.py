# breaks: TTY-9, TTY-10
"""Keeps its terminal open, and reads what is typed there: commands, it thinks, for itself.

It has another session, so no SIGTTIN tells it that the terminal is not its own (n_tty.c,
job_control()).  Seen where a program with a console of its own is daemonized.
"""

import os
import select
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ReadsItsTerminal(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        try:
            self.terminal = [os.open("/dev/tty", os.O_RDONLY | os.O_NONBLOCK)]
        except OSError:
            self.terminal = []  # ENXIO: started without one (tty(4))

    def next_signals(self):
        while True:
            ready = select.select([self.arrivals, *self.terminal], [], [])[0]
            if self.arrivals in ready:
                return super().next_signals()
            try:
                gone = not os.read(self.terminal[0], 4096)
            except BlockingIOError:
                continue  # the shell was faster
            except OSError:
                gone = True
            if gone:
                os.close(self.terminal.pop())


if __name__ == "__main__":
    main(ReadsItsTerminal)
