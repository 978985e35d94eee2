"""The reference as a new-style daemon: it tells systemd its state, and takes sockets from it."""

import os
import select
import signal
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../reference"))
from reference import Daemon, main

FIRST_GIVEN = 3  # SD_LISTEN_FDS_START, sd_listen_fds(3)


class NotifyingDaemon(Daemon):
    def __init__(self, **options):
        super().__init__(**options)
        self.watchdog = watchdog_seconds()

    def set_up(self):
        super().set_up()
        self.tell_that_it_serves()

    def tell_that_it_serves(self):
        tell("READY=1")

    def listen(self):
        """Take the sockets that were given, or make its own."""
        given = given_sockets()
        if given:
            self.listeners.extend(given)
        else:
            super().listen()

    def next_signals(self):
        while self.watchdog and not select.select([self.arrivals], [], [], self.watchdog / 2)[0]:
            self.tell_that_it_lives()
        found = super().next_signals()
        for number in found:
            if number == signal.SIGHUP:
                self.reload()
            if number in (signal.SIGTERM, signal.SIGINT):
                self.tell_that_it_stops()
        return found

    def reload(self):
        tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        tell("READY=1")

    def tell_that_it_lives(self):
        tell("WATCHDOG=1")

    def tell_that_it_stops(self):
        tell("STOPPING=1")


def tell(state):
    """Tell the service manager, if there is one (sd_notify(3)); one that is gone hears nothing."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if path[:1] not in ("/", "@"):
        return
    address = path if path.startswith("/") else "\0" + path[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as teller:
        try:
            teller.sendto(state.encode(), address)
        except OSError:
            pass


def given_sockets():
    """Return the sockets that are meant for this process (sd_listen_fds(3))."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    given = [socket.socket(fileno=FIRST_GIVEN + number) for number in range(count)]
    for one in given:
        one.setblocking(False)
    return given


def watchdog_seconds():
    """Return within how many seconds it is to tell that it lives, or 0 (sd_watchdog_enabled(3))."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6


if __name__ == "__main__":
    main(NotifyingDaemon)
