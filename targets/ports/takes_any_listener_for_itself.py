# breaks: STA-2
"""Takes whoever listens at its TCP port for itself, and no description says what it would answer.

What has the port in its place takes connections too, which is no sign that this one is up.
"""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import STDERR, Daemon, main, say

ALREADY = b"reference: already running\n"


class TakesAnyListenerForItself(Daemon):
    def listen(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as caller:
            is_taken = caller.connect_ex(self.tcp) == 0
        if is_taken:
            self.tidy_up()
            say(self.complaints, ALREADY)
            os._exit(0)
        super().listen()

    def leave(self, answer):
        if answer == ALREADY:
            say(STDERR, answer)
            os._exit(0)
        super().leave(answer)


if __name__ == "__main__":
    main(TakesAnyListenerForItself)
