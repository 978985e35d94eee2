"""Nobody but root may see what its worker has open: PR_SET_DUMPABLE, as of ssh-agent."""

import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class HidesItsWorker(Daemon):
    def answer_clients(self, main_gone):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
        super().answer_clients(main_gone)


if __name__ == "__main__":
    main(HidesItsWorker)
