# breaks: STP-1
# leaves open: PIDF-7, STP-2, STP-3, STP-4, STP-5
"""Ignores SIGTERM: only SIGKILL ends it, which leaves pidfile and socket behind.

Comes from ignoring "all signals" during start, or from a launcher that ignored it.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class IgnoresSigterm(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


if __name__ == "__main__":
    main(IgnoresSigterm)
