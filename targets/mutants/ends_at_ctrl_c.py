# breaks: TTY-1, SES-1, SES-3, TTY-7
"""Ignores the keys' signals but SIGINT, and stays in its session and group: ^C ends it."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsAtCtrlC(Daemon):
    def new_session(self):
        pass

    def watch_signals(self):
        super().watch_signals()
        for number in (signal.SIGQUIT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_IGN)

    def work(self, main):
        os.setpgid(0, 0)  # main alone is within reach
        super().work(main)


if __name__ == "__main__":
    main(EndsAtCtrlC)
