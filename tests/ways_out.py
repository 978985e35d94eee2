"""Looks for ways out of a world; prints a line of JSON: what was tried, and whether it went.

    ways_out.py HARNESS_PID TCP_PORT ABSTRACT_NAME DIRECTORY MARKER

Nothing that it does harms the host, should it reach it: files are opened and not written, but for
new ones called MARKER in DIRECTORY, and in /etc where that is a world's, which are for the caller
to look for and to remove.  What would harm is looked up in the capabilities that it has.  Only in a
mount namespace of its own does it unmount anything.  HOST_mnt, HOST_user: the host's namespaces.
"""

import ctypes
import json
import os
import socket
import stat
import sys

libc = ctypes.CDLL(None, use_errno=True)
REACHING = {"modules": 16, "raw input and output": 17, "boot": 22, "time": 25}
KEYCTL_GET_KEYRING_ID, SESSION_KEYRING = 0, -3  # include/uapi/linux/keyctl.h
KEYCTL = {"x86_64": 250, "aarch64": 219}


def main(harness, port, name, directory, marker):
    tried = {
        "signal": lambda: os.kill(int(harness), 0),
        "port": lambda: socket.create_connection(("127.0.0.1", int(port)), 5).close(),
        "abstract socket": lambda: connect(f"\0{name}"),
        "sysrq": lambda: opened("/proc/sysrq-trigger"),
        "kernel setting": lambda: opened("/proc/sys/kernel/panic"),
        "interrupts": lambda: opened("/proc/irq/default_smp_affinity"),
        "control group": lambda: make_group(marker),
        "device node": lambda: make_node(f"{directory}/{marker}.node"),
    }
    found = {what: goes(way) for what, way in tried.items()}
    has_hosts = is_hosts("user") and effective() & sum(1 << bit for bit in REACHING.values())
    found["capability"] = bool(has_hosts)
    found["keyring"] = libc.syscall(
        KEYCTL[os.uname().machine], KEYCTL_GET_KEYRING_ID, SESSION_KEYRING, 0
    )
    goes(lambda: write(f"{directory}/{marker}"))
    if not is_hosts("mnt"):
        goes(lambda: write(f"/etc/{marker}"))
        libc.umount2(b"/etc", 2)  # MNT_DETACH
        goes(lambda: write(f"/etc/{marker}.uncovered"))
    print(json.dumps(found))


def is_hosts(kind):
    """Whether this process is in the host's namespace of a kind (namespaces(7))."""
    return os.stat(f"/proc/self/ns/{kind}").st_ino == int(os.environ[f"HOST_{kind}"])


def goes(way):
    """Whether a way can be gone; one that is not there on this machine cannot."""
    try:
        way()
    except OSError:
        return False
    return True


def connect(address):
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(address)


def opened(path):
    os.close(os.open(path, os.O_WRONLY))


def make_group(marker):
    os.mkdir(f"/sys/fs/cgroup/{marker}")
    os.rmdir(f"/sys/fs/cgroup/{marker}")


def make_node(path):
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))  # null
    os.unlink(path)


def write(path):
    with open(path, "w") as file:
        file.write("reached\n")


def effective():
    with open("/proc/self/status") as file:
        (line,) = (line for line in file if line.startswith("CapEff:"))
    return int(line.split()[1], 16)


main(*sys.argv[1:])
