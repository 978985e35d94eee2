"""Every process of it forks without end.

Bounded by itself, should the harness not end it: eleven generations are 2048 processes, and each
ends after a minute.
"""

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class IsAForkBomb(Daemon):
    GENERATIONS = 11

    def set_up(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for _ in range(self.GENERATIONS):
            os.fork()
        time.sleep(60)


if __name__ == "__main__":
    main(IsAForkBomb)
