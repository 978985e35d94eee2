# breaks: TTY-12
"""Ignores two of the three terminal stops and forgets SIGTSTP.

Main is in a group of its own under a monitor of its session: that group is not orphaned, so the
kernel does not drop the default stop (kernel/signal.c, get_signal).
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class StopsAtSigtstp(Daemon):
    def watch_signals(self):
        if main_process := os.fork():
            self.monitor(main_process)
        os.setpgid(0, 0)
        for number in (signal.SIGTTIN, signal.SIGTTOU):
            signal.signal(number, signal.SIG_IGN)
        super().watch_signals()

    def monitor(self, main_process):
        """Wait for main, and end as it ended."""
        os.close(self.complaints)
        status = os.waitpid(main_process, 0)[1]
        os._exit(0 if status == 0 else 1)


if __name__ == "__main__":
    main(StopsAtSigtstp)
