"""kill(-1, SIGKILL), before it says that it serves."""

import os
import signal
import sys

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main
from safety import contained


class KillsEverybody(Daemon):
    def set_up(self):
        super().set_up()
        if contained():
            os.kill(-1, signal.SIGKILL)


if __name__ == "__main__":
    main(KillsEverybody)
