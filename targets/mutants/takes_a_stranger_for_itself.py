# breaks: PIDF-6
"""Does not start while the pid in its old pidfile belongs to any living process at all.

After a reboot pids start over: the number is somebody else's more often than not.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TakesAStrangerForItself(Daemon):
    def take_pidfile(self):
        if running := self.living_pid():
            raise OSError(f"already running as {running}")
        super().take_pidfile()

    def living_pid(self):
        try:
            with open(self.pidfile, "rb") as file:
                number = int(file.read())
            os.kill(number, 0)
        except (OSError, ValueError):
            return 0
        return number


if __name__ == "__main__":
    main(TakesAStrangerForItself)
