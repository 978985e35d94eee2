"""The figures of the design, measured: medians and extremes, no verdict.

    python tests/bench.py [--launches N] [--runs N]

Everything is measured with the embedded reference in C, so that nothing of the time is the
target's.  Noise only adds time: of a busy machine, read the least.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from daemonspec import layout, verdicts
from daemonspec.attack import stimuli
from daemonspec.laboratory import Laboratory, Settings, find_containment
from daemonspec.targets import embedded
from daemonspec.world.launch import quote
from daemonspec.world.probes import substitute

TARGET = "reference-c"
SWEPT = ("--clause=STA-7", "--clause=SIG-5", "--clause=STA-8", "--clause=STA-9")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launches", type=int, default=50, metavar="N", help="default: 50")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="default: 5")
    options = parser.parse_args()
    containment, _ = find_containment()
    print(f"containment {containment}, kernel {os.uname().release}, {os.cpu_count()} CPUs, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"{'what':46} {'median':>9} {'least':>9} {'most':>9}  {'design':>9}")

    laboratory = Laboratory(Settings(containment))
    try:
        measured = [_launch(laboratory) for _ in range(options.launches + 1)][1:]
    finally:
        laboratory.close()
    up, down, prompt, on_top, own = zip(*measured, strict=True)
    _row("world up", up, "ms", "")
    _row("world down", down, "ms", "")
    _row("world up and down", [sum(pair) for pair in zip(up, down, strict=True)], "ms", "< 6")
    _row("terminal, shell and its first prompt", prompt, "ms", "")
    _row("launch: bash's and the target's own time", own, "ms", "")
    _row("launch: on top of that", on_top, "ms", "< 10")

    def several(*words):
        return zip(*[_run(*words) for _ in range(options.runs)], strict=True)

    seconds, starts, _ = several("--sweep=off")
    _row("every property but the sweeps, -n 2", seconds, "s", "< 6")
    _row("starts of the target in that run", starts, "", "< 60")
    seconds, _, points = several(*SWEPT)
    _row("all sweeps, -n 2, pytest included", seconds, "s", "< 5")
    _row("attacked starts in that run", points, "", "")
    rates = [_hangups_a_second(containment) for _ in range(options.runs)]
    _row("hangup sweep, points a second", rates, "", "> 100")
    if shutil.which("redis-server") is None:
        print("all sweeps of redis-server: it is not installed")
        return
    seconds, _, _ = _run(*SWEPT, target="redis-server")
    _row("all sweeps of redis-server, -n 2", [seconds], "s", "< 60")


def _launch(laboratory):
    """Return milliseconds: (world up, down, prompt, launch on top of its own time, own time)."""
    target = embedded.load(TARGET)
    began = time.perf_counter()
    world = laboratory._world(target)
    up = _since(began)
    began = time.perf_counter()
    world.close()
    down = _since(began)

    line = laboratory.line(target)
    began = time.perf_counter()
    shell = line.open_shell()
    prompt = _since(began)
    typed = " ".join(quote(substitute(line.world, word)) for word in target.start)
    began = time.perf_counter()
    status, said = shell.run(typed)
    own = _since(began)
    line.close()
    assert status == 0, said

    line = laboratory.line(target)
    line.open_shell()
    began = time.perf_counter()
    laboratory.start(line, target)
    whole = _since(began)
    line.close()
    return up, down, prompt, whole - own, own


def _hangups_a_second(containment):
    """Return how many points of the hangup sweep are tried in a second, stories included."""
    verdicts.begin()
    laboratory = Laboratory(Settings(containment), (TARGET,))
    target = embedded.load(TARGET)
    try:
        laboratory.line(target).close()  # the fork server is there
        began = time.perf_counter()
        stimuli.hang_up(laboratory, target, "target")
        return laboratory.starts["attack"] / (time.perf_counter() - began)
    finally:
        laboratory.close()


def _run(*words, target=TARGET):
    """Return (seconds, starts, attacked starts) of one run, from outside."""
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    command = [*pytest, "-n2", f"--target={target}", *words]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=layout.ROOT, stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - began
    starts = re.search(r"verdicts from (\d+) starts(?:; (\d+) attacked)?", done.stdout)
    if not starts:
        sys.exit(f"the run ended with {done.returncode}:\n{done.stdout}")
    return seconds, int(starts[1]), int(starts[2] or 0)


def _since(began):
    return (time.perf_counter() - began) * 1000


def _row(what, values, unit, design):
    figures = [statistics.median(values), min(values), max(values)]
    shown = [f"{value:.0f}" if not unit else f"{value:.2f} {unit}" for value in figures]
    print(
        f"{what:46} {shown[0]:>9} {shown[1]:>9} {shown[2]:>9}  {design and f'{design} {unit}':>9}"
    )


if __name__ == "__main__":
    main()
