# breaks: CHD-4
"""Waits for the children that it made and for no others: what it got by exec() stays a zombie.

As PID 1 of a container it gets every orphan there is.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WaitsForItsOwnChildren(Daemon):
    def watch_signals(self):
        super().watch_signals()
        self.strangers = children()

    def reap(self):
        return {os.waitpid(child, os.WNOHANG)[0] for child in children() - self.strangers}


def children():
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return {int(pid) for pid in file.read().split()}


if __name__ == "__main__":
    main(WaitsForItsOwnChildren)
