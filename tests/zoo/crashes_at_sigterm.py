"""Crashes when it is asked to stop: a null pointer in its handler of SIGTERM."""

import ctypes
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class CrashesAtSigterm(Daemon):
    def serve(self):
        signal.signal(signal.SIGTERM, lambda number, frame: ctypes.string_at(0))
        super().serve()


if __name__ == "__main__":
    main(CrashesAtSigterm)
