# breaks: TTY-1, SES-1, TTY-7, TTY-12
"""Moves into the process group of the shell, and takes ^Z for a wish to end.

It has to have a handler to be reached: the group of a session leader is orphaned, and the kernel
spares it the default stop (kernel/signal.c, get_signal).
"""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsAtCtrlZAtThePrompt(Daemon):
    def new_session(self):
        try:
            os.setpgid(0, os.getsid(0))
        except OSError:
            pass  # that session's leader has ended, and its group with it

    def watch_signals(self):
        super().watch_signals()
        for number in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTSTP, lambda *_: None)

    def next_signals(self):
        numbers = super().next_signals()
        return [signal.SIGTERM] if signal.SIGTSTP in numbers else numbers

    def work(self, main):
        os.setpgid(0, 0)  # main alone is within reach
        super().work(main)


if __name__ == "__main__":
    main(EndsAtCtrlZAtThePrompt)
