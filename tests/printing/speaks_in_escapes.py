"""Prints, logs and is named by escape sequences, OSC 52, bidi overrides and no UTF-8; then fails.

It prints what its environment has as DAEMONSPEC_ZOO_TOKEN, too.
"""

import ctypes
import os
import sys
import syslog

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main

HARMFUL = b"\x1b[2J\x1b]52;c;aGFja2Vk\x07\xe2\x80\xaegpj\xff\xc2\x9b31m\x00\r"


class SpeaksInEscapes(Daemon):
    def detach(self):
        ctypes.CDLL(None).prctl(15, b"\x1b]52;c;aGFj\x07", 0, 0, 0)  # PR_SET_NAME
        os.write(2, HARMFUL + os.environ.get("DAEMONSPEC_ZOO_TOKEN", "").encode() + b"\n")
        super().detach()

    def set_up(self):
        syslog.syslog("\x1b[31m in red \x1b]52;c;aGFja2Vk\x07")
        raise OSError("it fails")


if __name__ == "__main__":
    main(SpeaksInEscapes)
