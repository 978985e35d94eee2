"""Takes more and more memory instead of serving: 400 MiB, and no more for its own part."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class EatsMemory(Daemon):
    MOST = 400 << 20  # bytes

    def set_up(self):
        eaten = [os.urandom(1 << 20) for _ in range(self.MOST >> 20)]
        signal.pause()
        del eaten


if __name__ == "__main__":
    main(EatsMemory)
