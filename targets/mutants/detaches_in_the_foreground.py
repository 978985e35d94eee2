# breaks: PAR-3
"""Detaches itself although it was told to stay: its service manager sees the service end."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DetachesInTheForeground(Daemon):
    def run_in_foreground(self):
        self.run_detached()


if __name__ == "__main__":
    main(DetachesInTheForeground)
