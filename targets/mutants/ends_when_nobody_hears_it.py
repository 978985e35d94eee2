# breaks: NTF-2
# by: missing-path, abstract-name, long-path
"""Takes it for a failed start that its service manager cannot be reached."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class EndsWhenNobodyHearsIt(Daemon):
    def tell_that_it_serves(self):
        name = os.environ.get("NOTIFY_SOCKET")
        if name:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:
                teller.sendto(b"READY=1", name.replace("@", "\0", 1))


if __name__ == "__main__":
    main(EndsWhenNobodyHearsIt)
