# breaks: STA-2
"""Takes whoever has its UDP port for itself: it says so, and exits with status 0."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main, say

ALREADY = b"reference: already running, at UDP port\n"


class ExitsWith0WhenItsUdpPortIsTaken(Daemon):
    def listen_at_port(self, kind, address):
        try:
            super().listen_at_port(kind, address)
        except OSError:
            if kind == "udp" and is_served(address):
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
    """A port that nobody has refuses the first datagram (udp(7), ECONNREFUSED)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as caller:
        caller.connect(address)
        caller.send(b"ping")
        try:
            caller.recv(1)
        except ConnectionRefusedError:
            return False
        except BlockingIOError:
            pass
    return True


if __name__ == "__main__":
    main(ExitsWith0WhenItsUdpPortIsTaken)
