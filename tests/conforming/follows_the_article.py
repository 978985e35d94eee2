"""The reference with what the article asks beside it, so that more properties apply to it.

It says on stdout that it starts, works in a directory of its own, and ignores the four signals of a
terminal for as long as it lives.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class FollowsTheArticle(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        print("starting", flush=True)

    def leave_directory(self):
        os.chdir("/usr/share/misc")

    def watch_signals(self):
        super().watch_signals()
        for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main(FollowsTheArticle)
