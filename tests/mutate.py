"""Changes the code that judges, and says which changes nobody notices.

    python tests/mutate.py [--seed N] [--count N] [--only TEXT] [--jobs N] [--list]

Each change (mutations.py) is made in a copy of the project.  There the verdicts that rest on the
changed line are given again: on the reference, beside controls without a defect (mended.py), on the
mutants that name those properties, and on some that have them.  The first that differs, and does
not differ without the change, has noticed it.  Which verdicts rest on a line is found out by a
survey (judging.py).  Then the self-tests are run that import the changed module, and the one that
survivors.toml names.

What has been found is kept in the cache, so that a run can be interrupted and started again: who
noticed a change as long as the code that judges is the same, that nobody did as long as the
embedded targets are the same too.

A change that nobody notices is a survivor.  survivors.toml says why of those that are known: the
change is none (equivalent), it changes what is told and no verdict (words), or a program is missing
(open).  Ends with status 1 when more than 5 in 100 survive and are none of the first two.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import judging
import mutations
from running import ROOT
from survey import DIFFERS

KNOWN = ROOT / "tests/survivors.toml"
NEW = {"kind": "new", "reason": "not noticed, and survivors.toml does not say why"}
MOST = 5  # in 100 that may survive without being equivalent
_PARTS = ("suites", "fixtures", "targets", "tests", "conftest.py", "tox.ini", "pyproject.toml")
_LONGEST = 60.0  # seconds that a run gets on top of ten times what it took in the survey


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the sample")
    parser.add_argument("--count", type=int, default=20, metavar="N", help="default: 20")
    parser.add_argument("--only", default="", metavar="TEXT", help="changes whose name has it")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--list", action="store_true", help="name the changes and end")
    options = parser.parse_args()
    every = [one for path in mutations.files() for one in mutations.changes(path)]
    named = [one for one in every if options.only in str(one)]
    sample = random.Random(options.seed).sample(named, min(options.count, len(named)))
    if options.list:
        print(*sample, sep="\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="mutate-") as directory:
        return _run(sample, len(every), options.jobs, Path(directory))


def _run(sample, of, jobs, directory):
    copies = [_copy(directory / f"copy-{number}") for number in range(jobs)]
    survey = judging.Survey(_copy(directory / "surveyed"), directory)
    groups = judging.groups(directory)
    known = {one["change"]: one for one in tomllib.loads(KNOWN.read_text())["survivor"]}
    results, came = Results(), Counter()
    named = {name: one["test"] for name, one in known.items() if "test" in one}

    def judged(change):
        if str(change) in results.kept:
            return change, results.kept[str(change)]
        copy = copies.pop()
        try:
            began, test = time.monotonic(), named.get(str(change))
            by = _noticed(change, groups, survey, copy) or _failing_test(change, test, copy)
            return change, results.keep(change, by, time.monotonic() - began)
        finally:
            copies.append(copy)

    with ThreadPoolExecutor(jobs) as pool:
        if jobs > 1:  # one change after the other would need the same part of the survey at a time
            list(pool.map(survey.of, groups))
        for change, one in pool.map(judged, sample):
            known_as = NEW | known.get(str(change), {})
            came[kind := "noticed" if one["by"] else known_as["kind"]] += 1
            print(f"{kind}, {one['seconds']:.0f} s: {change}")
            print(f"    {one['by'] or known_as['reason']}", flush=True)
    survived = came["open"] + came["new"]
    print(f"{len(sample)} of {of} changes: {', '.join(f'{n} {kind}' for kind, n in came.items())}")
    return int(survived * 100 > MOST * len(sample))


class Results:
    """What came of changes in this run and in earlier ones; kept: {change: {by, seconds, ...}}."""

    def __init__(self):
        self._path = judging.kept_at(f"mutations-{judging.of_the_code()}.jsonl")
        self._targets = judging.of_the_targets()
        lines = self._path.read_text().splitlines() if self._path.exists() else ()
        found = (json.loads(line) for line in lines)
        self.kept = {
            one["change"]: one for one in found if one["by"] or one["targets"] == self._targets
        }

    def keep(self, change, by, seconds):
        one = {"change": str(change), "by": by, "seconds": seconds, "targets": self._targets}
        with self._path.open("a") as file:
            file.write(json.dumps(one) + "\n")
        return one


# -- one change -----------------------------------------------------------------------------------


def _noticed(change, groups, survey, copy):
    """Return which verdict noticed a change, as text, or ""."""
    for group in groups:
        found = survey.of(group)
        left = {node: found[node] for node in resting_on(change, found)}
        while left:
            with change.made_in(copy):
                difference = _difference(copy, group, left)
            if not difference:
                break
            doubted = {node: left[node] for node in difference.nodes}
            if not _difference(copy, group, doubted):
                return f"{group.name}: {difference.text}"
            print(f"not stable without a change: {difference.text}", flush=True)
            left = {node: left[node] for node in left.keys() - doubted.keys()}
    return ""


def _failing_test(change, named, copy):
    """Return which self-test noticed a change, or "".  named: one that is known to, or None."""
    for tests in filter(None, ([named] if named else [], judging.tests_of(change.path))):
        with change.made_in(copy):
            failed = judging.first_failure(copy, tests)
        if failed and not judging.first_failure(copy, [failed]):
            return f"self-tests: {failed}"
    return ""


def resting_on(change, found):
    """Return the nodes of a survey that run a changed line, or use a changed constant."""
    wanted = {(change.path, number) for number in change.lines}
    if change.constant:
        wanted = mutations.uses(change)
    nodes = [
        node
        for node, one in found.items()
        if any((path, number) in wanted for path in one["lines"] for number in one["lines"][path])
    ]
    return [one for one in nodes if one] or (list(found)[1:2] if nodes else [])


@dataclass(frozen=True)
class Difference:
    """A run that did not come to the verdicts of the survey; nodes: those that it may be about."""

    text: str
    nodes: tuple


def _difference(copy, group, found):
    """Give the verdicts again; return the first Difference, or None."""
    expected = copy / "expected.json"
    expected.write_text(json.dumps({node: one["outcome"] for node, one in found.items()}))
    run = judging.child(copy, group.words(list(found)), "--expect", expected)
    limit = _LONGEST + 10 * sum(one["seconds"] for one in found.values())
    try:
        said, _ = run.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        run.kill()  # its worlds end with it
        run.communicate()
        return Difference(f"did not end within {limit:.0f} s", tuple(found))
    if run.returncode in judging.JUDGED:
        return None
    lines = [one for one in said.splitlines() if one.strip(" =!-")]
    exits = [one for one in lines if "Exit:" in one or "Exception" in one or "Error" in one]
    shown = (exits if run.returncode == DIFFERS else exits[-1:] or lines[-1:])[:1]
    text = f"status {run.returncode}: {''.join(shown).strip(' !E')}"
    named = tuple(node for node in found if f"{node}:" in text)
    return Difference(text, named or tuple(found))


def _copy(path):
    """Copy the project, without what Python or pip made; return where it is."""
    for part in _PARTS:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / part, path / part, ignore=ignored)
        else:
            shutil.copy(ROOT / part, path / part)
    return path


if __name__ == "__main__":
    sys.exit(main())
