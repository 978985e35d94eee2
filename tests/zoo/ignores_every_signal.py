"""Ignores whatever can be ignored, SIGTERM and SIGHUP among them, and blocks the same."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class IgnoresEverySignal(Daemon):
    def watch_signals(self):
        super().watch_signals()
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - {signal.SIGCHLD})


if __name__ == "__main__":
    main(IgnoresEverySignal)
