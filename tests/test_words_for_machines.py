"""Reasons and facts: the stable words by which machines tell findings apart."""

import ast

import pytest

from daemonspec import reasons
from daemonspec.model import Fault, facts_of
from running import HARNESS, SUITES

SOURCES = sorted([*SUITES.glob("*.py"), *HARNESS.rglob("*.py")])
# How many arguments a call must have, for its code or its facts to be among them.
NEEDED = {"require": 3, "applies": 3, "Unsupported": 2, "NotApplicable": 2, "Inconclusive": 2}
IN_THE_HARNESS = {**NEEDED, "assume": 3}  # where no control is meant


def _calls(path):
    """Yield (the name of what is called, the call) of those that judge."""
    needed = NEEDED if SUITES in path.parents else IN_THE_HARNESS
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in needed and len(node.args) + len(node.keywords) < needed[name]:
                yield f"{path.name}, line {node.lineno}: {name}"


def test_every_judgement_has_its_word():
    """A verdict without a code is counted by nobody; one without facts cannot be waived."""
    without = [one for path in SOURCES for one in _calls(path)]

    assert without == []


def test_codes_are_those_of_the_table():
    """A code that is misspelt would be an error at the moment when it is needed."""
    texts = [path.read_text("utf-8") for path in SOURCES if path.name != "reasons.py"]
    unused = [code for code in reasons.REASONS if not any(f'"{code}"' in one for one in texts)]

    assert unused == []
    for code in ("is:SES-1", "dies-of:SIG-4", "needs-pidfile"):
        said, _ = reasons.meaning(reasons.known(code))
        assert said
    with pytest.raises(ValueError, match="'needs-luck' is no code"):
        reasons.known("needs-luck")


def test_facts_of_faults():
    """A text that has no words of its own adds none."""
    faults = Fault("3 (x) has 0 closed", "0:closed"), Fault("two", "a", "b"), "no words"

    assert facts_of(*faults) == ("0:closed", "a", "b")
    assert "; ".join(faults) == "3 (x) has 0 closed; two; no words"
