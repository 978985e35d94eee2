# breaks: CHD-1, CHD-4
"""Serves from its main process, and never waits for a hook that it started.

It has no child until it is told to start one: nobody who looks at it at rest sees a zombie.
"""

import os
import select
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, answer, main


class NeverWaitsForItsHook(Daemon):
    def start_worker(self):
        """Main does the work."""

    def next_signals(self):
        while self.arrivals not in select.select([self.arrivals, self.listener], [], [])[0]:
            answer(self.listener)
        return super().next_signals()

    def reap(self):
        return ()


if __name__ == "__main__":
    main(NeverWaitsForItsHook)
