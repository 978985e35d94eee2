"""The line that judges a finding again says what it was found with, for another machine."""

import re
import shlex
from pathlib import Path

import pytest

from daemonspec import __version__, likeness
from daemonspec.targets import resolve
from running import ChildRun, one_after_another

TOML = "start = 'sleep 1000 &'\n"


def _digest(place, name, text=TOML):
    place.mkdir(exist_ok=True)
    (place / name).write_text(text)
    return likeness.digest(resolve(str(place / name), place))


def test_description_is_known_wherever_it_lies(tmp_path):
    here, there = (_digest(tmp_path / one, "d.toml") for one in ("here", "there"))

    assert here == there
    assert here != _digest(tmp_path / "there", "d.toml", TOML + "# another\n")


def test_command_line_is_known_wherever_its_program_lies(tmp_path):
    made = []
    for name in ("here", "there"):
        program = tmp_path / name / "daemon"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        made += [likeness.digest(resolve(f"{program} {more}", tmp_path)) for more in ("", "-x")]

    assert made[:2] == made[2:] and made[0] != made[1]


def test_each_embedded_program_has_its_own():
    names = ("reference", "keeps-umask", "never-waits", "reference.service")

    assert len({likeness.digest(resolve(name, Path("/"))) for name in names}) == len(names)


def test_what_is_not_alike_is_named():
    asked = likeness.parse("0.1.0,user,00000000")
    found = likeness.of("f" * 64, "root")

    assert str(found) == f"{__version__},root,ffffffff" == str(likeness.parse(str(found)))
    assert likeness.differences(found, found) == []
    said = "\n".join(likeness.differences(asked, found))
    assert re.fullmatch(r".*0\.1\.0.*\n.*user.*root.*\n.*00000000.*ffffffff.*", said), said


@pytest.mark.parametrize("text", ["", "0.1.0", "0.1.0,root", "0.1.0,docker,abc", "0.1.0,root,"])
def test_other_words_are_refused(text):
    with pytest.raises(ValueError, match="write VERSION,CONTAINMENT,DESCRIPTION"):
        likeness.parse(text)


def test_line_is_alike_here_and_not_after_a_change(tmp_path, containment):
    """Typed as it stands, from another directory; then with another description."""
    path = tmp_path / "d.toml"
    path.write_text(TOML)
    first = ChildRun(f"--target={path}", "--clause=UMK-1", json=tmp_path / "run.json").wait()
    again = shlex.split(re.search(r"^again: pytest (.*)$", first.output, re.MULTILINE)[1])

    (alike,) = one_after_another([again])
    path.write_text(TOML + "# changed\n")
    (changed,) = one_after_another([again])

    assert first.document["targets"]["d"]["description_sha256"].startswith(again[-1][-8:])
    assert "not alike" not in alike.output
    assert "not alike: found with a description of the target that is another" in changed.output
