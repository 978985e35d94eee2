# breaks: TTY-12
"""Runs under a monitor of its own session, in a process group of its own: so terminal stops hit it.

The kernel spares an orphaned process group (kernel/signal.c, get_signal).  This one is not: main's
parent, the monitor, is in another group of the same session.  Supervising parents that put each
child in a group of its own, to be able to kill it with its descendants, do this.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class StopsUnderItsMonitor(Daemon):
    def watch_signals(self):
        if main_process := os.fork():
            self.monitor(main_process)
        os.setpgid(0, 0)
        super().watch_signals()

    def monitor(self, main_process):
        """Wait for main, and end as it ended."""
        os.close(self.complaints)
        status = os.waitpid(main_process, 0)[1]
        os._exit(0 if status == 0 else 1)


if __name__ == "__main__":
    main(StopsUnderItsMonitor)
