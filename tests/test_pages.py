"""Each clause has a page with all its parts, a title that fits a line, and code that fits too."""

import re
import subprocess

import pytest

from daemonspec.clauses import every_clause, page_of
from daemonspec.commands import explain
from daemonspec.model import RECIPES, Page
from running import SUITES

CLAUSES = every_clause()
# What most daemons fail, as far as they were measured: a sentence is not enough to mend it.
MENDED_IN_CODE = {
    "STA-2", "STA-7", "STA-8", "STA-9", "TTY-3", "TTY-10", "FDS-1", "FDS-2", "UMK-1", "SIG-1",
    "SIG-2", "CWD-1", "PIDF-1",
}  # fmt: skip
LONGEST_TITLE = 60  # with the ID, a target's name and a letter it fits a line of 80
WIDTH = 80
WHOLE = """Does what it should.

Wrong: It does
not.

Why: First.

Second.

Test: It is tried.

Control: Something.

Mend: Do it.

Unit: One=1
"""


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_title_says_the_effect_in_one_line(clause):
    """ "Survives clients that disconnect": a predicate, whose subject is the daemon."""
    assert len(clause.title) <= LONGEST_TITLE
    assert re.match(r"[A-Z][a-z]*s ", clause.title), "it begins with what the daemon does"
    assert not re.search(r"[.:]$", clause.title)


def test_titles_are_told_apart():
    assert len({clause.title for clause in CLAUSES.values()}) == len(CLAUSES)


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_parts_are_sentences(clause):
    """That none is missing is demanded where the suite is imported."""
    page = clause.page

    for text in (page.wrong, page.why, page.test, page.control, page.mend):
        assert text.endswith("."), text
    assert all(source.link for source in clause.sources) and clause.sources


def test_what_most_daemons_fail_is_mended_in_code():
    """In C and in Python, or in neither; no file of code is without its clause."""
    with_code = {id for id, clause in CLAUSES.items() if clause.page.c}

    assert with_code >= MENDED_IN_CODE
    assert with_code == {id for id, clause in CLAUSES.items() if clause.page.python}
    assert with_code == {path.stem for path in (SUITES / "mends").iterdir() if path.is_file()}


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_explain_has_every_part_in_80_columns(clause):
    """In the order in which it is read: what, why, how, mend, sources."""
    text = explain.page(clause)
    flat, page = " ".join(text.split()), clause.page

    parts = [page.wrong, page.why, page.test, page.control, page.mend, page.c, page.python]
    parts += [page.unit, page.hand, str(clause.sources[0]), clause.sources[-1].link]
    places = [flat.find(" ".join(part.split())) for part in parts if part]
    assert -1 not in places and places == sorted(places)
    # A link is as long as it is.
    assert [line for line in text.splitlines() if len(line) > WIDTH and "http" not in line] == []


@pytest.mark.parametrize("clause", CLAUSES.values(), ids=CLAUSES)
def test_recipe_by_hand_is_plain_shell(clause):
    """It is in the page, a shell can read it, and every name in it stands for something."""
    recipe = clause.page.hand
    own = set(re.findall(r"(?:^|[;(] ?|\bfor )(\w+)(?:=| in )", recipe, re.MULTILINE))
    names = set(re.findall(r"(?<!\\)\$([a-z]\w+)", recipe)) - own

    assert recipe, "a finding can be disputed without us: suites/recipes/"
    assert names <= {*re.findall(r"\$(\w+)", RECIPES), "PATH"}
    assert subprocess.run(["sh", "-n"], input=recipe, text=True, check=False).returncode == 0


def test_no_recipe_is_without_its_clause():
    assert {path.stem for path in (SUITES / "recipes").iterdir()} <= CLAUSES.keys()


def test_page_is_taken_apart():
    """Texts are unwrapped, paragraphs kept."""
    title, page = page_of(WHOLE, "here")

    assert title == "Does what it should"
    assert page == Page(
        wrong="It does not.", why="First.\n\nSecond.", test="It is tried.", control="Something.",
        mend="Do it.", unit="One=1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        "",
        WHOLE.replace("Control:", "Controls:"),
        WHOLE.replace("Control: Something.\n\n", ""),
        WHOLE.replace("Test: It is tried.", "Test:"),
        WHOLE.replace("Unit:", "Mend:"),
        WHOLE.replace("\n\nWrong: ", "\n\nNobody said so.\n\nWrong: "),
    ],
    ids=["empty", "misspelt", "missing", "blank", "twice", "unlabelled"],
)
def test_page_that_is_not_whole_is_refused(broken):
    """A misspelt label would hide a part for ever, and nobody would miss it."""
    with pytest.raises(ValueError, match="here: the page"):
        page_of(broken, "here")
