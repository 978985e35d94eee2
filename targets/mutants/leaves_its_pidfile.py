# breaks: PIDF-7
"""Leaves its pidfile behind when it is stopped: it names a pid that somebody else may get."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesItsPidfile(Daemon):
    def serve(self):
        super().serve()
        self.made.remove(self.pidfile)


if __name__ == "__main__":
    main(LeavesItsPidfile)
