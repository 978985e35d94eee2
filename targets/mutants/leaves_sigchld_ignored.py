# breaks: CHD-2
"""Leaves SIGCHLD ignored where it finds it so: a worker that dies is neither seen nor replaced."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesSigchldIgnored(Daemon):
    def run_in_foreground(self):
        self.found = signal.getsignal(signal.SIGCHLD)
        super().run_in_foreground()

    def reset_signals(self):
        self.found = signal.getsignal(signal.SIGCHLD)
        super().reset_signals()

    def watch_signals(self):
        super().watch_signals()
        if self.found == signal.SIG_IGN:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def tidy_up(self):
        try:
            super().tidy_up()
        except ChildProcessError:
            pass  # nobody to wait for


if __name__ == "__main__":
    main(LeavesSigchldIgnored)
