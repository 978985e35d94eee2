"""The reference whose main process answers its clients, and forks a child that ends for each.

    forks_for_clients.py DIRECTORY-OF-THE-REFERENCE WAY OPTIONS

way: what it does about those children.  lazily: it waits for one when the next client comes;
never: for none.
"""

import os
import select
import sys

sys.path.insert(0, sys.argv.pop(1))
from reference import Daemon, answer, main

WAY = sys.argv.pop(1)


class ForksForClients(Daemon):
    forked = None

    def start_worker(self):
        """It has none."""

    def next_signals(self):
        while True:
            found = select.select([self.arrivals, self.listener], [], [])[0]
            if self.listener in found:
                self.fork_for_a_client()
                answer(self.listener)
            if self.arrivals in found:
                return super().next_signals()

    def fork_for_a_client(self):
        if WAY == "lazily" and self.forked:
            os.waitpid(self.forked, 0)
        self.forked = os.fork()
        if not self.forked:
            os._exit(0)

    def reap(self):
        return set()


if __name__ == "__main__":
    main(ForksForClients)
