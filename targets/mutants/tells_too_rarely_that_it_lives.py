# breaks: NTF-5
# by: too-rare
"""Waits half as long again as its watchdog does."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TellsTooRarelyThatItLives(Daemon):
    def watchdog_seconds(self):
        return 3 * super().watchdog_seconds()


if __name__ == "__main__":
    main(TellsTooRarelyThatItLives)
