"""What is written for people is true: names, options, keys, IDs, and the two lines."""

import re
import tomllib

import pytest

from daemonspec.cli import COMMANDS
from daemonspec.inside.containment import CONTAINMENTS
from daemonspec.model import Outcome
from daemonspec.options import add_options
from daemonspec.targets import description, embedded
from running import HARNESS, ROOT, clauses

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOPS = (HARNESS, ROOT)
PYTESTS = {"--junitxml", "--dist", "--tx"}
OTHERS = {"--daemon", "--config", "--pidfile", "--make-key", "--check", "--privileged"}
OTHERS |= {"--reuid", "--regid", "--clear-groups"}  # of setpriv(1)
OTHERS |= {
    "--create",
    "--prefix",
    "--cgroupns",
    "--user",
    "--scope",
    "--value",
}  # of tools for systemd
OTHERS |= {"--only", "--count", "--whole-matrix"}  # of tests/mutate.py and of the self-tests
OTHERS |= {"--json"}  # of daemonspec run
OTHERS |= {"--cpu", "--mirror"}  # of tests/emulated.py
OTHERS |= {
    name
    for command in COMMANDS.values()
    for action in command.parser._actions
    for name in action.option_strings
}


class _Options:
    """Stands in for pytest's parser: keeps the names of the plugin's options."""

    def __init__(self):
        self.names = set()

    def getgroup(self, name, description):
        return self

    def addoption(self, *names, **how):
        self.names |= set(names)


def _of_plugin():
    options = _Options()
    add_options(options)
    return options.names


def _blocks(text, language=""):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _doc(name):
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def _first_column(heading, page):
    """Return the words of the first column of the one table of a page that has that heading."""
    rows = rf"^\| {heading} \|.*\n\|[ -|]+\n((?:\|.*\n)+)"
    (table,) = re.findall(rows, _doc(page), re.MULTILINE)
    return [row.split("|")[1].strip().strip("`") for row in table.splitlines()]


def test_two_lines_are_two_lines():
    """CI runs them as they stand: the first block of shell, comments apart."""
    lines = _blocks(README, "sh")[0].splitlines()

    assert [line[:3] for line in lines] == ["# 1", "pyt", "# 2", "pyt"]
    assert lines[1].endswith("pytest -n 2 -v")
    assert lines[3].endswith("pytest -n 4 tests")


def test_first_screen_of_the_readme_has_it_all():
    """What it is, one finding, the two lines, and the line for one's own daemon."""
    screen = "\n".join(README.splitlines()[:45])

    assert all(part in screen for part in ("Is this program a daemon?", "observed: ", "mend: "))
    assert ".venv/bin/daemonspec run './mydaemon" in screen


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_and_properties_exist(page):
    text = page.read_text(encoding="utf-8")
    options = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", text))
    named = set(re.findall(r"\b([A-Z]{3,4}-\d+)\b", text))

    assert options <= _of_plugin() | PYTESTS | OTHERS
    assert named <= clauses().keys() or page.name == "left-out.md"  # which names the others


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))

    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def test_files_that_the_pages_name_exist():
    """`inside/wire.py` is below the harness, `tests/test_pages.py` below the root."""
    pages = [_doc("architecture"), *(path.read_text() for path in ROOT.glob("docs/howto/*.md"))]
    named = {name for page in pages for name in re.findall(r"`?\b((?:\w+/)+\w+\.py)\b", page)}

    assert len(named) > 20
    assert {name for name in named if not any((top / name).is_file() for top in TOPS)} == set()


def test_every_option_is_explained():
    missing = [name for name in _of_plugin() if f"`{name}" not in _doc("options")]
    assert not missing


def test_table_of_keys_is_whole():
    assert sorted(_first_column("key", "targets")) == sorted(description._KEYS)


def test_tables_of_verdicts_and_containments_are_whole():
    verdicts = [outcome.value for outcome in Outcome]

    assert _first_column("verdict", "verdicts") == verdicts
    assert _first_column("name", "containments") == list(CONTAINMENTS)


def test_example_of_a_description_is_one(tmp_path):
    (example,) = _blocks(_doc("targets"), "toml")
    for name in ("mydaemon", "mydaemonctl"):
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "mydaemon.toml").write_text(example)

    target = description.load(tmp_path / "mydaemon.toml")

    (of_a_unit,) = _blocks(_doc("units"), "toml")
    named = tomllib.loads(example).keys() | tomllib.loads(of_a_unit).keys()
    assert named == description._KEYS.keys()
    assert target.start[0] == str(tmp_path / "mydaemon")
    assert target.exercise == f"{tmp_path}/mydaemonctl run-hook"
    assert target.serves.expect == b"pong"


def test_targets_of_the_examples_exist():
    text = README + _doc("targets")
    named = {word for word in re.findall(r"--target=([\w-]+)(?=[\s`]|$)", text)}

    assert named
    assert named <= embedded.names().keys() | {"mydaemon"}


# Phrases that were tried on readers: each had to be read twice.
DECODED = re.compile(
    r"\bto be had\b|\bsaid 0\b|\bof (whom|which)\b|\bwithout a word\b|somebody else's|"
    r"\bnobody who\b|\bhas it that\b|\bend him\b"
)
READ = [
    path
    for place in ("README.md", "CONTRIBUTING.md", "docs", "suites", "fixtures")
    for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
    if path.suffix in (".md", ".py", ".c")
]


def test_sentences_are_read_once():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in READ
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if DECODED.search(line)
    ]
    assert READ and found == []
