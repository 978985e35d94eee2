# breaks: STA-4
"""Its parents call exit(), not _exit(): what stdio has not written yet, each of them writes.

Exit handlers run as often, and remove what the daemon needs (daemon(3), RETURN VALUE).
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import READY, Daemon, main


class LeavesItsParentsByExit(Daemon):
    def close_descriptors(self):
        super().close_descriptors()
        print("starting")

    def fork_again(self):
        if self.fork():
            sys.exit(0)

    def leave(self, answer):
        if answer == READY:
            sys.exit(0)
        super().leave(answer)


if __name__ == "__main__":
    main(LeavesItsParentsByExit)
