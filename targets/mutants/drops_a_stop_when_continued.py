# breaks: STP-5
"""Starts afresh on SIGCONT, and forgets the SIGTERM that came while it was stopped."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DropsAStopWhenContinued(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGCONT, lambda *_: None)

    def next_signals(self):
        arrived = super().next_signals()
        return b"" if signal.SIGCONT in arrived else arrived


if __name__ == "__main__":
    main(DropsAStopWhenContinued)
