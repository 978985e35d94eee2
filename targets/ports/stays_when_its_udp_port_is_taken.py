# breaks: STA-10, STA-12
# not in: foreground
"""Its launcher says that its UDP port is taken and exits with 1, and the daemon stays, idle."""

import errno
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main, say


class StaysWhenItsUdpPortIsTaken(Daemon):
    def listen_at_port(self, kind, address):
        try:
            super().listen_at_port(kind, address)
        except OSError as error:
            if kind == "udp" and error.errno == errno.EADDRINUSE:
                self.tidy_up()
                say(self.complaints, f"reference: cannot serve: {error}\n".encode())
                os.close(self.complaints)
                signal.pause()
            raise


if __name__ == "__main__":
    main(StaysWhenItsUdpPortIsTaken)
