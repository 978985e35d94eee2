"""Serves when its launcher returns, and lets go of the terminal 0.3 s later.

rsyslogd closes 1 and 2 a second after its launcher has returned.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class LetsGoOfItsTerminalLate(Daemon):
    null = None  # in the foreground they are its manager's

    def null_standard_streams(self):
        self.null = os.open("/dev/null", os.O_RDWR)

    def answer_clients(self, main_gone):
        self.let_go()
        super().answer_clients(main_gone)

    def serve(self):
        time.sleep(0.3)
        self.let_go()
        super().serve()

    def let_go(self):
        if self.null is not None:
            for stream in (0, 1, 2):
                os.dup2(self.null, stream)


if __name__ == "__main__":
    main(LetsGoOfItsTerminalLate)
