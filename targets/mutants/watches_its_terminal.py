# breaks: TTY-10, TTY-11
"""Polls its terminal, without reading it, and takes no notice of POLLHUP: then poll never waits.

A main loop that goes on after an error on a descriptor it does not need any more does this.
"""

import os
import select
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WatchesItsTerminal(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        self.poller = select.poll()
        try:
            self.poller.register(os.open("/dev/tty", os.O_RDONLY), select.POLLPRI)
        except OSError:
            pass  # ENXIO: started without one (tty(4))

    def next_signals(self):
        self.poller.register(self.arrivals, select.POLLIN)
        while (self.arrivals, select.POLLIN) not in self.poller.poll():
            pass
        return super().next_signals()


if __name__ == "__main__":
    main(WatchesItsTerminal)
