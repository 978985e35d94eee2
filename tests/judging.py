"""What mutate.py has judged again: groups of verdicts, and which lines each verdict rests on."""

import ast
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from daemonspec import layout
from daemonspec.targets import embedded
from matrix import (
    EXPECTED,
    LEFT_OPEN,
    NOT_OF_THE_REFERENCE,
    OF_THE_ARTICLE_ALONE,
    collected,
    judged_by,
    never_ends,
)
from running import LONGEST, ROOT, article_daemon, surroundings
from test_mutants import CASES, WHOLLY, near

_CODE = (
    "suites/*.py",
    "fixtures/**/*.py",
    "tests/mended.py",
    "tests/survey.py",
    "tests/conforming/*",
    "targets/reference/*",  # most other targets are the reference with a method replaced
    "targets/*/target.toml",
)
_EACH = 10  # of what mutants have, one verdict in ten is given again
_AT_ONCE = 60  # verdicts of one run
_FEW = "--sweep=20"  # points: conforming programs have no defect that a point could miss
_MENDED = ("-p", "mended", _FEW)
_ENDLESS = ("--start-timeout=2", "--stop-timeout=2")
_FAILED = re.compile(r"(FAILED|ERROR) tests/")
JUDGED = (0, 1, 6)  # exit statuses of a run that came to verdicts


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


def groups(directory):
    """Return the Groups, those first that are cheap for what they notice."""
    reference = collected("sysv", ["reference"])
    found = [
        *_group("reference", "sysv", ["reference"], reference, _FEW),
        *_group("beside controls", "sysv", ["reference"], reference, *_MENDED),
    ]
    for profile in dict(CASES):
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
        found += _group(name, profile, [target], checks, _FEW)
        if target == article or profile == "foreground":
            found += _group(f"{name}, beside controls", profile, [target], checks, *_MENDED)
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
        *_group(f"mutants, {profile}", profile, names, failed),
        *_group(f"endless mutants, {profile}", profile, names, endless, *_ENDLESS),
        *_group(f"references, {profile}", profile, names, wholly, _FEW),
        *_group(f"what mutants have, {profile}", profile, names, had[::_EACH]),
    ]


def _group(name, profile, targets, checks, *options):
    """Yield the Groups of these checks: none so long that a change has to wait for it."""
    named = {Path(one).stem if "/" in one else one: one for one in targets}
    for number in range(0, len(checks), _AT_ONCE):
        some = tuple(checks[number : number + _AT_ONCE])
        yield Group(name, (f"--profile={profile}", *options), named, some)


def child(copy, words, option, path):
    """Start a run of pytest with survey.py, in a copy of the project; return the Popen."""
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


# -- self-tests -----------------------------------------------------------------------------------


def tests_of(path):
    """Return the files of self-tests that import a file of the harness."""
    module = path.removeprefix("fixtures/").removesuffix(".py").replace("/", ".")
    found = [one for one in sorted(ROOT.glob("tests/test_*.py")) if module in _imported(one)]
    return [str(one.relative_to(ROOT)) for one in found]


def _imported(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found


def first_failure(copy, tests):
    """Run self-tests in a copy of the project; return the name of the first that failed, or ""."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
        check=False,
        cwd=copy,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    named = [line.split()[1] for line in run.stdout.splitlines() if _FAILED.match(line)]
    return (named or [""])[0]


# -- what is kept ---------------------------------------------------------------------------------


def kept_at(name):
    """Return the path of a file that outlives a run."""
    path = layout.cache() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _digest(paths):
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def of_the_code():
    """Return a digest of what judges, and of what all targets share."""
    return _digest(path for pattern in _CODE for path in ROOT.glob(pattern))


def of_the_targets():
    """Return a digest of every embedded target."""
    return _digest(ROOT.glob("targets/*/*.*"))


@dataclass
class Survey:
    """Which lines each verdict rests on: kept as long as the code and the target are the same.

    copy: where the project is judged as it is.  directory: for files of the moment.
    """

    copy: Path
    directory: Path
    _kept: dict = field(default_factory=dict)
    _locks: dict = field(default_factory=dict)  # id of a Group -> held while it is surveyed
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self):
        self._path = kept_at(f"survey-{of_the_code()}.json")
        if self._path.exists():
            self._kept = json.loads(self._path.read_text())
        self._targets = {
            name: _digest(path.parent.glob(f"{path.stem}.*"))
            for name, path in embedded.names().items()
        }

    def of(self, group):
        """Return {node: what survey.py keeps of it} of a Group.  Raises SystemExit."""
        with self._locks.setdefault(id(group), threading.Lock()):
            missing = [one for one in group.checks if self._key(group, one) not in self._kept]
            if missing:
                self._make(group, missing)
        found = {one.node: self._kept[self._key(group, one)] for one in group.checks}
        return {"": self._kept[str(group.options)], **found}

    def _key(self, group, check):
        return f"{group.options} {check.node} {self._targets.get(check.target)}"

    def _make(self, group, checks):
        began, path = time.monotonic(), self.directory / f"survey-{threading.get_ident()}.json"
        path.unlink(missing_ok=True)
        run = child(self.copy, group.words([one.node for one in checks]), "--survey", path)
        said, _ = run.communicate()
        found = json.loads(path.read_text()) if run.returncode in JUDGED else {}
        if not found.keys() >= {one.node for one in checks}:  # none where no unit can be judged
            raise SystemExit(f"the survey of {group.name} failed:\n{said[-2000:]}")
        with self._writing:
            self._kept[str(group.options)] = found[""]
            self._kept |= {self._key(group, one): found[one.node] for one in checks}
            self._path.write_text(json.dumps(self._kept))
        seconds = time.monotonic() - began
        print(f"surveyed {group.name}: {len(checks)} in {seconds:.0f} s", flush=True)
