# breaks: STA-1, PIDF-1, STA-2, STA-3, STA-8
# not in: foreground
"""The launcher says 0 as soon as it has forked: for a moment, or for ever, there is no service.

What starts next, and needs it, fails now and then; and a start that fails is not noticed at all.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ReturnsBeforeItIsReady(Daemon):
    def fork(self):
        child = super().fork()
        if child:
            os._exit(0)
        return child

    def announce(self):
        """Nobody is left to hear it."""
        os.close(self.complaints)


if __name__ == "__main__":
    main(ReturnsBeforeItIsReady)
