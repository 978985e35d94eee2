"""The lines between the parts of the project hold."""

import ast
import sys
from pathlib import Path

import pytest

import daemonspec
from running import HARNESS, ROOT, SUITES, TARGETS, clauses

MOST_LINES, LONGEST_FUNCTION = 450, 60
DEPENDENCIES = {"pytest", "xdist", "pexpect"}
EXTRAS = {"report/page.py": {"jinja2", "markupsafe"}}  # file: what it has of daemonspec[html]
ACTIONS = {"fork", "forkpty", "vfork", "clone", "Popen", "sleep", "__import__"}


def _python(directory):
    return sorted(directory.rglob("*.py"))


def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path):
    """Return the dotted names that a file imports, anywhere in it.

    `from a import b` gives a and a.b: b may be a module.
    """
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def _of_project(path):
    """Return what a file imports of the project, as names below `daemonspec`."""
    return {name.partition(".")[2] for name in _imports(path) if name.startswith("daemonspec.")}


def _touches(names, parts):
    """Return those of the dotted names that are, or lie in, one of the parts."""
    return {name for name in names for part in parts if f"{name}.".startswith(f"{part}.")}


def _docstrings(tree):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    owners = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return {id(node.body[0].value) for node in owners if ast.get_docstring(node) is not None}


def _strings(tree):
    """Return the string constants of a file that are no docstrings."""
    apart = _docstrings(tree)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node.value for node in nodes if isinstance(node.value, str) and id(node) not in apart]


def _names(tree):
    """Return every name and attribute that a file uses."""
    nodes = list(ast.walk(tree))
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _by_name(path):
    return str(path.relative_to(ROOT))


CHECKS = sorted(SUITES.glob("*.py"))  # what is below, in mends/, are pieces of programs for pages
suites = pytest.mark.parametrize("path", CHECKS, ids=_by_name)
harness = pytest.mark.parametrize("path", _python(HARNESS), ids=_by_name)
targets = pytest.mark.parametrize("path", _python(TARGETS), ids=_by_name)
sources = pytest.mark.parametrize("path", CHECKS + _python(HARNESS), ids=_by_name)


@suites
def test_check_says_what_and_not_how(path):
    """A check that looks for itself, forks or sleeps is one that the harness cannot make safe."""
    tree = _tree(path)

    assert [text for text in _strings(tree) if "/proc" in text] == []
    assert _names(tree) & ACTIONS == set()
    bare = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert bare == [], "a bare assert hides octal numbers and has no stimulus: use require()"


@suites
def test_check_imports_the_public_names_alone(path):
    """What a check may use is in daemonspec.__all__; a submodule is nobody's business."""
    assert _imports(path) <= {"daemonspec"} | {f"daemonspec.{name}" for name in daemonspec.__all__}


@harness
def test_harness_imports_no_suite_and_no_target(path):
    """The harness stands on the standard library and its dependencies; it finds suites by path."""
    tops = {name.partition(".")[0] for name in _imports(path)}

    extra = EXTRAS.get(str(path.relative_to(HARNESS)), set())
    assert tops <= sys.stdlib_module_names | DEPENDENCIES | extra | {"daemonspec"}
    assert _names(_tree(path)) & {"import_module", "run_path", "run_module"} == set()


@harness
def test_harness_requires_nothing(path):
    """What must hold is said in the suites: the harness only looks."""
    calls = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    named = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in calls}

    assert "require" not in named
    assert not named & {"NotConforming"} or path.name == "verdicts.py"


@targets
def test_target_knows_nothing_of_us(path):
    """A target that imports the project is a target that only we can run."""
    tops = {name.partition(".")[0] for name in _imports(path)}

    references = {one.stem for one in TARGETS.rglob("reference*.py")}
    assert tops <= sys.stdlib_module_names | references


# What each part of the harness may not import, as names below `daemonspec`.
FORBIDDEN = {
    "report": ("world", "inside", "attack", "experiments", "kernel", "laboratory", "start",
               "subjects", "snapshot", "check_fixtures", "plugin"),
    "world": ("attack", "experiments", "clauses", "verdicts", "plugin", "check_fixtures",
              "subjects", "snapshot", "laboratory", "start", "run", "report", "targets"),
    "targets": ("world", "inside", "attack", "experiments", "kernel", "clauses", "verdicts",
                "plugin", "check_fixtures", "laboratory", "start"),
}  # fmt: skip


@pytest.mark.parametrize("part", sorted(FORBIDDEN))
def test_arrows_point_one_way(part):
    """The reports see verdicts and no processes; the worlds know nothing of clauses."""
    files = _python(HARNESS / part)

    wrong = {_by_name(path): found for path in files
             if (found := _touches(_of_project(path), FORBIDDEN[part]))}  # fmt: skip
    assert files and not wrong


def test_kernel_stands_alone():
    """How the kernel is asked depends on nothing else of ours."""
    files = _python(HARNESS / "kernel")

    wrong = {_by_name(path): found for path in files
             if (found := {name for name in _of_project(path)
                           if not _touches({name}, ("kernel",))})}  # fmt: skip
    assert files and not wrong


def test_clause_ids_are_used_once():
    """Two checks of one ID: a waiver, a mutant and a report name only one of them."""
    decorated = [
        node
        for path in CHECKS
        for node in ast.walk(_tree(path))
        if any(getattr(getattr(one, "func", None), "id", "") == "clause"
               for one in getattr(node, "decorator_list", ()))
    ]  # fmt: skip

    assert len(decorated) == len(clauses()) > 0


@sources
def test_file_can_be_read_at_a_sitting(path):
    """A module is one idea, a function fits on a screen."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    functions = [node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef)]

    assert lines <= MOST_LINES
    lengths = {one.name: one.end_lineno - one.lineno + 1 for one in functions}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_these_tests_look_at_something():
    """Patterns that match no file would make all of the above pass."""
    for directory in (SUITES, HARNESS, TARGETS):
        assert Path(directory).is_dir() and len(_python(directory)) > 2, directory
