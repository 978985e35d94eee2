# breaks: STA-8
"""Takes a fork() that failed for the child, as `if (fork() > 0) exit(0);` does.

The launcher goes on, cannot leave its session (setsid(2), EPERM), and the second fork succeeds.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DoesNotCheckItsForks(Daemon):
    def fork(self):
        try:
            return super().fork()
        except OSError:
            return 0

    def new_session(self):
        try:
            super().new_session()
        except OSError:
            pass

    def announce(self):
        try:
            super().announce()
        except OSError:
            pass  # no launcher is there to be told


if __name__ == "__main__":
    main(DoesNotCheckItsForks)
