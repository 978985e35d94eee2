"""Takes 60 s to start."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main


class TakesAMinute(Daemon):
    def set_up(self):
        time.sleep(60)
        super().set_up()


if __name__ == "__main__":
    main(TakesAMinute)
