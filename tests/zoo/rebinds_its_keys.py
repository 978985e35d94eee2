"""Gives other keys of its terminal a meaning, as stty(1) does: "/" interrupts, "e" stops."""

import os
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class RebindsItsKeys(Daemon):
    KEYS = ((termios.VINTR, b"/"), (termios.VSUSP, b"e"), (termios.VKILL, b"d"))

    def detach(self):
        if os.isatty(0):
            modes = termios.tcgetattr(0)
            for number, key in self.KEYS:
                modes[6][number] = key
            modes[3] &= ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, modes)
        super().detach()


if __name__ == "__main__":
    main(RebindsItsKeys)
