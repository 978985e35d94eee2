"""The reference as a new-style daemon that tells systemd of its reloads, too."""

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main, tell


class NotifyingDaemon(Daemon):
    def next_signals(self):
        found = super().next_signals()
        for number in found:
            if number == signal.SIGHUP:
                self.reload()
        return found

    def reload(self):
        tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        tell("READY=1")


if __name__ == "__main__":
    main(NotifyingDaemon)
