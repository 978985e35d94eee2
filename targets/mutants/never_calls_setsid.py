# breaks: TTY-1, SES-1, SES-3, TTY-7
"""Forks twice, but never calls setsid(): it keeps the launcher's session and controlling terminal.

The oldest mistake: fork() alone was taken for detaching, and works until the terminal goes away.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeverCallsSetsid(Daemon):
    def new_session(self):
        pass


if __name__ == "__main__":
    main(NeverCallsSetsid)
