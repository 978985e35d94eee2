"""Nobody may read its /proc files or trace it: PR_SET_DUMPABLE, as of ssh-agent."""

import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class IsUndumpable(Daemon):
    def set_up(self):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
        super().set_up()


if __name__ == "__main__":
    main(IsUndumpable)
