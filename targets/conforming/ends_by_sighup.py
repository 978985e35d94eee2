# breaks: SIG-6
# leaves out: NTF-4
"""Stops at SIGHUP, which it does not take for a reload: it tidies up, and dies of the signal."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsBySighup(Daemon):
    asked = False

    def next_signals(self):
        numbers = super().next_signals()
        self.asked = signal.SIGHUP in numbers
        return [signal.SIGTERM] if self.asked else numbers

    def tidy_up(self):
        super().tidy_up()
        if self.asked:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGHUP)


if __name__ == "__main__":
    main(EndsBySighup)
