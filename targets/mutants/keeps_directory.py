# breaks: CWD-1, CWD-2
"""Keeps the directory that it was started in: that file system cannot be unmounted any more."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsDirectory(Daemon):
    def leave_directory(self):
        pass


if __name__ == "__main__":
    main(KeepsDirectory)
