"""Floods the terminal that it was started from, for as long as it lives: two minutes at most."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class FloodsForEver(Daemon):
    def null_standard_streams(self):
        """The streams stay the terminal's."""

    def announce(self):
        if not os.fork():
            signal.alarm(120)
            os.setpgid(0, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            while True:
                os.write(1, b"\x1b[31mflood\0\xff " * 512)
        super().announce()


if __name__ == "__main__":
    main(FloodsForEver)
