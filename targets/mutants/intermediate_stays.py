# breaks: TTY-3, SES-5
"""Its first child waits for the second, the daemon, instead of exiting.

It is detached in all else, but leads the session: a terminal that it opens becomes theirs.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class IntermediateStays(Daemon):
    def fork_again(self):
        if daemon := self.fork():
            self.wait_for(daemon)

    def wait_for(self, daemon):
        """End as the daemon ends."""
        os.close(self.complaints)
        self.null_standard_streams()
        self.reset_umask()
        self.leave_directory()
        status = os.waitpid(daemon, 0)[1]
        os._exit(0 if status == 0 else 1)


if __name__ == "__main__":
    main(IntermediateStays)
