# breaks: STA-8
"""Leaves with success when it cannot fork, as the daemonize() of many tutorials does."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DoesNotMindAFailingFork(Daemon):
    def fork(self):
        try:
            return super().fork()
        except OSError:
            os._exit(0)


if __name__ == "__main__":
    main(DoesNotMindAFailingFork)
