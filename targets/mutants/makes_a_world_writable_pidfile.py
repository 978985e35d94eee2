# breaks: PIDF-3, UMK-2
"""Creates the pidfile with mode 0666, which its umask of 0 lets through (CVE-2017-11747).

Anybody can then write the number of a process that root will kill at the next stop.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class MakesAWorldWritablePidfile(Daemon):
    def take_pidfile(self):
        super().take_pidfile()
        os.chmod(self.pidfile, 0o666)


if __name__ == "__main__":
    main(MakesAWorldWritablePidfile)
