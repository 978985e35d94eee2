# breaks: NTF-4
# by: ended
"""Ends by the signal that is declared as its reload: it has no handler for that."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsAtItsReload(Daemon):
    def watch_signals(self):
        super().watch_signals()
        signal.signal(signal.SIGUSR2, signal.SIG_DFL)


if __name__ == "__main__":
    main(EndsAtItsReload)
