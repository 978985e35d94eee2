"""The documentation is a site that is whole, and that is read without a network."""

import re
import shutil
import subprocess
import sys

import pytest

from daemonspec import real_daemons
from daemonspec.clauses import every_clause
from running import ROOT, ChildRun, surroundings

pytest.importorskip("mkdocs", reason="needs mkdocs: pip install -e '.[docs]'")
SETTINGS = ROOT / ".ci/site/mkdocs.yml"
TUTORIAL = ROOT / "docs" / "tutorial"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The directory of the built site; a link that leads nowhere fails the build."""
    directory = tmp_path_factory.mktemp("site")
    words = ["-m", "mkdocs", "build", "-q", "--strict", "-d", str(directory), "-f", str(SETTINGS)]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=surroundings(PYTHONPATH=str(ROOT / "fixtures")),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return directory


def test_nothing_comes_from_a_network(site):
    loaded = re.compile(r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//[^\"]+\"")
    for path in site.rglob("*.html"):
        if path.name != "404.html":
            text = path.read_text()
            assert loaded.findall(text) == [], path
    for path in site.rglob("*.css"):
        assert "url(http" not in path.read_text().replace("'", "").replace('"', "")


def test_each_property_has_its_page(site):
    """Made from the same parts as `daemonspec explain`."""
    for id, clause in every_clause().items():
        text = (site / "properties" / f"{id}.html").read_text()
        flat = re.sub(r"<[^>]+>", "", text)
        assert "How it is tested" in text and "By hand, without daemonspec" in text
        assert clause.sources[0].link.removeprefix("docs/").removesuffix(".md") in text
        assert clause.title.partition("`")[0].strip()[:20] in flat, id


def test_matrix_has_each_daemon(site):
    text = (site / "census.html").read_text()

    assert all(f">{one.name}</th>" in text for one in real_daemons.census().daemons)


@pytest.mark.parametrize("number, outcome", [(3, "advice"), (4, "pass")])
def test_tutorials_last_bugs_are_there_and_mended(number, outcome, containment, tmp_path):
    """Of each program what its chapter says; the others are judged by hand when it is written."""
    shutil.copy(TUTORIAL / f"hellod-{number}.py", tmp_path / "hellod")
    shutil.copy(TUTORIAL / "hellod.toml", tmp_path)
    options = (f"--target={tmp_path}/hellod.toml", "--clause=SIG-4", "--clause=STA-5")

    run = ChildRun(*options, json=tmp_path / "run.json").wait()

    assert run.outcomes("hellod") == {"SIG-4": outcome, "STA-5": outcome}, run.output


def test_tutorial_shows_the_programs_that_are_tried():
    text = (ROOT / "docs" / "tutorial.md").read_text()

    for path in sorted(TUTORIAL.iterdir()):
        content = path.read_text()
        if path.name != "hellod-4.py":  # of which the text says what is changed
            assert content in text, path.name
        else:
            added = set(content.splitlines()) - set(
                (TUTORIAL / "hellod-3.py").read_text().split("\n")
            )
            assert added and all(line in text for line in added)
