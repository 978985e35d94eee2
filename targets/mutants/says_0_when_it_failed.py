# breaks: STA-2
"""Prints why there is no daemon, and exits with status 0 all the same."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import READY, STDERR, Daemon, main, say


class Says0WhenItFailed(Daemon):
    def give_up(self, error):
        self.tidy_up()
        say(self.complaints, f"reference: cannot serve: {error}\n".encode())
        os._exit(0)

    def leave(self, answer):
        if answer != READY:
            say(STDERR, answer)
        os._exit(0)


if __name__ == "__main__":
    main(Says0WhenItFailed)
