"""MkDocs' hook: the pages of the site that are not written by hand, and links that leave docs/.

A page for each property, the table of all, the matrix of the daemons that were judged, and the
pages at the top of the checkout.  What a page names outside of docs/ is in the site too.
"""

import html
import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

from daemonspec import real_daemons
from daemonspec.clauses import every_clause
from daemonspec.model import PROFILES, RECIPES

TOP = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_LETTERS = {
    "pass": "&middot;", "fail": "F", "advice": "a", "note": "i", "inconclusive": "?",
    "unsupported": "u", "not applicable": "-", "waived": "w",
}  # fmt: skip
_COLOURS = {"fail": "#d1242f55", "advice": "#bf870055", "pass": "#1a7f3733"}


def on_files(files, config):
    """Add the pages that are made here, and what they lead to."""
    made = {"properties/index.md": _table(), "census.md": _matrix()}
    made |= {f"properties/{id}.md": _property(one) for id, one in every_clause().items()}
    for path in sorted(TOP.glob("*.md")):
        name = "index.md" if path.name == "README.md" else path.name
        made[name] = path.read_text(encoding="utf-8")
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    files.append(File.generated(config, "LICENSE.txt", abs_src_path=str(TOP / "LICENSE")))
    return files


def on_page_markdown(markdown, page, config, files):
    """Have links lead where the site has what they name."""
    own = page.file.src_uri
    is_top = own == "index.md" or (TOP / own).is_file()

    def changed(found):
        target = found[2]
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        # Of a page at the top the directory is the checkout's, of the others docs/.
        base = "" if is_top else posixpath.join("docs", posixpath.dirname(own))
        place = posixpath.normpath(posixpath.join(base, target))
        name = _in_the_site(place)
        relative = posixpath.relpath(name, posixpath.dirname(own) or ".")
        return f"{found[1]}{relative}{found[3] or ''}{found[4]}"

    return _LINK.sub(changed, markdown)


def _in_the_site(place):
    """Return the name in the site of a path in the checkout."""
    if place.startswith("docs/"):
        return place.removeprefix("docs/")
    if place == "README.md":
        return "index.md"
    if place.endswith(".md"):
        return place
    return f"{place}.txt"


# -- properties -----------------------------------------------------------------------------------


def _table():
    lines = ["# Properties", "", f"| ID | property | {' | '.join(PROFILES)} |"]
    lines += [f"| --- | --- |{' --- |' * len(PROFILES)}"]
    for id, one in every_clause().items():
        levels = [one.levels[name].value if name in one.levels else "-" for name in PROFILES]
        lines.append(f"| [{id}]({id}.md) | {_text(one.title)} | {' | '.join(levels)} |")
    return "\n".join(lines)


def _property(clause):
    page = clause.page
    levels = ", ".join(f"{level.value} in `{name}`" for name, level in clause.levels.items())
    lines = [f"# {clause.id} {_text(clause.title)}", "", f"Level: {levels}.  Since {clause.since}."]
    if clause.formerly:
        lines += ["", f"Formerly: {', '.join(clause.formerly)}."]
    for heading, text in (
        ("What it does wrong", page.wrong),
        ("Why that hurts", page.why),
        ("How it is tested", f"{page.test}\n\nControl: {page.control}"),
        ("How to mend it", page.mend),
    ):
        lines += ["", f"## {heading}", "", _text(text)]
    for language, code in (("c", page.c), ("python", page.python)):
        if code:
            lines += ["", f"```{language}", code.rstrip(), "```"]
    if page.unit:
        lines += ["", f"In a systemd unit: {_text(page.unit)}"]
    if page.hand:
        lines += ["", "## By hand, without daemonspec", "", _text(RECIPES), ""]
        lines += ["```sh", page.hand.rstrip(), "```"]
    lines += ["", "## Sources", ""]
    lines += [f"* {_source(one)}" for one in clause.sources]
    lines += ["", "## Who does not have it", "", _who(clause)]
    lines += ["", f"Judge it: `daemonspec run TARGET --clause={clause.id}`"]
    return "\n".join(lines)


def _source(source):
    place = f", {_text(source.place)}" if source.place else ""
    link = source.link if "://" in source.link else f"../{source.link.removeprefix('docs/')}"
    return f"[{_text(source.document)}]({link}){place}"


def _who(clause):
    found = real_daemons.census()
    failing, having = found.failing(clause.id), found.having(clause.id)
    if not failing and not having:
        return "None of the [daemons in use](../census.md) was judged by it."
    names = ", ".join(map(str, failing)) or "none"
    count = len(failing) + len(having)
    return f"{len(failing)} of {count} [daemons in use](../census.md): {names}."


# -- daemons in use -------------------------------------------------------------------------------


def _matrix():
    found = real_daemons.census()
    areas = list(dict.fromkeys(one.area for one in every_clause().values()))
    rows = []
    for one in found.daemons:
        cells = "".join(_cell(one, area) for area in areas)
        package = html.escape(one.package)
        head = f'<th scope="row" title="{package}">{html.escape(one.name)}</th>'
        rows.append(f"<tr>{head}{cells}</tr>")
    head = "".join(f'<th scope="col">{area}</th>' for area in areas)
    legend = ", ".join(f"{letter} {outcome}" for outcome, letter in _LETTERS.items())
    return "\n".join([
        "# Daemons in use", "",
        f"What {len(found.daemons)} programs and units were found to have, on {found.date}, by "
        f"daemonspec {found.version}, on {found.system}.  A cell counts what does not hold in an "
        "area.  `daemonspec explain ID --who` names those that fail one property, and "
        "`python tests/judge_real.py DIRECTORY` in a checkout judges them anew.", "",
        f"{legend}", "",
        '<table style="white-space:nowrap">',
        f'<tr><th scope="col">daemon</th>{head}</tr>', *rows, "</table>",
    ])  # fmt: skip


def _cell(judged, area):
    own = [o for id, o in judged.outcomes.items() if id.partition("-")[0] == area]
    counts = [f"{own.count(o)}{_LETTERS[o]}" for o in ("fail", "advice") if o in own]
    worst = next((o for o in ("fail", "advice", "pass") if o in own), "")
    text = " ".join(counts) or (_LETTERS[worst or own[0]] if own else "")
    colour = f' style="background:{_COLOURS[worst]}"' if worst else ""
    return f"<td{colour}>{text.replace(' ', '&nbsp;')}</td>"


def _text(text):
    """Return a text in which Markdown sees code between backticks, and nothing else."""
    parts = text.split("`")
    plain = [re.sub(r"([\\*_\[\]<>|#])", r"\\\1", one) for one in parts[::2]]
    mixed = [None] * len(parts)
    mixed[::2], mixed[1::2] = plain, [f"`{one}`" for one in parts[1::2]]
    return "".join(mixed)
