"""Takes the sockets of those who started it, where it may, and writes to them: no messages."""

import ctypes
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../targets/reference"))
from reference import Daemon, main

PIDFD_GETFD = 438
GENERATIONS = 3  # the shell, the harness's process in the world, and who made the world
JUNK = b"\xff\xff\xff\x7f\0\0\0\0" + b"junk" * 1024  # claims that 2 GiB follow


def ancestors():
    pid = os.getpid()
    for _ in range(GENERATIONS):
        with open(f"/proc/{pid}/stat") as file:
            pid = int(file.read().rpartition(")")[2].split()[1])
        if not pid:
            return
        yield pid


def sockets_of(pid):
    """Yield duplicates of the stream sockets of a process."""
    process = os.pidfd_open(pid)
    for number in range(64):
        fd = ctypes.CDLL(None).syscall(PIDFD_GETFD, process, number, 0)
        if fd < 0:
            continue
        try:
            one = socket.socket(fileno=fd)
        except OSError:
            os.close(fd)
            continue
        if one.family == socket.AF_UNIX and one.type == socket.SOCK_STREAM:
            yield one


class SendsJunkToItsJudge(Daemon):
    def set_up(self):
        super().set_up()
        for pid in FAMILY:
            for one in sockets_of(pid):
                one.setblocking(False)
                try:
                    one.send(JUNK)
                except OSError:
                    pass  # nobody listens there


if __name__ == "__main__":
    FAMILY = list(ancestors())
    main(SendsJunkToItsJudge)
