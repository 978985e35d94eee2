# breaks: FDS-1, FDS-6, TTY-10
"""Keeps the standard streams that it was started with: the terminal, or the pipe of "$(...)".

Seen in every program with a "noclose" left on: ssh, cron and command substitution wait for ever.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsStandardStreams(Daemon):
    def null_standard_streams(self):
        pass


if __name__ == "__main__":
    main(KeepsStandardStreams)
