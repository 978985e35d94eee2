# breaks: CHD-2
"""Waits for a helper that it ran at its start, and gives up where nobody is left to wait for.

Seen in start-stop-daemon --background, which ends with "error waiting for child".
"""

import os
import select
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, answer, main


class MissesTheEndOfItsHelper(Daemon):
    def fill_standard_streams(self):
        super().fill_standard_streams()
        helper = os.fork()
        if not helper:
            os._exit(0)
        os.waitpid(helper, 0)  # ECHILD while SIGCHLD is ignored, which execve(2) leaves as it was

    def start_worker(self):
        """Main does the work, so that the helper is the only child it ever has."""

    def next_signals(self):
        while self.arrivals not in select.select([self.arrivals, self.listener], [], [])[0]:
            answer(self.listener)
        return super().next_signals()


if __name__ == "__main__":
    main(MissesTheEndOfItsHelper)
