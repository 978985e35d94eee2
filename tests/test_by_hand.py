"""The recipes of the pages tell a daemon that has a property from one that has not, without us."""

import os
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daemonspec.clauses import every_clause
from daemonspec.targets import embedded
from running import TARGETS, declared

# Each is tried on the reference, and on the mutant that breaks it: a sample of those whose waits do
# not depend on how busy the machine is.
TRIED = {
    "CWD-2": "keeps-directory",
    "FDS-2": "keeps-descriptors",
    "INS-3": "trusts-the-number-in-the-pidfile",
    "PIDF-3": "makes-a-world-writable-pidfile",
    "SES-1": "never-calls-setsid",
    "STA-12": "leaves-its-pidfile-when-it-fails",
    "STA-8": "does-not-mind-a-failing-fork",
    "STA-9": "forks-and-hopes",
    "STP-3": "leaves-its-socket",
    "TTY-1": "never-calls-setsid",
    "TTY-10": "keeps-its-terminal-open",
    "TTY-9": "reads-its-terminal",
}
_SHELL = ("sh", "-c", 'sh -c "$1"; exit $?', "sh")  # below a process 1, as a person's shell is
TOOLS = ("unshare", "ps", "pgrep", "script", "strace")


def _unshare():
    """Return the words in front of a command that gets namespaces of its own."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *own, "--pid", "--fork", "--mount-proc", "--kill-child"]


def _tried(recipe, name, place):
    """Return (status, output) of a recipe in namespaces of its own."""
    place.mkdir()
    probe = place / "probe"
    probe.write_text("#!/bin/sh\n")
    probe.chmod(0o755)
    words = embedded.load(name).start
    start = shlex.join(
        word.replace("{dir}", str(place)).replace("{probe}", str(probe)) for word in words
    )
    environment = {
        "PATH": os.environ["PATH"], "start": start, "name": Path(words[0]).name[:15],
        "pidfile": str(place / "daemon.pid"), "ask": f"test -S {place}/daemon.sock",
    }  # fmt: skip
    typing, terminal = os.openpty()  # where nobody types: script(1) would pass an end of file on
    try:
        done = subprocess.run(
            [*_unshare(), *_SHELL, recipe],
            cwd=place, env=environment, text=True, timeout=120, check=False,
            stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    finally:
        os.close(typing)
        os.close(terminal)
    return done.returncode, done.stdout


@pytest.mark.parametrize("id", TRIED)
def test_recipe_tells_them_apart(id, tmp_path):
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"recipes need tools; missing: {', '.join(missing)}")
    alone = subprocess.run([*_unshare(), "true"], capture_output=True, text=True, check=False)
    if alone.returncode != 0:
        pytest.skip(f"recipes need namespaces of their own: {alone.stderr.strip()}")
    recipe, mutant = every_clause()[id].page.hand, TRIED[id]

    with ThreadPoolExecutor() as pool:
        one = pool.submit(_tried, recipe, "reference", tmp_path / "reference")
        other = pool.submit(_tried, recipe, mutant, tmp_path / "mutant")

    assert one.result()[0] == 0, one.result()
    assert other.result()[0] != 0, other.result()


def test_mutants_are_those_of_the_recipes():
    files = {path.stem.replace("_", "-"): path for path in (TARGETS / "mutants").glob("*.py")}

    assert all(id in declared(files[name], "breaks") for id, name in TRIED.items())
