"""Has a child tell that it stops."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class IsNotHeard(Daemon):
    def tell_that_it_stops(self):
        child = os.fork()
        if not child:
            try:
                super().tell_that_it_stops()
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(IsNotHeard)
