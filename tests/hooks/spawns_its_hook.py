"""The reference that starts its hook by posix_spawn(3), as Python 3.13's subprocess does.

    spawns_its_hook.py DIRECTORY-OF-THE-REFERENCE [--leave SIGNAL] OPTIONS

leave: the name of a signal that the hook inherits as it is.
"""

import os
import signal
import sys

sys.path.insert(0, sys.argv.pop(1))
from reference import Daemon, main

LEFT = set()
if sys.argv[1] == "--leave":
    LEFT = {signal.Signals[sys.argv[2]]}
    del sys.argv[1:3]


class SpawnsItsHook(Daemon):
    def start_hook(self):
        clean = signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP} - LEFT
        os.posix_spawn(self.hook, [self.hook], {}, setsigdef=clean, setsigmask=())


if __name__ == "__main__":
    main(SpawnsItsHook)
