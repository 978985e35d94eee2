# breaks: FDS-5
"""Closes every number up to the hard limit on descriptors, one call each.

Under a limit of a million, as containers have, a start takes a second of full load.
"""

import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ClosesEveryNumber(Daemon):
    def close_descriptors(self):
        for number in range(3, resource.getrlimit(resource.RLIMIT_NOFILE)[1]):
            try:
                os.close(number)
            except OSError:
                pass

    def run_in_foreground(self):
        self.close_descriptors()
        super().run_in_foreground()


if __name__ == "__main__":
    main(ClosesEveryNumber)
