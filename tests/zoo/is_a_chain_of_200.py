"""Forks and exits 200 times on its way to serve: the main process is the last."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main

LINKS = 200


class IsAChainOf200(Daemon):
    def set_up(self):
        for _ in range(LINKS):
            if os.fork():
                os._exit(0)
        super().set_up()


if __name__ == "__main__":
    main(IsAChainOf200)
