# breaks: ACT-2
# by: takes-foreign
"""Takes descriptors that are meant for another process."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, given_sockets, main


class TakesTheSocketsOfOthers(Daemon):
    def take_sockets(self):
        if "LISTEN_FDS" in os.environ:
            os.environ["LISTEN_PID"] = str(os.getpid())
        return given_sockets()


if __name__ == "__main__":
    main(TakesTheSocketsOfOthers)
