"""What the kernel prints is understood, whatever a process calls itself."""

import os
import socket
from pathlib import Path

import pytest

from daemonspec.experiments import proc_file
from daemonspec.model import Unknown
from daemonspec.world import processes, procfs
from inside import spawn

STAT = b" S 41 42 43 34816 44 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 11 12 13"
ODD_NAMES = [b"sleep", b"a) R 1 (b", b") ", b"((", b"a\nb) S 2", b"\xff tab\t", b"", b"1 2 3"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_stat_with_any_name(name):
    """A process chooses its name itself: `)`, spaces and newlines are allowed (proc(5))."""
    found = procfs.parse_stat(b"4711 (" + name + b")" + STAT)

    assert (found.comm, found.state) == (os.fsdecode(name), "S")
    assert (found.ppid, found.pgrp, found.session, found.tty_nr) == (41, 42, 43, 34816)
    assert (found.waited_for, found.threads, found.started) == (2, 1, 987654)


def test_program_with_an_odd_name(world, tmp_path):
    """The same of a real process, whose name the kernel cuts at 15 bytes."""
    program = tmp_path / "a) R 1 (\n b"
    program.symlink_to("/bin/sleep")
    pid = spawn(world, str(program), "infinity")

    (found,) = processes.look(world, [pid])

    assert found.stat.comm == program.name
    assert (found.stat.ppid, found.stat.session, found.status.umask) == (world.reaper, pid, 0o022)


NET = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 4711 1 0
   1: 0F02000A:0016 0202000A:D431 01 00000024:00000000 02:00000000 00000000   100        0 4712 2 0
"""
NET6 = """\
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A \
00000000:00000000 00:00000000 00000000     0        0 4713 1 0
"""


def test_net_as_printed():
    """Addresses are words in the byte order of the machine, ports are not (tcp_ipv4.c)."""
    assert procfs.parse_net(NET.encode(), 4) == [
        procfs.Socket(4711, 10, "127.0.0.1", 8080, 3),
        procfs.Socket(4712, 1, "10.0.2.15", 22, 0),
    ]
    assert procfs.parse_net(NET6.encode(), 6) == [procfs.Socket(4713, 10, "::1", 80, 0)]


@pytest.mark.parametrize(
    ("family", "host", "name"),
    [(socket.AF_INET, "127.0.0.1", "tcp"), (socket.AF_INET6, "::1", "tcp6")],
)
def test_net_of_a_real_socket(family, host, name):
    """The second observer is getsockname(2)."""
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        try:
            listener.bind((host, 0))
        except OSError as why:
            pytest.skip(f"{host} cannot be bound here: {why}")
        listener.listen()
        with socket.create_connection(listener.getsockname()[:2]):
            text = Path(f"/proc/self/net/{name}").read_bytes()
            inode = os.fstat(listener.fileno()).st_ino
            port = listener.getsockname()[1]

            found = [one for one in procfs.parse_net(text, 4 if name == "tcp" else 6)
                     if one.inode == inode]  # fmt: skip
    assert found == [procfs.Socket(inode, 10, host, port, 1)]


class _Seen:
    """As much of a Daemon as proc_file needs: one that notes what is seen."""

    def __init__(self, world, pid):
        self.world, self.main, self.seen = world, processes.look(world, [pid])[0], []

    def see(self, what, value):
        self.seen.append((what, str(value)))


def test_file_of_a_process_is_read_as_text(world):
    """What cannot be read is unknown, and never an empty text."""
    daemon = _Seen(world, spawn(world, "/bin/sleep", "infinity"))

    assert proc_file._read(daemon, "comm") == "sleep"
    assert isinstance(proc_file._read(daemon, "no-such-file"), Unknown)
    assert daemon.seen == [
        (f"comm of {daemon.main}", "sleep"),
        (f"no-such-file of {daemon.main}", "unknown (No such file or directory)"),
    ]
