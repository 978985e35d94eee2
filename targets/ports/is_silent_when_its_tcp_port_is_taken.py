# breaks: STA-3, STA-11
"""Exits with status 1 and prints nothing when its TCP port is taken."""

import errno
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main

SILENT = b"\0"


class IsSilentWhenItsTcpPortIsTaken(Daemon):
    def listen_at_port(self, kind, address):
        try:
            super().listen_at_port(kind, address)
        except OSError as error:
            if kind == "tcp" and error.errno == errno.EADDRINUSE:
                self.tidy_up()
                if self.complaints != STDERR:
                    os.write(self.complaints, SILENT)
                os._exit(1)
            raise

    def leave(self, answer):
        if answer == SILENT:
            os._exit(1)
        super().leave(answer)


if __name__ == "__main__":
    main(IsSilentWhenItsTcpPortIsTaken)
