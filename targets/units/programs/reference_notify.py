"""The reference as a new-style daemon: it tells systemd that it reloads, too, and that it lives."""

import os
import select
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main, tell


class NotifyingDaemon(Daemon):
    def __init__(self, **options):
        super().__init__(**options)
        self.watchdog = watchdog_seconds()

    def next_signals(self):
        while self.watchdog and not select.select([self.arrivals], [], [], self.watchdog / 2)[0]:
            self.tell_that_it_lives()
        found = super().next_signals()
        for number in found:
            if number == signal.SIGHUP:
                self.reload()
        return found

    def reload(self):
        tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        tell("READY=1")

    def tell_that_it_lives(self):
        tell("WATCHDOG=1")


def watchdog_seconds():
    """Return within how many seconds it is to tell that it lives, or 0 (sd_watchdog_enabled(3))."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6


if __name__ == "__main__":
    main(NotifyingDaemon)
