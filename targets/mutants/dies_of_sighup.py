# breaks: SIG-6
"""Leaves SIGHUP at its default: the first `reload`, or logrotate, ends it."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DiesOfSighup(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


if __name__ == "__main__":
    main(DiesOfSighup)
