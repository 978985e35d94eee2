# breaks: PAR-2
# leaves open: INS-1, INS-3, INS-4, PIDF-1, PIDF-8, STA-1, STP-3
"""The daemon is up and serves, but the process that started it waits for ever instead of leaving.

A launcher that waits for its child without a reason to stop hangs the boot and every script.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import READY, Daemon, main


class LauncherNeverReturns(Daemon):
    def leave(self, answer):
        self.reset_signals()  # so that ^C still ends it, as it would end any such launcher
        while answer == READY:
            signal.pause()
        super().leave(answer)


if __name__ == "__main__":
    main(LauncherNeverReturns)
