"""Does not tell that it lives."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from reference_notify import NotifyingDaemon, main


class IsSilentForItsWatchdog(NotifyingDaemon):
    def tell_that_it_lives(self):
        pass


if __name__ == "__main__":
    main(IsSilentForItsWatchdog)
