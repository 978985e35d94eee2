"""Changes the code that judges, and says which changes nobody notices.

    python tests/mutate.py [--seed N] [--count N] [--only TEXT] [--jobs N] [--list]

Each change (mutations.py) is made in a copy of the project.  There the verdicts that rest on the
changed line are given again: on the reference, beside controls without a defect (mended.py), on the
mutants that name those properties, and on some that have them.  The first that differs has noticed
it.  Which verdicts rest on a line is found out by one survey (survey.py), which is kept as long as
nothing of the project changes.

A change that nobody notices is a survivor.  survivors.toml says why of those that are known: the
change is none (equivalent), or a program is missing (open).  Ends with status 1 when more than 5 in
100 survive without being equivalent.
"""

import argparse
import hashlib
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

import mutations
from daemonspec import layout
from matrix import (
    EXPECTED,
    LEFT_OPEN,
    NOT_OF_THE_REFERENCE,
    OF_THE_ARTICLE_ALONE,
    collected,
    judged_by,
    never_ends,
)
from running import ROOT, article_daemon, surroundings
from survey import DIFFERS
from test_mutants import CASES, WHOLLY, near

KNOWN = ROOT / "tests/survivors.toml"
MOST = 5  # in 100 that may survive without being equivalent
_PARTS = ("suites", "fixtures", "targets", "tests", "conftest.py", "tox.ini", "pyproject.toml")
_JUDGING = (
    "suites/*.py",
    "fixtures/**/*.py",
    "targets/*/*.*",
    "tests/mended.py",
    "tests/survey.py",
)
_EACH = 10  # of what mutants have, one verdict in ten is given again
_FEW = "--sweep=20"  # points: conforming programs have no defect that a point could miss
_MENDED = ("-p", "mended", _FEW)
_ENDLESS = ("--start-timeout=2", "--stop-timeout=2")
_JUDGED = (0, 1, 6)  # exit statuses of a run that came to verdicts
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
    groups = _groups(directory)
    surveyed = _survey(groups, directory)
    known = {one["change"]: one for one in tomllib.loads(KNOWN.read_text())["survivor"]}
    copies = [_copy(directory / f"copy-{number}") for number in range(jobs)]
    came = Counter()

    def judged(change):
        copy = copies.pop()
        try:
            return change, _noticed(change, groups, surveyed, copy)
        finally:
            copies.append(copy)

    with ThreadPoolExecutor(jobs) as pool:
        for change, (how, seconds) in pool.map(judged, sample):
            known_as = known.get(str(change), {"kind": "new", "reason": "not in survivors.toml"})
            came[kind := "noticed" if how else known_as["kind"]] += 1
            print(f"{kind}, {seconds:.0f} s: {change}\n    {how or known_as['reason']}", flush=True)
    survived = came["open"] + came["new"]
    print(f"{len(sample)} of {of} changes: {', '.join(f'{n} {kind}' for kind, n in came.items())}")
    return int(survived * 100 > MOST * len(sample))


# -- what is judged -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Verdicts that are given by one run: matrix.Check of each.

    targets: {name: what stands after --target=}.
    """

    name: str
    options: tuple
    targets: dict
    checks: tuple

    def words(self, nodes):
        """Return the words of a run on some of its checks."""
        judged = {one.target for one in self.checks if one.node in nodes}
        named = [f"--target={text}" for name, text in self.targets.items() if name in judged]
        return [*self.options, *named, *nodes]


def _groups(directory):
    """Return the Groups, those first that are cheap for what they notice."""
    reference = collected("sysv", ["reference"])
    found = [
        _group("reference", "sysv", ["reference"], reference, _FEW),
        _group("beside controls", "sysv", ["reference"], reference, *_MENDED),
    ]
    for profile in ("sysv", "foreground"):
        found += _of_matrix(profile)
    article = str(article_daemon(directory))
    for profile, target, wanted in (
        ("foreground", "reference", judged_by("foreground") - judged_by("sysv")),
        ("sysv", article, NOT_OF_THE_REFERENCE),
        ("article", article, OF_THE_ARTICLE_ALONE),
        ("article", "reference", OF_THE_ARTICLE_ALONE),
    ):
        checks = [one for one in collected(profile, [target]) if one.clause in wanted]
        name = f"{Path(target).stem}, {profile}"
        found.append(_group(name, profile, [target], checks, _FEW))
        if target == article or profile == "foreground":
            found.append(_group(f"{name}, beside controls", profile, [target], checks, *_MENDED))
    return found


def _of_matrix(profile):
    """Return the Groups of the kill matrix in one profile."""
    names = [name for one, name in CASES if one == profile]
    checks = collected(profile, names)
    failed, endless, wholly, had = [], [], [], []
    for name in names:
        own = [one for one in checks if one.target == name]
        if name in WHOLLY:
            wholly += own if (profile, name) != ("sysv", "reference") else []
            continue
        named = EXPECTED[name] | LEFT_OPEN[name]
        for one in near(name, own):
            kind = had if one.clause not in named else endless if never_ends(name) else failed
            kind.append(one)
    return [
        _group(f"mutants, {profile}", profile, names, failed),
        _group(f"references, {profile}", profile, names, wholly, _FEW),
        _group(f"endless mutants, {profile}", profile, names, endless, *_ENDLESS),
        _group(f"what mutants have, {profile}", profile, names, had[::_EACH]),
    ]


def _group(name, profile, targets, checks, *options):
    named = {Path(one).stem: one for one in targets}
    return Group(name, (f"--profile={profile}", *options), named, tuple(checks))


def _survey(groups, directory):
    """Return [{node: what survey.py keeps of it}] of the groups, made once for this project."""
    digest = hashlib.sha256(repr(groups).replace(str(directory), "").encode())
    for pattern in _JUDGING:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    kept = layout.cache() / f"survey-{digest.hexdigest()[:16]}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        copy, found = _copy(directory / "surveyed"), []
        for group in groups:
            began, path = time.monotonic(), directory / "survey.json"
            path.unlink(missing_ok=True)
            run = _child(copy, group.words([one.node for one in group.checks]), "--survey", path)
            said, _ = run.communicate()
            if run.returncode not in _JUDGED:
                raise SystemExit(f"the survey of {group.name} failed:\n{said[-2000:]}")
            found.append(json.loads(path.read_text()))
            print(f"surveyed {group.name}: {len(found[-1])} in {time.monotonic() - began:.0f} s")
        kept.write_text(json.dumps(found))
    return json.loads(kept.read_text())


# -- one change -----------------------------------------------------------------------------------


def _noticed(change, groups, surveyed, copy):
    """Return (who noticed a change, as text, or ""; seconds)."""
    path, began = copy / change.path, time.monotonic()
    before = path.read_bytes()
    path.write_bytes(change.applied(before))
    try:
        how = "reached by no verdict"
        for group, found in zip(groups, surveyed, strict=True):
            nodes = _resting_on(change, found)
            if nodes:
                how = _difference(copy, group, {one: found[one] for one in nodes})
                if how:
                    return f"{group.name}: {how}", time.monotonic() - began
        return "", time.monotonic() - began
    finally:
        path.write_bytes(before)


def _resting_on(change, found):
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


def _difference(copy, group, found):
    """Give the verdicts again; return the first difference as text, or ""."""
    expected = copy / "expected.json"
    expected.write_text(json.dumps({node: one["outcome"] for node, one in found.items()}))
    run = _child(copy, group.words(list(found)), "--expect", expected)
    limit = _LONGEST + 10 * sum(one["seconds"] for one in found.values())
    try:
        said, _ = run.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        run.kill()  # its worlds end with it
        run.communicate()
        return f"did not end within {limit:.0f} s"
    if run.returncode in _JUDGED:
        return ""
    lines = [one for one in said.splitlines() if one.strip(" =!-")]
    exits = [one for one in lines if "Exit:" in one or "Exception" in one or "Error" in one]
    shown = (exits if run.returncode == DIFFERS else exits[-1:] or lines[-1:])[:1]
    return f"status {run.returncode}: {''.join(shown).strip(' !E')}"


def _child(copy, words, option, path):
    """Start a run of pytest in a copy of the project."""
    python = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "survey"]
    paths = f"{copy}/fixtures:{copy}/tests"
    return subprocess.Popen(
        [*python, option, path, *words],
        cwd=copy,
        env=surroundings(PYTHONPATH=paths),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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
