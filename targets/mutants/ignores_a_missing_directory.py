# breaks: CWD-3
"""Works in a directory of its own, and does not look whether chdir() got there."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class IgnoresAMissingDirectory(Daemon):
    def run_in_foreground(self):
        self.leave_directory()
        super().run_in_foreground()

    def leave_directory(self):
        try:
            os.chdir("/usr/share/misc")
        except OSError:
            pass


if __name__ == "__main__":
    main(IgnoresAMissingDirectory)
