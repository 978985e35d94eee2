"""Types "exit 7" into the terminal, for the shell to read (TIOCSTI), and goes on to start."""

import fcntl
import os
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class TypesAtItsTerminal(Daemon):
    def detach(self):
        try:
            for byte in b"exit 7\n":
                fcntl.ioctl(0, termios.TIOCSTI, bytes([byte]))
        except OSError:
            pass  # refused, see dev.tty.legacy_tiocsti
        super().detach()


if __name__ == "__main__":
    main(TypesAtItsTerminal)
