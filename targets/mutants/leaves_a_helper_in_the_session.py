# breaks: SES-1
"""Forks a helper before setsid(): it is detached in all else, but in the launcher's session.

A log writer, a key agent or a process of some library that is started before daemonizing stays
behind like this.
"""

import fcntl
import os
import socket
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../reference"))
from reference import Daemon, close_all_but, main


class LeavesAHelperInTheSession(Daemon):
    def new_session(self):
        self.lifeline, theirs = socket.socketpair()
        if not os.fork():
            self.help(theirs)
        theirs.close()
        self.lifeline.recv(1)  # from here on the helper looks as it will always look
        super().new_session()

    def help(self, lifeline):
        """Be detached but for the session; end when main does, which is end-of-file here."""
        os.setpgid(0, 0)  # out of the reach of keys typed at the terminal
        self.give_up_terminal()
        close_all_but({0, 1, 2, lifeline.fileno()})
        self.null_standard_streams()
        self.reset_umask()
        self.leave_directory()
        lifeline.send(b".")
        lifeline.recv(1)
        os._exit(0)

    def give_up_terminal(self):
        try:
            terminal = os.open("/dev/tty", os.O_RDWR)
        except OSError:
            return  # ENXIO: started without one (tty(4))
        fcntl.ioctl(terminal, termios.TIOCNOTTY)


if __name__ == "__main__":
    main(LeavesAHelperInTheSession)
