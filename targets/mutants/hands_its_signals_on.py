# breaks: SIG-3
"""Starts its hook with SIGPIPE ignored, as it is for itself: a pipeline in the hook never ends."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class HandsItsSignalsOn(Daemon):
    def become_hook(self):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execv(self.hook, [self.hook])


if __name__ == "__main__":
    main(HandsItsSignalsOn)
