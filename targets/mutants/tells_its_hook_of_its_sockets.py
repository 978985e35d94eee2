# breaks: ACT-4
# by: LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES
"""Leaves LISTEN_FDS and its like in the environment of its hook."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TellsItsHookOfItsSockets(Daemon):
    def forget_the_manager(self):
        os.environ.pop("NOTIFY_SOCKET", None)


if __name__ == "__main__":
    main(TellsItsHookOfItsSockets)
