"""CHANGELOG.md and the declarations of the clauses agree on what is new, and what changed."""

import re

import daemonspec
from daemonspec.clauses import every_clause
from running import ROOT

CHANGES = (ROOT / "CHANGELOG.md").read_text()
NEWEST, _, FIRST = CHANGES.partition("\n## 0.1.0\n")
ID = r"[A-Z]{3,4}-\d+"


def test_newest_part_is_of_this_version():
    assert re.search(rf"^## .*\b{re.escape(daemonspec.__version__)}$", NEWEST, re.MULTILINE)


def test_added_clauses_are_those_that_came_with_this_version():
    said = re.search(r"^Added: (.*?)  Withdrawn:", NEWEST, re.MULTILINE | re.DOTALL)[1]

    assert _ids(said) == _since(daemonspec.__version__)


def test_clauses_that_ask_for_more_are_said_to_have_changed():
    """Others may have changed as well: to ask for less, or to see what they ask for better."""
    changed = set(
        re.findall(ID, " ".join(re.findall(rf"^\* ((?:{ID},? ?)+):", NEWEST, re.MULTILINE)))
    )
    revised = {id for id, one in every_clause().items() if one.revised == daemonspec.__version__}

    assert revised <= changed
    assert changed <= every_clause().keys()


def test_first_clauses_are_those_that_came_first():
    said = re.search(r"^\d+ clauses: (.*?)\.$", FIRST, re.MULTILINE | re.DOTALL)[1]
    found = set()
    for area, numbers in re.findall(r"([A-Z]{3,4}) ([\d, -]+)", " ".join(said.split())):
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", numbers):
            found |= {f"{area}-{n}" for n in range(int(first), int(last or first) + 1)}

    assert found == _since("0.1.0")


def _since(version):
    return {id for id, one in every_clause().items() if one.since == version}


def _ids(text):
    """Return the IDs that a text names, in a row or one by one."""
    found = set(re.findall(ID, text))
    for area, first, last in re.findall(r"([A-Z]{3,4})-(\d+) to \1-(\d+)", text):
        found |= {f"{area}-{n}" for n in range(int(first), int(last) + 1)}
    return found
