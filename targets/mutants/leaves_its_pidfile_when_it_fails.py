# breaks: STA-10, STA-12
"""A start that fails leaves its pidfile behind, and the pid in it to whoever gets it next."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesItsPidfileWhenItFails(Daemon):
    def give_up(self, error):
        self.made.clear()
        super().give_up(error)


if __name__ == "__main__":
    main(LeavesItsPidfileWhenItFails)
