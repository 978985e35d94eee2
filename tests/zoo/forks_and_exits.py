"""A chain of processes, each of which forks the next and exits: no pid is good for long.

Bounded by itself: it ends after two minutes.  ZOO_PAUSE: seconds before each fork.
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
            time.sleep(float(os.environ.get("ZOO_PAUSE", "0")))
            if os.fork():
                os._exit(0)


if __name__ == "__main__":
    main(ForksAndExits)
