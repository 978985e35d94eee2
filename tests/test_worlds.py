"""Worlds: what is written in one, who rests in it, and what is told of its processes."""

import os
import secrets
import shlex
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from daemonspec.experiments.shared import take_address
from daemonspec.model import Probe
from daemonspec.world import fork_server, probes, processes
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.network_turn import Turn
from daemonspec.world.procfs import Socket
from daemonspec.world.world import GaveUp
from inside import ENVIRONMENT, PYTHON, SOON, changes, shell, spawn


@pytest.mark.parametrize("directory", ["/etc", "/tmp", "/usr", "/var/tmp", "/opt", "~", "/run"])
def test_written_in_a_world_stays_there(world, server, directory):
    """What a target writes, wherever, is gone with its world; what it may not write, it cannot."""
    if not world.containment.mounts:
        pytest.skip(f"nothing is copied on write in the containment {world.containment.name}")
    place = Path(directory).expanduser()
    path = place / f"daemonspec-{secrets.token_hex(6)}"
    allowed = os.access(place, os.W_OK) or directory == "/run"  # which is a world's own

    status, said = probes.run(world, f"echo inside > {path}", ENVIRONMENT, SOON)

    assert (status == 0) == allowed, said
    if allowed:
        assert world.warden.read(str(path), 100) == b"inside\n"
    else:
        assert "Permission denied" in said
    with server.world() as other, pytest.raises(FileNotFoundError):
        other.warden.read(str(path), 100)
    assert not path.exists()


def test_changes_in_a_world_stay_there(world, tmp_path):
    """Files of the machine, changed and removed by a target, are as they were."""
    if not world.containment.mounts or str(tmp_path).startswith(("/run/", "/dev/shm/")):
        pytest.skip(f"{tmp_path} is not copied on write here")
    changed, removed = tmp_path / "changed", tmp_path / "removed"
    changed.write_text("before")
    removed.write_text("there")

    said = shell(world, f"cd {tmp_path} && echo after > changed && rm removed && cat changed; ls")

    assert said.split() == ["after", "changed"]
    assert (changed.read_text(), removed.read_text()) == ("before", "there")


# Adds 1 to every number that it may write below /proc/sys/net, and prints the path.
CHANGES_SETTINGS = """
import os
for directory, _, names in os.walk("/proc/sys/net"):
    for name in set(names) - {"flush"}:
        path = f"{directory}/{name}"
        try:
            numbers = [int(word) for word in open(path).read().split()]
            with open(path, "w") as file:
                file.write(" ".join(str(number + 1) for number in numbers))
        except (OSError, ValueError):
            continue
        print(path)
"""


def test_settings_of_its_own_network(world):
    """A world writes the settings of its own network, and none that is the machine's too."""
    if not (world.containment.mounts and os.geteuid() == 0):
        pytest.skip("needs root and a world with mounts")
    settings = [path for path in Path("/proc/sys/net").rglob("*") if path.is_file()]
    before = {path: _value(path) for path in settings}

    changed = shell(world, shlex.join([*PYTHON, CHANGES_SETTINGS])).split()

    leaked = [path for path in settings if str(path) in changed and _value(path) != before[path]]
    for path in leaked:
        path.write_text(before[path])
    assert "/proc/sys/net/ipv4/ip_forward" in changed
    assert (
        "/proc/sys/net/ipv6/conf/all/forwarding" in changed
        or not Path("/proc/sys/net/ipv6").exists()
    )
    assert not [path for path in changed if path.startswith("/proc/sys/net/netfilter/")]
    assert not leaked


def _value(path):
    try:
        return path.read_text()
    except OSError:
        return None  # some are for writing alone


def test_busy_world_does_not_rest(world):
    """The deadline names who runs."""
    pid = spawn(world, "/bin/sh", "-c", "while :; do :; done")

    with pytest.raises(GaveUp, match=rf"rest within 0.3 s; last seen: {pid} \(sh\) is in"):
        world.rest(0.3)


@pytest.mark.parametrize("state", ["S", "T", "Z"])
def test_world_rests(world, state):
    """Asleep, stopped and dead: nobody of these moves by himself."""
    spawn(world, "/bin/sleep", "infinity")
    pid = spawn(world, *PYTHON, "import os, signal\npid = os.fork()\nsignal.pause()")
    world.rest(SOON)
    (child,) = [one for one in processes.look(world) if one.stat.ppid == pid]
    if state != "S":
        world.signal(child.pid, signal.SIGSTOP if state == "T" else signal.SIGKILL)

    world.rest(SOON)

    (child,) = processes.look(world, [child.pid])
    assert child.stat.state == state


def test_events_of_adopted_processes(world):
    """Stop, continuation, end: each is told once, in its order, of a process that was orphaned."""
    pid = int(shell(world, "sleep infinity >/dev/null 2>&1 & echo $!"))
    world.rest(SOON)
    (found,) = processes.look(world, [pid])
    assert found.stat.ppid == world.reaper
    expected = []
    for number, change in (
        (signal.SIGSTOP, ("stopped", signal.SIGSTOP)),
        (signal.SIGCONT, ("continued", signal.SIGCONT)),
        (signal.SIGTSTP, ("stopped", signal.SIGTSTP)),
        (signal.SIGKILL, ("killed", signal.SIGKILL)),
    ):
        if number == signal.SIGTSTP:  # an orphaned process group is not stopped by it
            world.signal(pid, number)
            world.rest(SOON)
        else:
            expected.append(change)
            world.signal(pid, number)
            world.wait_for(lambda: len(changes(world, pid)) >= len(expected), SOON, str(change),
                           lambda: str(changes(world, pid)))  # fmt: skip
        assert changes(world, pid) == expected


def test_exit_status_of_an_adopted_process(world):
    """The status with which it exits is told, not that of who started it."""
    program = "import os, signal as s; s.signal(s.SIGUSR1, lambda *_: os._exit(7)); s.pause()"
    command = f"{sys.executable} -I -S -c '{program}' >/dev/null 2>&1 & echo $!"
    pid = int(shell(world, command))
    world.rest(SOON)

    world.signal(pid, signal.SIGUSR1)

    world.wait_for(lambda: world.ended(pid), SOON, "it did not end")
    assert changes(world, pid) == [("exited", 7)]


def test_many_ends_at_once(world):
    """SIGCHLD is not queued: forty ends may come with one signal, and all are told."""
    said = shell(world, "for i in $(seq 40); do sleep infinity >/dev/null 2>&1 & echo $!; done")
    pids = [int(word) for word in said.split()]
    world.rest(SOON)

    shell(world, f"kill -TERM {' '.join(map(str, pids))}")

    world.wait_for(lambda: all(map(world.ended, pids)), SOON, "not all ended")
    assert [changes(world, pid) for pid in pids] == [[("killed", signal.SIGTERM)]] * 40


_ANSWERS = """
import socket, sys
one = socket.socket(socket.AF_UNIX, int(sys.argv[1]))
one.bind(sys.argv[2])
if one.type == socket.SOCK_DGRAM:
    one.sendto(b"pong", one.recvfrom(100)[1])
else:
    one.listen()
    connection = one.accept()[0]
    connection.recv(100)
    connection.send(b"pong")
"""


@pytest.mark.parametrize("type_", ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET"])
def test_socket_files_of_every_type_answer(world, type_):
    """A probe of a socket file need not say of which type it is."""
    path = f"{world.paths.state}/socket"
    probe = Probe("unix", "{dir}/socket", b"ping", b"pong")
    assert not probes.answers(world, probe, ENVIRONMENT)[0]

    spawn(world, *PYTHON, _ANSWERS, str(int(getattr(socket, type_))), path)

    world.poll_for(lambda: probes.answers(world, probe, ENVIRONMENT)[0], SOON, "no answer")


def test_port_is_taken_in_both_families(world):
    """An IPv6 socket takes the IPv4 port as well, unless it is told not to (ipv6(7))."""
    if not world.containment.network:
        pytest.skip("the port would be the machine's")
    with ExitStack() as kept:
        wanted = [Socket(0, 0, host, 9557, 0) for host in ("::", "0.0.0.0")]

        assert [take_address(world, one, kept) for one in wanted] == [True, True]
        assert not take_address(world, wanted[1], kept)


@pytest.fixture
def turn(monkeypatch):
    """A Turn that this process has, and one that waits for it; nobody else takes either."""
    monkeypatch.setattr(Turn, "NAME", f"\0{secrets.token_hex(8)}")
    monkeypatch.setattr(fork_server, "_turn", Turn())
    return Turn()


def test_fork_servers_of_one_process_share_its_turn(turn):
    """Where worlds share the machine's network: one would wait for the other for ever."""
    servers = [ForkServer("none"), ForkServer("none")]
    try:
        with servers[0].world() as one, servers[1].world() as other:
            assert one.paths.home != other.paths.home
            with pytest.raises(TimeoutError):
                turn.take(0)
    finally:
        for server in servers:
            server.close()
    turn.take(0)
    turn.give_back()


def test_fork_server_that_is_closed_has_no_turn(turn):
    """Its worlds end with it, whether or not somebody closes each of them."""
    server = ForkServer("none")
    server.world()
    server.close()
    turn.take(0)
    turn.give_back()
