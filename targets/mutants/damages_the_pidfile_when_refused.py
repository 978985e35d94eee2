# breaks: PIDF-8
"""Writes the pidfile before it knows whether it may run, and removes it when it may not.

The daemon that runs cannot be stopped any more by anything that reads its pidfile.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DamagesThePidfileWhenRefused(Daemon):
    def take_pidfile(self):
        """Overwrite whatever is there; that another daemon runs is noticed by its socket."""
        draft = f"{self.pidfile}.{os.getpid()}"
        with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o644)) as file:
            file.write(b"%d\n" % os.getpid())
        os.rename(draft, self.pidfile)
        self.made.append(self.pidfile)


if __name__ == "__main__":
    main(DamagesThePidfileWhenRefused)
