"""The reference as a subreaper that adopts an orphan beside its worker.

    adopts_a_child.py DIRECTORY-OF-THE-REFERENCE YOUNGEST SEES OPTIONS

youngest: when the orphan is made after the worker: always, or where SIGCHLD was ignored at the
start; else before it.  sees: whether the ends of children are seen: always, or if SIGCHLD was not
ignored at the start.
"""

import ctypes
import os
import signal
import sys

sys.path.insert(0, sys.argv.pop(1))
from reference import Daemon, main

YOUNGEST, SEES = sys.argv.pop(1), sys.argv.pop(1)
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


class AdoptsAChild(Daemon):
    def reset_signals(self):
        self.was_ignored = signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
        super().reset_signals()

    def watch_signals(self):
        super().watch_signals()
        if SEES == "unless-ignored" and self.was_ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def start_worker(self):
        if self.worker:
            super().start_worker()
        elif YOUNGEST == "always" or self.was_ignored:
            super().start_worker()
            self.adopt()
        else:
            self.adopt()
            super().start_worker()

    def adopt(self):
        """Return when there is an orphan, and it is a child of this process."""
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
        between = os.fork()
        if not between:
            if os.fork():
                os._exit(0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            while True:
                signal.pause()
        try:
            os.waitpid(between, 0)
        except ChildProcessError:
            pass  # SIGCHLD is ignored: it was gone, and reaped by the kernel (wait(2), NOTES)

    def tidy_up(self):
        try:
            super().tidy_up()
        except ChildProcessError:
            pass


if __name__ == "__main__":
    main(AdoptsAChild)
