# breaks: NTF-5
# by: foreign
"""Tells a watchdog that it lives which waits for another process."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TellsTheWatchdogOfAnother(Daemon):
    def watchdog_seconds(self):
        os.environ.pop("WATCHDOG_PID", None)
        return super().watchdog_seconds()


if __name__ == "__main__":
    main(TellsTheWatchdogOfAnother)
