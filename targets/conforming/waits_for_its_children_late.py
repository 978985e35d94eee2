"""Waits for a child half a second after its end, as a daemon does that looks by a timer."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WaitsForItsChildrenLate(Daemon):
    def reap(self):
        time.sleep(0.5)
        return super().reap()


if __name__ == "__main__":
    main(WaitsForItsChildrenLate)
