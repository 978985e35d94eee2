"""What is known of changes that nobody notices (mutate.py) is true of the code as it is."""

import ast
import tomllib

import pytest

import mutations
from running import ROOT

KNOWN = tomllib.loads((ROOT / "tests/survivors.toml").read_text())["survivor"]
KINDS = {"equivalent", "open"}


@pytest.fixture(scope="module")
def changes():
    """{name: Change} of every change that could be made."""
    return {str(one): one for path in mutations.files() for one in mutations.changes(path)}


def test_survivors_are_changes(changes):
    """One that is none any more belongs to code that has gone."""
    assert {one["change"] for one in KNOWN} <= changes.keys()


def test_survivors_have_a_reason():
    assert not [one for one in KNOWN if one["kind"] not in KINDS or not one["reason"].strip()]
    assert len({one["change"] for one in KNOWN}) == len(KNOWN)


@pytest.mark.parametrize("path", mutations.files())
def test_changes_are_changes(path):
    """Each leaves a file that Python reads, and that is another one; tried of every tenth."""
    before = (ROOT / path).read_bytes()
    same = ast.dump(ast.parse(before))

    found = mutations.changes(path)

    assert len({str(one) for one in found}) == len(found)
    assert not [str(one) for one in found[::10] if ast.dump(ast.parse(one.applied(before))) == same]
