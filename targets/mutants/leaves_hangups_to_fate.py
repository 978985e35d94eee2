# breaks: STA-13
"""Does not ignore SIGHUP while it starts: it kills the launcher of a daemon that lives on."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LeavesHangupsToFate(Daemon):
    def ignore_the_terminal(self):
        super().ignore_the_terminal()
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


if __name__ == "__main__":
    main(LeavesHangupsToFate)
