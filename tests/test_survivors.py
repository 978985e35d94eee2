"""What is known of changes that nobody notices (mutate.py) is true of the code as it is."""

import ast
import json
import tomllib

import pytest

import judging
import matrix
import mutate
import mutations
import survey
from running import ROOT

KNOWN = tomllib.loads((ROOT / "tests/survivors.toml").read_text())["survivor"]
KINDS = {"equivalent", "words", "open"}


@pytest.fixture(scope="module")
def changes():
    """{name: Change} of every change that could be made."""
    return {str(one): one for path in mutations.files() for one in mutations.changes(path)}


def test_survivors_are_changes(changes):
    """One that is none any more belongs to code that has gone."""
    assert {one["change"] for one in KNOWN} <= changes.keys()


def test_survivors_have_a_reason():
    """Or a test that notices them, though it does not import the module."""
    reasons = [one for one in KNOWN if "test" not in one]
    assert not [one for one in reasons if one["kind"] not in KINDS or not one["reason"].strip()]
    assert len({one["change"] for one in KNOWN}) == len(KNOWN)


def test_tests_that_notice_a_change_are_there():
    named = [one["test"].partition("::") for one in KNOWN if "test" in one]
    assert not [path for path, _, name in named if f"def {name}(" not in (ROOT / path).read_text()]


@pytest.mark.parametrize("path", mutations.files())
def test_changes_are_changes(path):
    """Each leaves a file that Python reads, and that is another one; tried of every tenth."""
    before = (ROOT / path).read_bytes()
    same = ast.dump(ast.parse(before))

    found = mutations.changes(path)

    assert len({str(one) for one in found}) == len(found)
    assert not [str(one) for one in found[::10] if ast.dump(ast.parse(one.applied(before))) == same]


def test_verdict_that_differs_is_noticed(tmp_path):
    """The tool itself: a survey keeps lines and outcome, a comparison ends at another one."""
    kept, changed = tmp_path / "survey.json", mutations.changes("suites/test_inheritance.py")
    (node,) = [one.node for one in matrix.collected("sysv", ["reference"]) if one.clause == "UMK-3"]
    judging.child(ROOT, [node], "--survey", kept).communicate()
    found = json.loads(kept.read_text())[node]

    assert found["outcome"] == "pass"
    assert mutate.resting_on(changed[0], {node: found}) in ([], [node])
    assert any(mutate.resting_on(one, {node: found}) for one in changed)
    for wanted, status in (("pass", 0), ("fail", survey.DIFFERS)):
        kept.write_text(json.dumps({node: wanted}))
        run = judging.child(ROOT, [node], "--expect", kept)
        said, _ = run.communicate()
        assert run.returncode == status, said
