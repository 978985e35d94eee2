"""What happens inside a world, for the self-tests that look at one."""

import os
import sys

from daemonspec.world import probes, processes

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", "LANG": "C"}
PYTHON = (sys.executable, "-I", "-S", "-c")
SOON = 20.0  # seconds: much longer than anything takes, however busy the machine is

_CHANGES = ("exited", "killed", "stopped", "continued")


def spawn(world, *words, **spec):
    """Start a program, its streams on /dev/null unless it has a terminal; return its pid."""
    null = os.open("/dev/null", os.O_RDWR)
    try:
        spec = {"argv": words, "environment": ENVIRONMENT, "inherited": {}, **spec}
        return world.warden.spawn(spec, fds=[] if spec.get("terminal") else [null] * 3)[0]
    finally:
        os.close(null)


def shell(world, command):
    """Return what a /bin/sh command line says, which has to end with status 0."""
    status, output = probes.run(world, command, ENVIRONMENT, SOON)
    assert status == 0, output
    return output


def running(world, command):
    """Return the living processes with that command line."""
    return [one for one in processes.look(world) if one.alive and one.command == command]


def changes(world, pid):
    """Return [(kind, status or signal), ...], what happened to a process."""
    told = [event for event in world.events if event.pid == pid and event.kind in _CHANGES]
    return [(event.kind, event.details[1]) for event in told]
