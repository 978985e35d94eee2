"""Tells the terminal that its window has three lines of three columns."""

import fcntl
import os
import struct
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class ShrinksItsWindow(Daemon):
    def detach(self):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("=HHHH", 3, 3, 0, 0))
        super().detach()


if __name__ == "__main__":
    main(ShrinksItsWindow)
