# breaks: PIDF-1
"""Serves when its launcher returns, and writes its pidfile 160 ms later.

transmission-daemon does so.  Its socket makes it the only one, and not its lock.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WritesItsPidfileLate(Daemon):
    def set_up(self):
        self.late, self.pidfile = self.pidfile, None
        super().set_up()

    def serve(self):
        self.pidfile = self.late
        time.sleep(0.16)
        try:
            self.take_pidfile()
        except OSError:
            pass  # it serves without one
        super().serve()


if __name__ == "__main__":
    main(WritesItsPidfileLate)
