# breaks: SIG-2
"""Ignores what whoever started it ignored: started under nohup it is another daemon."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsIgnoredSignals(Daemon):
    def reset_signals(self):
        self.found = {
            one for one in signal.valid_signals() if signal.getsignal(one) == signal.SIG_IGN
        }
        super().reset_signals()

    def watch_signals(self):
        super().watch_signals()
        for number in self.found - {signal.SIGTERM, signal.SIGCHLD, signal.SIGINT}:
            signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main(KeepsIgnoredSignals)
