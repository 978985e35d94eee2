"""Adopts its orphans itself: PR_SET_CHILD_SUBREAPER, as many supervisors do."""

import ctypes
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class IsAReaper(Daemon):
    def detach(self):
        super().detach()
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        if not os.fork():
            if not os.fork():
                signal.pause()
            os._exit(0)


if __name__ == "__main__":
    main(IsAReaper)
