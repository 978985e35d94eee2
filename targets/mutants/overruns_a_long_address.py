# breaks: NTF-2
# by: long-path
"""Copies NOTIFY_SOCKET into an address without a look at its length: it crashes."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class OverrunsALongAddress(Daemon):
    def tell_that_it_serves(self):
        if len(os.environ.get("NOTIFY_SOCKET", "")) > 108:
            os.abort()
        super().tell_that_it_serves()


if __name__ == "__main__":
    main(OverrunsALongAddress)
