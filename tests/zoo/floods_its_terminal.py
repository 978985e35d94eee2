"""Floods the terminal before it detaches: FLOOD MiB, or 4, of escape sequences, NUL, no UTF-8."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class FloodsItsTerminal(Daemon):
    PIECE = (
        b"\x1b[2J\x1b]0;title\x07\x1b[6n\x1b[c\x1bP\x00\xff\xfe\xc3(\x9b1;1H\x0e$ # [deadbeef 0] \r"
        * 1024
    )
    MOST = int(os.environ.get("FLOOD", "4")) << 20  # bytes

    def detach(self):
        written = 0
        while written < self.MOST:
            written += os.write(1, self.PIECE)
        super().detach()


if __name__ == "__main__":
    main(FloodsItsTerminal)
