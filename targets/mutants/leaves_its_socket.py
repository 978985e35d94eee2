# breaks: STP-3
"""Leaves its socket behind when it is stopped: clients are refused there, and so is bind(2)."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesItsSocket(Daemon):
    def serve(self):
        super().serve()
        self.made.remove(self.socket_path)


if __name__ == "__main__":
    main(LeavesItsSocket)
