# breaks: INS-3
"""Is the only one as long as its pidfile says so: holds no lock, and takes the socket from anybody.

Whatever damages the file, a full disk or a careless script, allows a second instance.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, main


class TrustsTheNumberInThePidfile(Daemon):
    def take_pidfile(self):
        if running := self.number_of_another():
            raise OSError(f"already running as {running}")
        remove(self.pidfile)
        super().take_pidfile()

    def number_of_another(self):
        """Return the pid in the pidfile if a process of the same command line has it."""
        try:
            with open(self.pidfile, "rb") as file:
                number = int(file.read())
            its, own = (command_line(one) for one in (number, "self"))
            return number if its == own else 0
        except (OSError, ValueError):
            return 0

    def listen(self):
        remove(self.socket_path)
        super().listen()


def command_line(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


def remove(path):
    if os.path.lexists(path):
        os.unlink(path)


if __name__ == "__main__":
    main(TrustsTheNumberInThePidfile)
