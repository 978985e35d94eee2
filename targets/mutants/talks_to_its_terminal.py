# breaks: TTY-8, TTY-10
"""Keeps its terminal open beside the standard streams, and reports there that it was sent SIGHUP.

Programs that open /dev/tty for their questions, and use it for their complaints later, do this.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main, say


class TalksToItsTerminal(Daemon):
    terminal = -1  # started without one: nobody to talk to

    def close_descriptors(self):
        super().close_descriptors()
        try:
            self.terminal = os.open("/dev/tty", os.O_WRONLY)
        except OSError:
            pass  # ENXIO (tty(4))

    def next_signals(self):
        numbers = super().next_signals()
        if signal.SIGHUP in numbers:
            say(self.terminal, b"reference: there is no configuration to read again\n")
        return numbers


if __name__ == "__main__":
    main(TalksToItsTerminal)
