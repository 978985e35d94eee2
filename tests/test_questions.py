"""What the harness asks and what PID 1 of a world answers are the same methods."""

import ast
import inspect

import pytest

from daemonspec.inside.descriptors import Sockets, Terminals
from daemonspec.inside.files import Files
from daemonspec.inside.looks import Looks
from daemonspec.inside.manager import ServiceManager
from daemonspec.inside.notify import Notifications
from daemonspec.inside.starts import Starts
from daemonspec.inside.syslog import Syslog
from daemonspec.inside.trampolines import Trampolines
from daemonspec.world.questions import Questions
from running import HARNESS, ROOT
from test_layering import _by_name, _python, _tree

PARTS = (
    Files, Looks, Notifications, ServiceManager, Sockets, Starts, Syslog, Terminals, Trampolines,
)  # fmt: skip
SOURCES = [
    path for path in [*_python(HARNESS), *_python(ROOT / "tests")] if path.parent.name != "inside"
]
ASKED = {
    name: method
    for name, method in inspect.getmembers(Questions, inspect.isfunction)
    if name[0] != "_"
}
ANSWERED = {
    name: method
    for part in PARTS
    for name, method in inspect.getmembers(part, inspect.isfunction)
    if hasattr(method, "is_answer")
}


def _parameters(method):
    """Return (name, default) of each, as they are given by place."""
    return [(one.name, one.default) for one in inspect.signature(method).parameters.values()]


def test_every_question_is_answered():
    """A name that only one end knows ends a world when it is asked."""
    assert ASKED.keys() == ANSWERED.keys()


@pytest.mark.parametrize("name", sorted(ASKED))
def test_both_ends_take_the_same(name):
    """What is asked goes over the wire by its place alone."""
    assert _parameters(ASKED[name]) == _parameters(ANSWERED[name])
    assert inspect.get_annotations(ASKED[name]).keys() >= {"return"}


def _asked_in(path):
    """Yield (name, call) of each question in a file, which is asked as `world.warden.name()`."""
    for node in ast.walk(_tree(path)):
        asked = getattr(node, "func", None)
        by = getattr(asked, "value", None)
        if isinstance(asked, ast.Attribute) and getattr(by, "attr", "") == "warden":
            yield asked.attr, node


@pytest.mark.parametrize("path", [one for one in SOURCES if [*_asked_in(one)]], ids=_by_name)
def test_what_is_asked_can_be_asked(path):
    """A type checker finds it as well, where it knows that something is a World."""
    for name, call in _asked_in(path):
        named = {one.arg: None for one in call.keywords}
        inspect.signature(ASKED[name]).bind(None, *call.args, **named)
