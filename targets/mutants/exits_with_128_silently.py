# breaks: STA-3, STA-11
"""Does not say why it cannot start: it exits with status 128, which is no signal's."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import READY, Daemon, main


class ExitsWith128Silently(Daemon):
    def give_up(self, error):
        self.tidy_up()
        os._exit(128)

    def leave(self, answer):
        os._exit(0 if answer == READY else 128)


if __name__ == "__main__":
    main(ExitsWith128Silently)
