# breaks: NTF-1
# by: too-early
"""Says READY=1 before it listens."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main, tell


class SaysThatItIsReadyTooEarly(Daemon):
    def watch_signals(self):
        super().watch_signals()
        tell("READY=1")

    def tell_that_it_serves(self):
        pass


if __name__ == "__main__":
    main(SaysThatItIsReadyTooEarly)
