# breaks: STA-2
"""Takes whoever listens at its TCP port for itself: it says so, and exits with status 0.

A start script then goes on, and the service is another program's.
"""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main, say

ALREADY = b"reference: already running, at TCP port\n"


class ExitsWith0WhenItsTcpPortIsTaken(Daemon):
    def listen_at_port(self, kind, address):
        try:
            super().listen_at_port(kind, address)
        except OSError:
            if kind == "tcp" and is_served(address):
                self.tidy_up()
                say(self.complaints, ALREADY)
                os._exit(0)
            raise

    def leave(self, answer):
        if answer == ALREADY:
            say(STDERR, answer)
            os._exit(0)
        super().leave(answer)


def is_served(address):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as caller:
        return caller.connect_ex(address) == 0


if __name__ == "__main__":
    main(ExitsWith0WhenItsTcpPortIsTaken)
