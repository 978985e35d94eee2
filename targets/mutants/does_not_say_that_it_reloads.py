# breaks: NTF-4
# by: no-reloading
"""Says after a reload that it is ready, and not before that it reloads."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class DoesNotSayThatItReloads(Daemon):
    def tell_that_it_reloads(self):
        pass


if __name__ == "__main__":
    main(DoesNotSayThatItReloads)
