# breaks: NTF-1
# by: not-from-main
"""Has a child say READY=1, as a script does that calls a helper."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class HasAChildSayThatItIsReady(Daemon):
    def tell_that_it_serves(self):
        child = os.fork()
        if not child:
            try:
                super().tell_that_it_serves()
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(HasAChildSayThatItIsReady)
