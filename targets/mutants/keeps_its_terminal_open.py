# breaks: TTY-10
"""Keeps one descriptor of its terminal, opened by way of /dev/tty, and never uses it.

A password prompt or a progress bar opened it.  The terminal's window does not close any more.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsItsTerminalOpen(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        try:
            os.open("/dev/tty", os.O_RDWR)
        except OSError:
            pass  # ENXIO: started without one (tty(4))


if __name__ == "__main__":
    main(KeepsItsTerminalOpen)
