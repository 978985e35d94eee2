# breaks: NTF-7
# by: NOTIFY_SOCKET
"""Leaves NOTIFY_SOCKET in the environment of its hook, which can speak for the service."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TellsItsHookOfItsManager(Daemon):
    def forget_the_manager(self):
        where = os.environ.pop("NOTIFY_SOCKET", None)
        super().forget_the_manager()
        if where is not None:
            os.environ["NOTIFY_SOCKET"] = where


if __name__ == "__main__":
    main(TellsItsHookOfItsManager)
