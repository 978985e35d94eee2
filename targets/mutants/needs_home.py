# breaks: ENV-2
"""Looks up HOME without a default: it starts from every login, and not at boot."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main, say


class NeedsHome(Daemon):
    def fill_standard_streams(self):
        if "HOME" not in os.environ:
            say(2, b"reference: HOME is not set\n")
            os._exit(1)
        super().fill_standard_streams()


if __name__ == "__main__":
    main(NeedsHome)
