"""What the self-tests share: child runs of pytest, waiting, and what the project consists of."""

import ast
import json
import os
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[1]
SUITES = ROOT / "suites"
HARNESS = ROOT / "fixtures" / "daemonspec"
TARGETS = ROOT / "targets"
SCHEMA = Draft202012Validator(json.loads((HARNESS / "report" / "schema.json").read_text()))
LONGEST = 1200.0  # seconds: no child run takes so long, however busy the machine is


class GaveUp(AssertionError):
    """A deadline passed; the text says what was waited for and what was seen last."""


@dataclass(frozen=True)
class Run:
    """A child run that has ended; `document` is the one of --report-json."""

    status: int
    output: str
    document: dict | None = None

    @property
    def verdicts(self):
        """The document's verdicts."""
        return self.document["verdicts"] if self.document else ()

    def outcomes(self, target):
        """Return {clause: outcome} of one target."""
        return {one["clause"]: one["outcome"] for one in self.verdicts if one["target"] == target}

    def verdict(self, clause, target):
        """Return the one verdict on a clause of a target."""
        (found,) = (
            one for one in self.verdicts if (one["clause"], one["target"]) == (clause, target)
        )
        return found


class ChildRun:
    """`pytest` on the suites in a process of its own, as from the root of a checkout.

    json: where its verdicts go, or None.  before: words of a command that runs it.  The other
    arguments are those of subprocess.Popen.
    """

    def __init__(self, *options, json=None, environment=None, before=(), **how):
        self.json = json
        words = [*before, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
        if json is not None:
            words.append(f"--report-json={json}")
        self.process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=surroundings() if environment is None else environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            **{"stdout": subprocess.PIPE, **how},
        )

    def wait(self, seconds=LONGEST):
        """Return the Run.  Raises GaveUp with the last words of one that does not end."""
        try:
            output, _ = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, _ = self.process.communicate()
            raise GaveUp(f"pytest did not end; last said: {output[-500:]}") from None
        document = None
        if self.json is not None and self.json.exists():
            document = json.loads(self.json.read_text())
            SCHEMA.validate(document)
        return Run(self.process.returncode, output, document)


_ONE_AFTER_ANOTHER = """\
import json, os, pytest, sys, tempfile
for options in json.load(sys.stdin):
    with tempfile.TemporaryFile() as said:
        kept = os.dup(1), os.dup(2)
        os.dup2(said.fileno(), 1), os.dup2(said.fileno(), 2)
        status = pytest.main(["-p", "no:cacheprovider", *options])
        sys.stdout.flush(), sys.stderr.flush()
        os.dup2(kept[0], 1), os.dup2(kept[1], 2), os.close(kept[0]), os.close(kept[1])
        said.seek(0)
        print(json.dumps([int(status), said.read().decode()]), flush=True)
"""


def one_after_another(lists):
    """Return a Run for each list of options, all made by one child process.

    For runs that end before they judge: starting Python and pytest would take most of their time.
    """
    done = subprocess.run(
        [sys.executable, "-c", _ONE_AFTER_ANOTHER],
        check=False,
        input=json.dumps(lists),
        cwd=ROOT,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(lists), f"ended at {lists[len(lines)]}: {done.stderr[-2000:]}"
    return [Run(*json.loads(line)) for line in lines]


def surroundings(**more):
    """Return the environment of a child run: ours without pytest's, 80 columns wide."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {**ours, "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1", **more}


def until(condition, seconds, what, last_seen=lambda: "nothing", wake=None, pause=5):
    """Return condition()'s first true value.

    It is asked again every `pause` milliseconds, and as soon as the descriptor `wake` is readable.
    Raises GaveUp, which names `what` and last_seen().
    """
    deadline = time.monotonic() + seconds
    poller = select.poll()
    if wake is not None:
        poller.register(wake, select.POLLIN)
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise GaveUp(f"{what} within {seconds:g} s; last seen: {last_seen()}")
        poller.poll(pause)
    return value


def clauses():
    """Return {ID: (path, function)} of every check, read from the suites with `ast`.

    The function is its ast.FunctionDef, the ID the first argument of its `@clause`.
    """
    found = {}
    for path in sorted(SUITES.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            for call in getattr(node, "decorator_list", ()):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "clause":
                    found[call.args[0].value] = path, node
    return found


def article_daemon(directory):
    """Write the description of the conforming program that has what the reference lacks."""
    program = f"{sys.executable} -I -S -B {ROOT}/tests/conforming/follows_the_article.py"
    text = (TARGETS / "reference/target.toml").read_text()
    path = directory / "follows-the-article.toml"
    path.write_text(text.replace("{program}", program))
    return path


def profiles(function):
    """Return the profiles that have the property of a check's ast.FunctionDef."""
    (call,) = (one for one in function.decorator_list if getattr(one.func, "id", "") == "clause")
    return {word.arg for word in call.keywords} - {"source", "formerly", "since", "revised"}


def declared(path, word):
    """Return the words after `word:` in the first lines of a program, or None without such a line.

    `# breaks: TTY-1, SES-1` or `# not in: foreground` in a mutant, `// fails: UMK-1` in C.
    """
    with path.open(encoding="utf-8") as file:
        head = [line for line, _ in zip(file, range(5), strict=False)]
    for line in head:
        found = re.match(rf"(?:#|//) {word}: (.+)$", line)
        if found:
            return frozenset(one.strip() for one in found[1].split(","))
    return None
