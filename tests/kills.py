"""Kill a part of a run at a moment taken by chance, again and again, and see what is left.

    python tests/kills.py [NUMBER] [SEED]

Each time a part (pytest's main process, a worker, a fork server, a warden) is sent KILL, TERM, INT
or HUP.  Once pytest has ended, nothing of the run may be left a second later: no process, no mount,
no file.  Whoever reads the result wants an idle machine: a second is little on another.
"""

import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil

from watched import ONE_THAT_CONFORMS, OPTIONS, WAYS, Watched, is_worker

PARTS = ("main", "worker", "fork server", "warden")
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
LEFT_FOR = 1.0  # seconds
WAY_OF = {"worker": ("workers", "workers without namespaces")}
ALL_WAYS = {**WAYS, "workers without namespaces": ("-n2", "--containment=none")}


def find(run, part):
    """Return a psutil.Process of a run that is that part, or None while there is none."""
    if part == "main":
        return run.pytest
    run.look()
    try:
        below = run.pytest.children(recursive=True)
        if part == "worker":
            return next((one for one in below if is_worker(one)), None)
        servers = [one for one in below if is_server(one)]
        if part == "fork server":
            return next((one for one in servers if not is_server(one.parent())), None)
        return next((one for one in servers if is_server(one.parent())), None)
    except (psutil.Error, AttributeError):
        return None  # it has ended meanwhile


def is_server(process):
    """Whether it is a fork server, or a warden, which is its fork and has its command line."""
    return "daemonspec.inside import server" in " ".join(process.cmdline())


def kill(run, part, name):
    """Send a signal to a part of a run, as soon as it is there; wait until pytest has ended."""
    while (victim := find(run, part)) is None and not run.ended:
        time.sleep(0.002)
    if victim is not None:
        try:
            victim.send_signal(signal.Signals[name])
        except psutil.NoSuchProcess:
            pass
    run.end()


def main(number=100, seed=None):
    """Return how many kills left something, each of which is said."""
    seed = int(seed or time.time())
    chance = random.Random(seed)
    failed = 0
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored after a shell's `&`
    for count in range(int(number)):
        part, name = chance.choice(PARTS), chance.choice(SIGNALS)
        way = chance.choice(WAY_OF.get(part, tuple(ALL_WAYS)))
        options = chance.choice((OPTIONS, ONE_THAT_CONFORMS))
        with tempfile.TemporaryDirectory() as place:
            run = Watched(Path(place), *options, *ALL_WAYS[way])
            run.wait_until_seen(chance.randint(1, 30))
            kill(run, part, name)
            time.sleep(LEFT_FOR)
            left = run.left()
            try:
                run.assert_nothing_left()
            except AssertionError as why:
                left += [str(why)]
        failed += bool(left)
        print(f"{count}: {name} to the {part}, {way}: {left or 'nothing left'}", flush=True)
    print(f"{failed} of {number} left something (seed {seed})")
    return failed


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
