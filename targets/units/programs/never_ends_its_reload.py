"""Tells that it reloads, and not that it is done."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main, tell


class NeverEndsItsReload(Daemon):
    def reload(self):
        tell("RELOADING=1")


if __name__ == "__main__":
    main(NeverEndsItsReload)
