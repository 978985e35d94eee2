# breaks: STA-7, SIG-5
# not in: foreground
"""Its launcher keeps its own copy of the pipe's writing end: it waits for a word that nobody sends.

A terminal that hangs up between fork() and setsid() kills the child; the launcher ignores SIGHUP,
and sees no end of the pipe that it holds itself.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main

PROMISE = 4  # of its open descriptors, 0 to 2 and the pipe, the last


class WaitsForItself(Daemon):
    def fork(self):
        child = super().fork()
        if child:
            os.dup(PROMISE)
        else:
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
        return child


if __name__ == "__main__":
    main(WaitsForItself)
