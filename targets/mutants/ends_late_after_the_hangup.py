# breaks: TTY-1, SES-1, TTY-5
"""Stays in its shell's process group, and ends half a second after the hangup of the terminal.

The kernel sends that group SIGHUP when the shell has ended (tty_jobctrl.c, disassociate_ctty()).
It holds no descriptor of the terminal, and ignores SIGHUP while the terminal is there.
"""

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsLateAfterTheHangup(Daemon):
    terminal = "/dev/null"  # started without one: none that goes

    def close_descriptors(self):
        super().close_descriptors()
        if os.isatty(0):
            self.terminal = os.ttyname(0)

    def new_session(self):
        try:
            os.setpgid(0, os.getsid(0))
        except OSError:
            pass  # that session's leader has ended, and its group with it

    def watch_signals(self):
        super().watch_signals()
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
            signal.signal(number, signal.SIG_IGN)

    def next_signals(self):
        numbers = super().next_signals()
        if signal.SIGHUP in numbers and self.terminal_has_gone():
            time.sleep(0.5)
            return [signal.SIGTERM]
        return numbers

    def terminal_has_gone(self):
        try:
            os.close(os.open(self.terminal, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK))
        except OSError:
            return True
        return False

    def work(self, main):
        os.setpgid(0, 0)  # main alone is within reach
        super().work(main)


if __name__ == "__main__":
    main(EndsLateAfterTheHangup)
