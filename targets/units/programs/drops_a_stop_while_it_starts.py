"""Ignores SIGTERM until it serves, and serves then."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class DropsAStopWhileItStarts(Daemon):
    def listen(self):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        super().listen()
        signal.signal(signal.SIGTERM, lambda *_: None)


if __name__ == "__main__":
    main(DropsAStopWhileItStarts)
