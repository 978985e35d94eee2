# breaks: NTF-5
# by: no-watchdog
"""Does not tell its watchdog that it lives."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeverTellsThatItLives(Daemon):
    def tell_that_it_lives(self):
        pass


if __name__ == "__main__":
    main(NeverTellsThatItLives)
