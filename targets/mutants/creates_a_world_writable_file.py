# breaks: UMK-2
"""Has a umask of 0, as documents say, and creates a file without saying its mode: it gets 0666."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class CreatesAWorldWritableFile(Daemon):
    def listen(self):
        super().listen()
        os.umask(0)  # as step 10 leaves it
        path = self.socket_path + ".state"
        with open(path, "w") as file:
            print("listening", file=file)
        self.made.append(path)


if __name__ == "__main__":
    main(CreatesAWorldWritableFile)
