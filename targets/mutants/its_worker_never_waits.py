# breaks: CHD-1
"""Its worker starts a helper that ends at once, and never waits for it.

The main process waits for all of its own children: the zombie is a grandchild of it.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ItsWorkerNeverWaits(Daemon):
    def answer_clients(self, main_gone):
        if not os.fork():
            os._exit(0)
        super().answer_clients(main_gone)


if __name__ == "__main__":
    main(ItsWorkerNeverWaits)
