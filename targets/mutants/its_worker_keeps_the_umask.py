# breaks: UMK-1
"""Forks its worker before it sets its umask: what the worker writes has the launcher's modes.

The main process has its own umask, and looks as it should.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class ItsWorkerKeepsTheUmask(Daemon):
    inherited = 0o022

    def reset_umask(self):
        self.inherited = os.umask(0)

    def work(self, main):
        os.umask(self.inherited)
        super().work(main)


if __name__ == "__main__":
    main(ItsWorkerKeepsTheUmask)
