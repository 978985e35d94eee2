"""Takes the sockets that another process was given."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class TakesAnothersSockets(Daemon):
    def listen(self):
        if "LISTEN_FDS" in os.environ:
            os.environ["LISTEN_PID"] = str(os.getpid())
        super().listen()


if __name__ == "__main__":
    main(TakesAnothersSockets)
