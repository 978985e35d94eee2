# breaks: NTF-3
# by: no-stopping
"""Does not say STOPPING=1."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DoesNotSayThatItStops(Daemon):
    def tell_that_it_stops(self):
        pass


if __name__ == "__main__":
    main(DoesNotSayThatItStops)
