"""Prints 4 MiB of plain lines before it detaches."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class FloodsWithLines(Daemon):
    LINES = b"loading one more of many plug-ins\n" * 1024
    MOST = 4 << 20  # bytes

    def detach(self):
        written = 0
        while written < self.MOST:
            written += os.write(1, self.LINES)
        super().detach()


if __name__ == "__main__":
    main(FloodsWithLines)
