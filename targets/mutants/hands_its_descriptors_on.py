# breaks: FDS-9
"""Leaves its listening socket open in its hook: the port is taken until the hook has ended."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class HandsItsDescriptorsOn(Daemon):
    def listen_at_path(self):
        super().listen_at_path()
        os.set_inheritable(self.listener.fileno(), True)


if __name__ == "__main__":
    main(HandsItsDescriptorsOn)
