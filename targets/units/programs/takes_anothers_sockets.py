"""Takes the sockets that another process was given."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from reference_notify import NotifyingDaemon, main


class TakesAnothersSockets(NotifyingDaemon):
    def listen(self):
        if "LISTEN_FDS" in os.environ:
            os.environ["LISTEN_PID"] = str(os.getpid())
        super().listen()


if __name__ == "__main__":
    main(TakesAnothersSockets)
