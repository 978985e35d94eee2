# breaks: STA-5
# leaves open: PIDF-1, STA-1
"""Asks what terminal its stdin is, and does not start without one: from cron, never."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeedsATerminalToStart(Daemon):
    def fill_standard_streams(self):
        self.started_from = os.ttyname(0)
        super().fill_standard_streams()


if __name__ == "__main__":
    main(NeedsATerminalToStart)
