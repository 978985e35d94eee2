# breaks: FDS-2
"""Closes no inherited descriptor: locks, pipes and files of the launcher stay open in the daemon.

CWE-403.  The launcher's lock is never free again, and readers of its pipes never see the end.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class KeepsDescriptors(Daemon):
    def close_descriptors(self):
        pass


if __name__ == "__main__":
    main(KeepsDescriptors)
