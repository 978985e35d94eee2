"""The manual page and the completion name what the commands take, and are read by their readers."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from daemonspec import manual
from daemonspec.cli import COMMANDS
from daemonspec.options import OPTIONS
from running import ROOT


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page as a person sees it, and what man(1) complained of."""
    if shutil.which("man") is None:
        pytest.skip("man is not installed (apt install man-db)")
    path = tmp_path_factory.mktemp("man") / "daemonspec.1"
    path.write_text(manual.man_page())
    done = subprocess.run(
        ["man", "--warnings", "-l", str(path)], check=True, capture_output=True, text=True,
        env={**os.environ, "MANWIDTH": "120", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return done.stdout, done.stderr


def test_page_is_right_for_man(page):
    text, complaints = page

    assert complaints == ""
    assert all(f"daemonspec {one.words}" in text for one in COMMANDS.values())
    assert {option.name for option in OPTIONS} - {"--target"} <= set(re.findall(r"--[a-z-]+", text))


def _completed(*words):
    """Return what bash offers after the words of a command line."""
    script = f"""{manual.bash_completion()}
daemonspec() {{ PYTHONPATH={ROOT}/fixtures {sys.executable} -P -m daemonspec "$@"; }}
COMP_WORDS=(daemonspec "$@"); COMP_CWORD=$#; _daemonspec; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_completion_of_commands_options_and_ids():
    assert _completed("tr") == {"trace"}
    assert {"--clause", "--point", "--json"} <= _completed("trace", "nginx", "--")
    assert {"TTY-1", "TTY-13"} <= _completed("explain", "TTY")
    assert _completed("run", "x", "--clause", "=", "STA-1") == {
        "STA-1", "STA-10", "STA-11", "STA-12", "STA-13"
    }  # fmt: skip
    assert "--who" in _completed("explain", "--")


def test_completion_of_paths():
    assert _completed("run", "README") == {"README.md"}
