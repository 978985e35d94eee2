# breaks: STP-2
"""Ends with status 143 on SIGTERM, as a shell would report the signal: managers count a failure."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ExitsWith143(Daemon):
    def tidy_up(self):
        super().tidy_up()
        os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main(ExitsWith143)
