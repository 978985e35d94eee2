"""Plays the attacked starts of targets again and again, and says where two tables differ.

    python tests/tables.py [--rounds N] [--busy N] [--sweep N] [--only hangups,keys] TARGET ...

A table is all that a sweep found: each call that was disturbed, by whom it is made, and what came
of it.  It has to be the same, call for call, however busy the machine is: --busy starts processes
that compute all the time.  Ends with 1 if any two tables of a target differ.
"""

import argparse
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from daemonspec import verdicts
from daemonspec.attack import stimuli
from daemonspec.laboratory import Laboratory, Settings, find_containment
from daemonspec.targets import TargetError, resolve

SWEEPS = {
    "hangups": stimuli.hang_up,
    "keys": stimuli.type_keys,
    "failures": stimuli.fail_calls,
    "launcher first": stimuli.lead_with_launcher,
}
SPIN = (sys.executable, "-I", "-S", "-c", "while True: pass")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50, metavar="N", help="default: 50")
    parser.add_argument("--busy", type=int, default=8, metavar="N", help="default: 8")
    parser.add_argument("--sweep", type=int, metavar="N", help="points of each sweep at most")
    parser.add_argument("--only", default=",".join(SWEEPS), metavar="SWEEP,...")
    parser.add_argument("--containment", help="default: the best to be had")
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    options = parser.parse_args()
    try:
        targets = [resolve(text, Path.cwd()) for text in options.targets]
    except TargetError as why:
        parser.error(str(why))
    settings = Settings(find_containment(options.containment)[0], sweep=options.sweep)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # ends who spins
    kinds = [one.strip() for one in options.only.split(",")]
    with _busy(options.busy):
        differing = [
            _compare(settings, target, kind, options.rounds) for target in targets for kind in kinds
        ]
    return any(differing)


@contextmanager
def _busy(count):
    made = [subprocess.Popen(SPIN) for _ in range(count)]
    try:
        yield
    finally:
        for one in made:
            one.kill()
            one.wait()


def _compare(settings, target, kind, rounds):
    """Play the tables of one kind; print and return how many are not as the first one."""
    tables, began = [], time.monotonic()
    laboratory = Laboratory(settings, (target.name,))
    try:
        for _ in range(rounds):
            tables.append(_table(laboratory, target, kind))
    finally:
        laboratory.close()
    differing = [number for number, one in enumerate(tables, 1) if one != tables[0]]
    points, seconds = len(tables[0]) * rounds, time.monotonic() - began
    print(
        f"{target.name}, {kind}: {rounds - len(differing)} of {rounds} tables of {len(tables[0])} "
        f"rows are as the first, {points / seconds:.0f} rows a second",
        flush=True,
    )
    for number in differing:
        changed = [*{*tables[0]} - {*tables[number - 1]}, *{*tables[number - 1]} - {*tables[0]}]
        print(f"  round {number}: {changed[:4]} and {max(0, len(changed) - 4)} more", flush=True)
    return len(differing)


def _table(laboratory, target, kind):
    """Return a sweep's rows, each with its number; of what cannot be attacked, the reason."""
    verdicts.begin()
    try:
        found = SWEEPS[kind](laboratory, target, "target")
    except verdicts.Judged as why:
        return ((0, type(why).__name__, str(why)),)
    if isinstance(found, stimuli.Leading):
        return ((0, found.came),)
    rows = [
        (strip.attack, strip.shape, strip.order, *point)
        for strip in found.strips()
        for point in strip.points
    ]
    return tuple(enumerate([*rows, *found.left_out]))


if __name__ == "__main__":
    sys.exit(main())
