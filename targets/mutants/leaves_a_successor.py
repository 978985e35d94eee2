# breaks: STP-1
# leaves open: PIDF-7, STP-2, STP-3, STP-4
"""At SIGTERM a successor writes itself into the pidfile and goes on, and the process ends.

Whoever waits for the process alone takes a restart for a stop.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesASuccessor(Daemon):
    def serve(self):
        super().serve()
        while True:
            if os.fork():
                os._exit(0)
            self.worker = None  # the child of the one before, which ends with that one
            with open(self.pidfile, "r+") as pidfile:
                pidfile.write(f"{os.getpid()}\n")
                pidfile.truncate()
            self.start_worker()
            super().serve()


if __name__ == "__main__":
    main(LeavesASuccessor)
