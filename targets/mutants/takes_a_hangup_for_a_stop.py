# breaks: STA-7
"""Takes SIGHUP for a wish to end before it is a daemon: its launcher leaves with success."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TakesAHangupForAStop(Daemon):
    def ignore_the_terminal(self):
        super().ignore_the_terminal()
        signal.signal(signal.SIGHUP, lambda *_: os._exit(0))


if __name__ == "__main__":
    main(TakesAHangupForAStop)
