# breaks: TTY-1, SES-1, TTY-7
"""Moves into the process group of the shell, in place of a session of its own: ^C there ends it.

A shell at its prompt is the terminal's foreground group: all of the group feels the keys.
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsAtCtrlCAtThePrompt(Daemon):
    def new_session(self):
        try:
            os.setpgid(0, os.getsid(0))
        except OSError:
            pass  # that session's leader has ended, and its group with it

    def watch_signals(self):
        super().watch_signals()
        for number in (signal.SIGQUIT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_IGN)

    def work(self, main):
        os.setpgid(0, 0)  # main alone is within reach
        super().work(main)


if __name__ == "__main__":
    main(EndsAtCtrlCAtThePrompt)
