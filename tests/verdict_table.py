"""The verdicts of targets as a table: a line for each clause, target and outcome.

    python tests/verdict_table.py [TARGET ...] > before
    python tests/verdict_table.py --than before [TARGET ...]

Without targets, the verdicts of every embedded target but for the real programs.  With --than
it prints the lines that differ, and ends with status 1 if there are any.
"""

import argparse
import difflib
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

from matrix import EXPECTED, targets
from running import ChildRun


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", default=sorted(EXPECTED))
    parser.add_argument("--profile", default="sysv", help="default: sysv")
    parser.add_argument("--than", type=Path, metavar="FILE", help="print what differs from it")
    options = parser.parse_args()
    lines = table(options.targets, options.profile)
    if options.than is None:
        print(*lines, sep="\n")
        return 0
    before = options.than.read_text().splitlines()
    differing = list(difflib.unified_diff(before, lines, "before", "now", n=0, lineterm=""))
    print(*differing, sep="\n")
    return int(bool(differing))


def table(names, profile):
    """Return "target clause outcome" of every verdict, sorted."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "verdicts.json"
        run = ChildRun("-n2", f"--profile={profile}", *targets(names), json=file).wait()
    assert run.verdicts, run.output
    return sorted(f"{one['target']} {one['clause']} {one['outcome']}" for one in run.verdicts)


if __name__ == "__main__":
    sys.exit(main())
