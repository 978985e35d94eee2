"""The code that the pages give to mend a clause works: programs made of it pass those clauses."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from daemonspec.clauses import every_clause

PROGRAMS = {path.name: path for path in sorted(Path(__file__).with_name("mends").iterdir())}
PAGES = {id: clause.page for id, clause in every_clause().items()}
SWEEP = "--sweep=60"  # points spread over the start: all of it takes the one in Python a minute
DESCRIPTION = """
start = "{start} {{dir}}/d.pid {{dir}}/d.sock"
pidfile = "{{dir}}/d.pid"

[ready]
unix = "{{dir}}/d.sock"
expect = "ok"
"""


def _claimed(path):
    """Return the IDs that a program's first lines say it passes."""
    return re.search(r"passes: (.+?)(?: \*/)?$", path.read_text(), re.MULTILINE)[1].split()


def _filled(path):
    """Return the text of a program, the code of the pages in its place."""

    def code(found):
        page = PAGES[found["id"]]
        text = page.c if path.suffix == ".c" else page.python
        return "".join(found["margin"] + line for line in text.splitlines(keepends=True))

    return re.sub(r"^(?P<margin> *)PAGE\((?P<id>.+)\)\n", code, path.read_text(), flags=re.M)


def _made(path, directory, compiler):
    """Write a program into a directory; return the words that start it."""
    written = directory / path.name
    written.write_text(_filled(path))
    if path.suffix == ".py":
        return f"{sys.executable} -I -S {written}"
    program = written.with_suffix("")
    strict = ["-std=c17", "-O2", "-Wall", "-Wextra", "-Werror"]
    built = subprocess.run(
        [compiler, *strict, "-o", program, written],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert built.returncode == 0, built.stderr
    return str(program)


def test_every_piece_of_code_is_tried():
    """In a program in C and in one in Python."""
    for suffix, part in ((".c", "c"), (".py", "python")):
        claimed = [one for path in PROGRAMS.values() if path.suffix == suffix
                   for one in _claimed(path)]  # fmt: skip
        assert {id for id, page in PAGES.items() if getattr(page, part)} <= set(claimed)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_made_of_the_code_passes(judge, compiler, tmp_path, name, request):
    path = PROGRAMS[name]
    if "CWD-1" in _claimed(path):
        request.getfixturevalue("own_place")
    start = _made(path, tmp_path, compiler)
    served = "PIDF-1" in _claimed(path)
    target = tmp_path / f"{path.stem}-made.toml"
    target.write_text(DESCRIPTION.format(start=start) if served else f'start = "{start}"\n')

    run = judge(f"--target={target}", SWEEP, *(f"--clause={one}" for one in _claimed(path)))

    assert run.outcomes(target.stem) == dict.fromkeys(_claimed(path), "pass"), run.output
