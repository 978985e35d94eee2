"""Does to the terminal whatever a program may: makes it raw, and lets go of it."""

import fcntl
import os
import sys
import termios
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class SpoilsItsTerminal(Daemon):
    def detach(self):
        tty.setraw(0)
        fcntl.ioctl(0, termios.TIOCNOTTY)
        super().detach()


if __name__ == "__main__":
    main(SpoilsItsTerminal)
