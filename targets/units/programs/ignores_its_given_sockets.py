"""Makes its own sockets, whatever it was given."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class IgnoresItsGivenSockets(Daemon):
    def take_sockets(self):
        return []


if __name__ == "__main__":
    main(IgnoresItsGivenSockets)
