"""The kits do what they say, each run here as far as a machine without that service can."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml

from daemonspec import judgement
from daemonspec.clauses import every_clause
from daemonspec.report import document as documents
from daemonspec.report.annotations import annotations
from daemonspec.report.together import Together
from running import ROOT, surroundings

KITS = ROOT / "docs/kits"
CONTROL = "start = 'sleep 1000 &'\n"
ALONE = "-n0"  # the last one counts: workers take longer to start than this takes
QUICK = "--clause=UMK-1"  # of which the profile has advice: nothing fails


@pytest.fixture
def place(tmp_path):
    """A project with a daemon's description, and a `daemonspec` in PATH."""
    bin = tmp_path / "bin"
    bin.mkdir()
    for name, words in {"daemonspec": "-m daemonspec", "python3": ""}.items():
        path = bin / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -P {words} "$@"\n')
        path.chmod(0o755)
    project = tmp_path / "project"
    project.mkdir()
    (project / "mydaemon.toml").write_text(CONTROL)
    return project


def _do(words, place, **environment):
    path = f"{place.parent}/bin:{os.environ['PATH']}"
    return subprocess.run(
        words, cwd=place, text=True, check=False, timeout=600, stdin=subprocess.DEVNULL,
        env=surroundings(PATH=path, PYTHONPATH=str(ROOT / "fixtures"), **environment),
        capture_output=True,
    )  # fmt: skip


# -- GitHub ---------------------------------------------------------------------------------------


def _github(place, **inputs):
    """Do what the action's step does; return (done, its outputs, its summary)."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    given = {name: one.get("default", "") for name, one in action["inputs"].items()} | inputs
    (step,) = (one for one in action["runs"]["steps"] if one.get("id") == "judge")
    environment = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    files = {name: place.parent / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    done = _do(
        [step["shell"], "-c", step["run"]], place, RUNNER_TEMP=str(place.parent / "temp"),
        GITHUB_ACTION_PATH=str(ROOT), **environment, **{k: str(v) for k, v in files.items()},
    )  # fmt: skip
    return done, *(one.read_text() if one.exists() else "" for one in files.values())


def test_github_action(place):
    """The finding is marked at the description; summary, output and artifacts are there."""
    (place / "mydaemon.toml").write_text("start = 'sleep 1000'\n")

    done, output, summary = _github(place, targets="\nmydaemon.toml\n", version="installed")

    assert done.returncode == 1, done.stdout + done.stderr
    assert output == "status=1\n"
    assert re.search(r"^::error file=mydaemon\.toml,line=1,title=PAR-2 .*%0A.* --clause=PAR-2 --",
                     done.stdout, re.MULTILINE)  # fmt: skip
    assert summary.startswith("### mydaemon")
    kept = {path.name for path in (place.parent / "temp" / "daemonspec").iterdir()}
    assert kept == {"run.json", "junit.xml", "page.html"}


def test_github_action_names_all_its_inputs():
    """An input that no step reads would do nothing, and an unknown one would be empty."""
    text = (ROOT / "action.yml").read_text()
    action = yaml.safe_load(text)

    assert set(re.findall(r"inputs\.(\w+)", text)) == set(action["inputs"])
    script = (KITS / "github.sh").read_text()
    (step,) = (one for one in action["runs"]["steps"] if one.get("id") == "judge")
    assert all(re.search(rf"\${{?{name}\b", script) for name in step["env"])


def test_marks_are_at_the_line_to_mend(tmp_path):
    """A waiver's own line; a directive of a unit.  Nothing in a text ends the command."""
    unit = tmp_path / "d.service"
    unit.write_text("[Service]\nExecStart=/bin/d\nType=simple\n")
    waiver = {"where": "w.toml, line 7", "reason": "r", "link": None, "expires": None,
              "known": [], "new": [], "gone": []}  # fmt: skip
    document = documents.new(["daemonspec"], {"version": "0"})
    document["clauses"] = {"UMK-1": judgement.described(every_clause()["UMK-1"])}
    document["targets"] = {"d": {"origin": str(unit)}}
    one = {"target": "d", "clause": "UMK-1", "again": "daemonspec run d"}
    document["verdicts"] = [
        {**one, "outcome": "fail", "message": "50% of it,\n::set it: Type=notify", "waiver": None},
        {**one, "outcome": "advice", "message": "mended", "waiver": waiver},
    ]

    first, second = annotations(Together([document])).splitlines()

    assert first.startswith(f"::error file={unit},line=3,title=UMK-1 ")
    assert "::50%25 of it,%0A::set it: Type=notify%0A" in first
    assert second.startswith("::warning file=w.toml,line=7,title=UMK-1 ")


# -- GitLab, tox ----------------------------------------------------------------------------------


def test_gitlab_job(place):
    """Its script and what comes after it, in a shell as GitLab's runner has it."""
    job = yaml.safe_load((KITS / "gitlab.yml").read_text())["daemonspec"]
    (line,) = job["script"]

    done = _do(["sh", "-c", f"{line} {QUICK} {ALONE}"], place, **job["variables"])
    after = _do(["sh", "-c", "\n".join(job["after_script"])], place, **job["variables"])

    assert (done.returncode, after.returncode) == (0, 0), done.stdout + after.stderr
    artifacts = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert [name for name in artifacts if not (place / name).exists()] == []
    assert job["allow_failure"]["exit_codes"] == [6]


def test_tox_environment(place):
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(KITS / "tox.ini")
    command = settings["testenv:daemonspec"]["commands"].replace("{posargs}", f"{QUICK} {ALONE}")

    done = _do(shlex.split(command), place)

    assert done.returncode == 0, done.stdout


# -- autopkgtest ----------------------------------------------------------------------------------


def test_77_only_where_nothing_has_to_be_judged(place):
    """PIDF-2 wants a pidfile; a failure is one under any option."""
    words = ["daemonspec", "run", "mydaemon.toml", "--autopkgtest"]
    waivers = place / "mydaemon.waivers.toml"

    assert _do([*words, "--clause=PIDF-2"], place).returncode == 77
    assert _do([*words, "--clause=TTY-1"], place).returncode == 1
    waivers.write_text('[daemonspec]\nformat = 1\nmust-judge = ["PIDF-2"]\n')
    assert _do([*words, "--clause=PIDF-2"], place).returncode == 6


def test_all_is_well_without_a_word_on_stderr(place):
    done = _do(["daemonspec", "run", "mydaemon.toml", "--autopkgtest", QUICK, "-n2"], place)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("clause, status, said", [("UMK-1", 0, "PASS"), ("PIDF-2", 8, "SKIP")])
def test_autopkgtest_of_a_package(place, clause, status, said):
    """With autopkgtest's own runner on this machine; 8: all tests were skipped."""
    if shutil.which("autopkgtest") is None:
        pytest.skip("autopkgtest is not installed (apt install autopkgtest)")
    if os.geteuid() != 0:
        pytest.skip("the kit's test needs root")
    debian = place / "debian"
    shutil.copytree(KITS / "debian", debian)
    shutil.copy(place / "mydaemon.toml", debian / "tests")
    (debian / "changelog").write_text(
        "mydaemon (1) unstable; urgency=low\n\n  * x\n\n -- x <x@example.org>  "
        "Thu, 01 Jan 2026 00:00:00 +0000\n"
    )
    (debian / "control").write_text(
        "Source: mydaemon\nMaintainer: x <x@example.org>\n\nPackage: mydaemon\n"
        "Architecture: all\nDescription: x\n"
    )
    # What is to be tested is here already: the runner would look for packages of that name.
    control = debian / "tests" / "control"
    control.write_text(re.sub(r"(?m)^Depends: .*", "Depends:", control.read_text()))
    test = debian / "tests" / "daemonspec"
    path = f"{place.parent}/bin:{os.environ['PATH']}"
    test.write_text(
        test.read_text().replace("-n 2", ALONE).replace(
            "exec daemonspec run", f"export PATH={path} PYTHONPATH={ROOT}/fixtures\n"
            f"exec daemonspec run --clause={clause}",
        )
    )  # fmt: skip

    done = _do(["autopkgtest", "-B", f"{place}/", "--", "null"], place)

    assert done.returncode == status, done.stdout + done.stderr
    assert re.search(rf"^daemonspec +{said}", done.stdout + done.stderr, re.MULTILINE)
