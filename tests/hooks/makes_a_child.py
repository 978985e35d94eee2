"""The reference without a worker; SIGUSR1 makes it start a child that ends at once.

    makes_a_child.py DIRECTORY-OF-THE-REFERENCE WAY OPTIONS

way: what it does about its children.  reaps: waits for each; lazily: for the one before, when it
makes the next; never: for none; told: for each, if SIGCHLD was not ignored when it was started,
and says at PIDFILE.said whether it could.
"""

import os
import signal
import sys

sys.path.insert(0, sys.argv.pop(1))
from reference import Daemon, main

WAY = sys.argv.pop(1)


class MakesAChild(Daemon):
    def reset_signals(self):
        self.was_ignored = signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN
        super().reset_signals()

    def watch_signals(self):
        super().watch_signals()
        if WAY == "told" and self.was_ignored:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def start_worker(self):
        """It has none."""

    def start_hook(self):
        if WAY == "lazily":
            super().reap()
        child = os.fork()
        if not child:
            os._exit(0)
        if WAY == "told":
            self.say(child)

    def say(self, child):
        try:
            os.waitpid(child, 0)
            said = "ended\n"
        except ChildProcessError:
            said = "lost\n"
        draft = f"{self.pidfile}.draft"
        with open(draft, "w") as file:
            file.write(said)
        os.rename(draft, f"{self.pidfile}.said")

    def reap(self):
        return super().reap() if WAY == "reaps" else set()


if __name__ == "__main__":
    main(MakesAChild)
