# breaks: NTF-5
# by: not-from-main
"""Has a child tell that it lives: nobody else hears its main process."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class HasAChildTellThatItLives(Daemon):
    def tell_that_it_lives(self):
        child = os.fork()
        if not child:
            try:
                super().tell_that_it_lives()
            finally:
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(HasAChildTellThatItLives)
