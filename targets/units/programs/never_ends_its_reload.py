"""Tells that it reloads, and not that it is done."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from reference_notify import NotifyingDaemon, main, tell


class NeverEndsItsReload(NotifyingDaemon):
    def reload(self):
        tell("RELOADING=1")


if __name__ == "__main__":
    main(NeverEndsItsReload)
