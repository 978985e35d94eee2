"""A name that looks like a line of /proc/PID/stat, with a line feed and a byte that is no text."""

import ctypes
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class HasAnOddName(Daemon):
    def set_up(self):
        name = b"a) R 1 (\n\xff\x1b[2J"
        ctypes.CDLL(None).prctl(15, ctypes.c_char_p(name), 0, 0, 0)  # PR_SET_NAME
        super().set_up()


if __name__ == "__main__":
    main(HasAnOddName)
