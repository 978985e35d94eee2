"""Makes its own sockets, whatever it was given."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from reference_notify import NotifyingDaemon, main


class IgnoresItsGivenSockets(NotifyingDaemon):
    def take_sockets(self):
        return []


if __name__ == "__main__":
    main(IgnoresItsGivenSockets)
