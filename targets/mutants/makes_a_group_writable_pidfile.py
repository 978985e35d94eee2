# breaks: PIDF-9
"""Creates the pidfile with mode 0664: everybody in its group decides whom the next stop kills."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class MakesAGroupWritablePidfile(Daemon):
    def take_pidfile(self):
        super().take_pidfile()
        os.chmod(self.pidfile, 0o664)


if __name__ == "__main__":
    main(MakesAGroupWritablePidfile)
