"""Has a child in namespaces of its own, whose pid there is 1."""

import ctypes
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class HidesAChild(Daemon):
    def set_up(self):
        super().set_up()
        libc = ctypes.CDLL(None, use_errno=True)
        if not os.fork():
            libc.unshare(0x10000000 | 0x20000000 | 0x20000)  # CLONE_NEWUSER, NEWPID, NEWNS
            if not os.fork():
                signal.pause()
            os.wait()
            os._exit(0)


if __name__ == "__main__":
    main(HidesAChild)
