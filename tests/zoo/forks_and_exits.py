"""A chain of processes, each of which forks the next and exits: no pid is good for long.

Bounded by itself: it ends after two minutes.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class ForksAndExits(Daemon):
    def serve(self):
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if os.fork():
                os._exit(0)


if __name__ == "__main__":
    main(ForksAndExits)
