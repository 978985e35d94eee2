# breaks: STP-4
"""Ends without its worker, which does not notice: it lives on, adopted by init.

Workers that wait for work, and not for their parent, stay behind like this.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, close_all_but, main


class LeavesItsWorker(Daemon):
    def work(self, main):
        if os.fork():
            super().work(main)
        signal.set_wakeup_fd(-1)
        self.reset_signals()
        self.unblock_signals()
        close_all_but({0, 1, 2})
        while True:
            signal.pause()


if __name__ == "__main__":
    main(LeavesItsWorker)
