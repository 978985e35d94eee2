# breaks: STA-3, STA-11
"""Does not say why it cannot start: it exits with status 1, without a word."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import READY, Daemon, main


class FailsSilently(Daemon):
    def give_up(self, error):
        self.tidy_up()
        os._exit(1)

    def leave(self, answer):
        os._exit(0 if answer == READY else 1)


if __name__ == "__main__":
    main(FailsSilently)
