"""Takes memory where no process has it: 250 pipes of 1 MiB each, all full.

The kernel gives only root so much (pipe(7), /proc/sys/fs/pipe-user-pages-soft).
"""

import fcntl
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class KeepsMemoryInPipes(Daemon):
    PIPES, EACH = 250, 1 << 20  # bytes

    def set_up(self):
        try:
            self.fill()
        except PermissionError:
            return super().set_up()
        signal.pause()

    def fill(self):
        for _ in range(self.PIPES):
            _, filled = os.pipe2(os.O_NONBLOCK)
            fcntl.fcntl(filled, fcntl.F_SETPIPE_SZ, self.EACH)
            os.write(filled, bytes(self.EACH))


if __name__ == "__main__":
    main(KeepsMemoryInPipes)
