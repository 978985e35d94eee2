# breaks: PAR-2
"""Serves, and never detaches: the option that asks for it has no effect any more.

A prompt, a script and the boot wait for it for ever.  Nothing else is judged of such a program.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class StaysInTheForeground(Daemon):
    def run_detached(self):
        self.run_in_foreground()


if __name__ == "__main__":
    main(StaysInTheForeground)
