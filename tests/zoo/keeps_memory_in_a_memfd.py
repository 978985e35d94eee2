"""Takes memory where no process has it mapped: 250 MiB in files that have no name."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class KeepsMemoryInAMemfd(Daemon):
    FILES, EACH = 10, 25 << 20  # bytes

    def set_up(self):
        for _ in range(self.FILES):
            fd = os.memfd_create("eaten")
            for _ in range(self.EACH >> 20):
                os.write(fd, bytes(1 << 20))
        signal.pause()


if __name__ == "__main__":
    main(KeepsMemoryInAMemfd)
