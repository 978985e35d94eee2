# breaks: ACT-1
# by: not-served
"""Keeps the sockets that it was given, and never accepts: its clients wait for good."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class AcceptsNobodyAtItsGivenSockets(Daemon):
    def listen(self):
        self.given = self.take_sockets()
        if not self.given:
            super().listen()


if __name__ == "__main__":
    main(AcceptsNobodyAtItsGivenSockets)
