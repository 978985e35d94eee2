"""Small changes to the code that judges, of which every one should be noticed: where, and what.

A Change is found with `ast` and made in the text, so that nothing else of a file moves.  What is
only read by people is left alone: messages, evidence, docstrings.
"""

import ast
import contextlib
from collections import Counter
from dataclasses import dataclass

from running import ROOT

SOURCES = (
    "suites/test_*.py",
    "fixtures/daemonspec/attack/*.py",
    "fixtures/daemonspec/experiments/*.py",
    "fixtures/daemonspec/belongings.py",
    "fixtures/daemonspec/children.py",
    "fixtures/daemonspec/coming_up.py",
    "fixtures/daemonspec/contained.py",
    "fixtures/daemonspec/created.py",
    "fixtures/daemonspec/delivery.py",
    "fixtures/daemonspec/experiment.py",
    "fixtures/daemonspec/fresh_terminals.py",
    "fixtures/daemonspec/life.py",
    "fixtures/daemonspec/serving.py",
    "fixtures/daemonspec/snapshot.py",
    "fixtures/daemonspec/start.py",
    "fixtures/daemonspec/steady.py",
    "fixtures/daemonspec/stopping.py",
    "fixtures/daemonspec/subjects.py",
)
_TABLES = {"fixtures/daemonspec/attack/errnos.py"}  # tests/test_errno_table.py has rows tried
_VERBS = ("require", "assume", "applies")
_WORDS = ("see", "_see", "rest_on", "record")  # what is told beside a verdict
_SWAPPED = {
    ast.Eq: ["!="],
    ast.NotEq: ["=="],
    ast.Lt: ["<=", ">="],
    ast.LtE: ["<", ">"],
    ast.Gt: [">=", "<="],
    ast.GtE: [">", "<"],
    ast.In: ["not in"],
    ast.NotIn: ["in"],
    ast.Is: ["is not"],
    ast.IsNot: ["is"],
}
_OTHER = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Change:
    """One change.  function: where it is, "" for a module.  lines: of the statement, or its head.

    number: tells it from others of the same old and new text in that function, from 1.
    start, end: bytes of the file.  constant: the name that a module or class gives what changes.
    """

    path: str
    function: str
    old: str
    new: str
    number: int
    lines: range
    start: int
    end: int
    constant: str = ""

    def __str__(self):
        place = f"{self.path}, {self.function or 'module'}"
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{place}: {self.old} -> {' '.join(self.new.split()) or 'nothing'}{again}"

    def applied(self, text):
        """Return the bytes of its file with the change made."""
        return text[: self.start] + self.new.encode() + text[self.end :]

    @contextlib.contextmanager
    def made_in(self, copy):
        """Make the change in a copy of the project, for a while."""
        path = copy / self.path
        before = path.read_bytes()
        path.write_bytes(self.applied(before))
        try:
            yield
        finally:
            path.write_bytes(before)


def files():
    """Return the files that are changed, relative to the project."""
    found = [
        str(path.relative_to(ROOT)) for pattern in SOURCES for path in sorted(ROOT.glob(pattern))
    ]
    return [path for path in found if path not in _TABLES]


def changes(path):
    """Return every Change of a file of the project."""
    return _Finder(path, (ROOT / path).read_bytes()).found


def uses(change):
    """Return the (path, line) of every use of the name that a changed constant has."""
    name = change.constant.rpartition(".")[2]
    return {
        (path, node.lineno)
        for path in files()
        for node in ast.walk(ast.parse((ROOT / path).read_bytes()))
        if name in (getattr(node, "id", None), getattr(node, "attr", None))
    }


class _Finder(ast.NodeVisitor):
    def __init__(self, path, content):
        self.path = path
        self.content = content
        self.found = []
        self._starts = [0]
        for line in content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._names = []  # of classes and functions around
        self._depth = 0  # functions around
        self._lines = range(0)
        self._constant = ""
        self._seen = Counter()
        self.visit(ast.parse(content))

    # -- where ------------------------------------------------------------------------------------

    def visit(self, node):
        if isinstance(node, ast.stmt):
            before = self._lines, self._constant
            self._lines = _head(node)
            if isinstance(node, ast.Assign) and not self._depth:
                self._constant = ast.unparse(node.targets[0])
            super().visit(node)
            self._lines, self._constant = before
        else:
            super().visit(node)

    def visit_FunctionDef(self, node):
        if node.name in ("__str__", "__repr__"):
            return
        self._within(node, [*node.args.defaults, *node.body], 1)

    def visit_ClassDef(self, node):
        self._within(node, node.body, 0)

    def _within(self, node, inside, depth):
        self._names.append(node.name)
        self._depth += depth
        for one in inside:
            self.visit(one)
        self._depth -= depth
        self._names.pop()

    def _add(self, node, new):
        self._keep(*self._stretch(node), self._text(node), new)

    def _keep(self, start, end, old, new):
        function, old = ".".join(self._names), " ".join(old.split())
        self._seen[function, old, new] += 1
        number = self._seen[function, old, new]
        self.found.append(
            Change(self.path, function, old, new, number, self._lines, start, end, self._constant)
        )

    def _text(self, node):
        start, end = self._stretch(node)
        return self.content[start:end].decode()

    def _stretch(self, node):
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def _offset(self, line, column):
        return self._starts[line - 1] + column

    # -- what -------------------------------------------------------------------------------------

    def visit_JoinedStr(self, node):
        """A message."""

    def visit_Raise(self, node):
        """Its message; that it is raised at all is the `if` around it."""

    def visit_Expr(self, node):
        call = node.value
        if isinstance(call, ast.Constant):
            return
        if isinstance(call, ast.Call) and _name(call) not in (*_VERBS, *_WORDS):
            self._add(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        self._add(node, "pass")
        self.generic_visit(node)

    def visit_Call(self, node):
        name = _name(node)
        if name in _WORDS:
            return
        if name in _VERBS:
            self._add(node.args[0], "True")
            self.visit(node.args[0])
            return
        if isinstance(node.func, ast.Name) and name in _OTHER:
            self._add(node.func, _OTHER[name])
        if len(node.args) > 1 and all(isinstance(one, ast.Constant) for one in node.args):
            self._drop_one(node.args)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.Not):
            self._add(node, f"({self._text(node.operand)})")
        self.generic_visit(node)

    def visit_Compare(self, node):
        if len(node.ops) == 1:
            left, right = (self._operand(one) for one in (node.left, *node.comparators))
            for operator in _SWAPPED[type(node.ops[0])]:
                self._add(node, f"{left} {operator} {right}")
        self.generic_visit(node)

    def _operand(self, node):
        text = self._text(node)
        binds = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.Subscript))
        return text if binds else f"({text})"

    def visit_BoolOp(self, node):
        other = " or " if isinstance(node.op, ast.And) else " and "
        texts = [f"({self._text(one)})" for one in node.values]
        self._add(node, f"({other.join(texts)})")
        for number in range(len(texts)):
            self._add(node, self._joined(node, texts[:number] + texts[number + 1 :]))
        self.generic_visit(node)

    @staticmethod
    def _joined(node, texts):
        word = " and " if isinstance(node.op, ast.And) else " or "
        return f"({word.join(texts)})"

    def visit_If(self, node):
        self._add(node.test, "True")
        self._add(node.test, "False")
        self.generic_visit(node)

    visit_IfExp = visit_If

    def visit_For(self, node):
        self._shorten(node.iter)
        self.generic_visit(node)

    visit_comprehension = visit_For

    def _shorten(self, node):
        text = self._text(node)
        self._add(node, f"list({text})[:1]")
        self._add(node, f"list({text})[1:]")

    def visit_Assign(self, node):
        """A table of the module, or of a class: each row of it."""
        is_table = isinstance(node.value, (ast.Tuple, ast.List, ast.Set))
        if is_table and not self._depth and not isinstance(node.targets[0], ast.Tuple):
            self._drop_one(node.value.elts)
        if isinstance(node.value, ast.Dict):
            self._drop_rows(node.value)
        self.generic_visit(node)

    def _drop_one(self, elements):
        """Each element with the comma after it goes, the last with the one before it."""
        for number, one in enumerate(elements):
            if len(elements) > 1:
                self._cut(one, one, elements, number)

    def _drop_rows(self, node):
        for number, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if len(node.keys) > 1 and key is not None:
                self._cut(key, value, node.values, number)

    def _cut(self, first, last, elements, number):
        """Take out what lies from one node to another, and a comma beside it."""
        start, end = self._stretch(first)[0], self._stretch(last)[1]
        old = self.content[start:end].decode()
        comma = self.content.find(b",", end)
        if comma >= 0 and not self.content[end:comma].strip():
            self._keep(start, comma + 1, old, "")
        else:
            self._keep(self._stretch(elements[number - 1])[1], end, old, "")

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            self._add(node, str(not value))
        elif isinstance(value, (int, float)):
            self._add(node, "0" if value else "1")
            if isinstance(value, int) and value:
                self._add(node, str(value + 1))


def _name(call):
    """Return the last word of what is called."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _head(node):
    """Return the lines of a statement, of a compound one those before its body."""
    body = getattr(node, "body", None)
    return range(node.lineno, max(node.lineno + 1, body[0].lineno) if body else node.end_lineno + 1)
