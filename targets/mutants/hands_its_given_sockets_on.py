# breaks: ACT-4
# by: socket
"""Does not make the sockets that it is given close-on-exec: its hook has them too."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, given_sockets, main


class HandsItsGivenSocketsOn(Daemon):
    def take_sockets(self):
        given = given_sockets()
        for one in given:
            os.set_inheritable(one.fileno(), True)
        return given


if __name__ == "__main__":
    main(HandsItsGivenSocketsOn)
