"""A second start returns when the service answers, and notices half a second later whose it is.

Its launcher exits with 0, as start scripts do for a daemon that runs already; the process that it
leaves tries the lock once more after a while, since the other might be about to end.
"""

import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main


class NoticesTheOtherLate(Daemon):
    def take_pidfile(self):
        if is_answered(self.socket_path):
            self.announce()
            time.sleep(0.5)
        super().take_pidfile()

    def announce(self):
        if self.complaints != STDERR:
            super().announce()


def is_answered(path):
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(path)
        except OSError:
            return False
    return True


if __name__ == "__main__":
    main(NoticesTheOtherLate)
