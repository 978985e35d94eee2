"""Does not tell that it lives."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class IsSilentForItsWatchdog(Daemon):
    def tell_that_it_lives(self):
        pass


if __name__ == "__main__":
    main(IsSilentForItsWatchdog)
