# breaks: TTY-12, TTY-13, SIG-4
"""Takes every error of epoll_wait for the end of its service: EINTR after SIGSTOP and SIGCONT too.

No handler runs for these two, nor for a SIGTSTP that the kernel drops, so that "nothing interrupts
it" looks safe (signal(7)).
"""

import ctypes
import os
import select
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main

EVENT_BYTES = 16  # struct epoll_event, at most


class DiesOfAStop(Daemon):
    def next_signals(self):
        """Wait with the call of the C library: Python's own waits again after EINTR (PEP 475)."""
        with select.epoll() as poller:
            poller.register(self.arrivals, select.EPOLLIN)
            libc = ctypes.CDLL(None, use_errno=True)
            events = ctypes.create_string_buffer(EVENT_BYTES)
            failed = libc.epoll_wait(poller.fileno(), events, 1, -1) < 0
            numbers = super().next_signals() if poller.poll(0) else b""
        if failed and not self.has_reason(numbers):
            raise InterruptedError("interrupted, and nothing to do")
        return numbers

    def has_reason(self, numbers):
        """A child that stops or goes on sends SIGCHLD too; only one that died is a reason."""
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return set(numbers) - {signal.SIGCHLD} or os.waitid(os.P_ALL, 0, look)


if __name__ == "__main__":
    main(DiesOfAStop)
