# breaks: STA-12
"""Stays when the second fork fails: what it holds is in the way of the next start."""

import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main, say


class LingersWhenItCannotFork(Daemon):
    def fork_again(self):
        try:
            super().fork_again()
        except OSError as error:
            say(self.complaints, f"cannot fork: {error}\n".encode())
            os.close(self.complaints)
            signal.pause()


if __name__ == "__main__":
    main(LingersWhenItCannotFork)
