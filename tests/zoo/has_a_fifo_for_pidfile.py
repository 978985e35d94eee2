"""Has a FIFO where its pidfile should be: who opens it waits for the other side."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class HasAFifoForPidfile(Daemon):
    def take_pidfile(self):
        os.mkfifo(self.pidfile, 0o644)
        self.made.append(self.pidfile)


if __name__ == "__main__":
    main(HasAFifoForPidfile)
