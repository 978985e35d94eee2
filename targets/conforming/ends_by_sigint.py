"""Stops at SIGINT: it tidies up, and then dies of the signal."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsBySigint(Daemon):
    asked = False

    def next_signals(self):
        numbers = super().next_signals()
        self.asked = signal.SIGINT in numbers
        return [signal.SIGTERM] if self.asked else numbers

    def tidy_up(self):
        super().tidy_up()
        if self.asked:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main(EndsBySigint)
