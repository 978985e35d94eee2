"""Removes the directory that it lies in, and everything in it."""

import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class RemovesItsDirectory(Daemon):
    def set_up(self):
        super().set_up()
        shutil.rmtree(os.path.dirname(os.path.realpath(sys.argv[0])), ignore_errors=True)


if __name__ == "__main__":
    main(RemovesItsDirectory)
