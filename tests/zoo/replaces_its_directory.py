"""Replaces the directory of its pidfile, once it is there, by a symbolic link to it."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class ReplacesItsDirectory(Daemon):
    def set_up(self):
        super().set_up()
        directory = os.path.dirname(self.pidfile)
        os.rename(directory, f"{directory}.moved")
        os.symlink(f"{directory}.moved", directory)


if __name__ == "__main__":
    main(ReplacesItsDirectory)
