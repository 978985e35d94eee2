"""Removes at its end the path of the socket that it was given."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main


class RemovesItsGivenSocket(Daemon):
    def listen(self):
        super().listen()
        if self.socket_path not in self.made:
            self.made.append(self.socket_path)


if __name__ == "__main__":
    main(RemovesItsGivenSocket)
