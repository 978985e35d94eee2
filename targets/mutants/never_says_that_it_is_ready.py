# breaks: NTF-1
# by: no-ready
"""Does not say READY=1."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class NeverSaysThatItIsReady(Daemon):
    def tell_that_it_serves(self):
        pass


if __name__ == "__main__":
    main(NeverSaysThatItIsReady)
