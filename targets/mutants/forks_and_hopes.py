# breaks: STA-1, PIDF-1, STA-2, STA-3, STA-8, STA-9, STA-13, SIG-5
# not in: foreground
"""Forks twice, as old tutorials do, and waits for nobody: the launcher's end can kill its child."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ForksAndHopes(Daemon):
    def ignore_the_terminal(self):
        """Not here."""

    def fork(self):
        child = super().fork()
        if child:
            os._exit(0)
        return child

    def announce(self):
        """Nobody is left to hear it."""
        os.close(self.complaints)


if __name__ == "__main__":
    main(ForksAndHopes)
