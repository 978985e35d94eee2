# breaks: UMK-1, UMK-3
"""Keeps the umask of whoever started it: its files get other modes from cron than from a login."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsUmask(Daemon):
    def reset_umask(self):
        pass


if __name__ == "__main__":
    main(KeepsUmask)
