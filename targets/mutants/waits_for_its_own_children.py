# breaks: CHD-4
"""Waits for the worker that it made and for nobody else: what it got through exec() stays a zombie.

As PID 1 of a container it gets every orphan there is.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WaitsForItsOwnChildren(Daemon):
    def reap(self):
        return {os.waitpid(self.worker, os.WNOHANG)[0]}


if __name__ == "__main__":
    main(WaitsForItsOwnChildren)
