# breaks: TTY-5
# leaves open: FDS-6, TTY-10, TTY-11
"""Ends when the process that started it is gone, as if it had been sent SIGTERM.

Seen where a program watches its parent, meant for a container or an IDE, and is then daemonized.
"""

import os
import select
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class FollowsItsShell(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        self.shell = os.pidfd_open(os.getppid())

    def next_signals(self):
        if self.shell in select.select([self.arrivals, self.shell], [], [])[0]:
            return [signal.SIGTERM]
        return super().next_signals()


if __name__ == "__main__":
    main(FollowsItsShell)
