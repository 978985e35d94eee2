# breaks: SIG-1
"""Keeps the signal mask of whoever started it: SIGTERM stays pending where that one blocked it."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsBlockedSignals(Daemon):
    def unblock_signals(self):
        pass

    def start_worker(self):
        """Block what the worker must not get; afterwards put back what was blocked before."""
        found = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        super().start_worker()
        signal.pthread_sigmask(signal.SIG_SETMASK, found)


if __name__ == "__main__":
    main(KeepsBlockedSignals)
