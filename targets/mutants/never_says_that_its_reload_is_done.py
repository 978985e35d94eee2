# breaks: NTF-4
# by: no-ready-again
"""Says that it reloads, and never that it is done."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeverSaysThatItsReloadIsDone(Daemon):
    def reload(self):
        self.tell_that_it_reloads()


if __name__ == "__main__":
    main(NeverSaysThatItsReloadIsDone)
