# breaks: FDS-5
"""Closes every number up to the soft limit on descriptors, the fallback in step 1 of daemon(7).

What was opened under a higher limit stays open: nothing tells such a loop about it.
"""

import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ClosesUpToTheSoftLimit(Daemon):
    def close_descriptors(self):
        for number in range(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
            try:
                os.close(number)
            except OSError:
                pass

    def run_in_foreground(self):
        self.close_descriptors()
        super().run_in_foreground()


if __name__ == "__main__":
    main(ClosesUpToTheSoftLimit)
