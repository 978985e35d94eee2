"""Takes memory where no process has it: in files of a world, which are kept in memory.

250 MiB, and on a disk nothing.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
import safety
from reference import Daemon, main


class KeepsMemoryInFiles(Daemon):
    PLACES = ("/tmp/eaten", "/dev/shm/eaten")
    MOST = 125 << 20  # bytes in each

    def set_up(self):
        if not safety.contained():
            return super().set_up()
        for path in self.PLACES:
            with open(path, "wb") as file:
                for _ in range(self.MOST >> 20):
                    file.write(bytes(1 << 20))
        signal.pause()


if __name__ == "__main__":
    main(KeepsMemoryInFiles)
