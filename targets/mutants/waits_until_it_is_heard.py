# breaks: NTF-2
# by: missing-path, abstract-name, long-path
"""Serves nobody until its service manager has heard it."""

import os
import signal
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WaitsUntilItIsHeard(Daemon):
    def set_up(self):
        name = os.environ.get("NOTIFY_SOCKET", "")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:
            try:
                if name:
                    teller.connect(name.replace("@", "\0", 1))
            except OSError:
                signal.pause()
        super().set_up()


if __name__ == "__main__":
    main(WaitsUntilItIsHeard)
