"""Its worker needs half a second to end, and nobody waits for it: main ends at once.

It is there at the first look after the stop, and gone before anybody has to kill it.
"""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class WorkerNeedsTimeToEnd(Daemon):
    def answer_clients(self, main_gone):
        super().answer_clients(main_gone)
        time.sleep(0.5)

    def serve(self):
        super().serve()
        self.worker = None  # it sees that main is gone


if __name__ == "__main__":
    main(WorkerNeedsTimeToEnd)
