"""The JSON document of a run: there is one however the run ends, whole and of the shipped shape."""

import json
import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from daemonspec.model import PROFILES
from daemonspec.report import document
from running import ROOT, SCHEMA, ChildRun, one_after_another, surroundings, until

CLI = (sys.executable, "-m", "daemonspec.cli")


def _read(path):
    found = document.read(path)
    SCHEMA.validate(found)
    return found


# Wrong command lines of pytest, and what the document says; they are found at different times.
WRONG = {
    "an option that does not exist": (["--nonsense"], "unrecognized arguments: --nonsense"),
    "a value that is none": (["--profile=bsd"], "--profile=bsd: allowed are"),
    "a property that does not exist": (["--clause=TTY-99"], "--clause=TTY-99: no such property"),
    "the same, found by a worker": (["--clause=TTY-99", "-n1"], "--clause=TTY-99: no such"),
    "a target that does not exist": (["--target=./nothing"], "nothing does not exist"),
    "a target that does not start": (["--target=/bin/false"], "/bin/false exited with status 1"),
    "a file that is no test": (["suites/nothing.py"], "file or directory not found"),
}


@pytest.fixture(scope="module")
def misused(containment, tmp_path_factory):
    """{case: (Run, document)} of WRONG."""
    directory = tmp_path_factory.mktemp("misused")
    paths = [directory / f"{number}.json" for number in range(len(WRONG))]
    lists = [[*words, f"--report-json={path}"]
             for (words, _), path in zip(WRONG.values(), paths, strict=True)]  # fmt: skip
    runs = one_after_another(lists)
    return {case: (run, _read(path)) for case, run, path in zip(WRONG, runs, paths, strict=True)}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_command_line(misused, case):
    """What was said is in the document too."""
    run, found = misused[case]

    assert run.status == found["exit_status"] == 4
    assert found["ended_by"] == "usage"
    assert WRONG[case][1] in found["error"]
    assert found["verdicts"] == []


def test_output_that_cannot_be_written(tmp_path):
    """It is found before anything is started."""
    ended = ChildRun("--clause=UMK-1", json=tmp_path / "none" / "run.json").wait()

    assert ended.status == 4
    assert "none/run.json: No such file or directory" in ended.output
    assert "collected" not in ended.output


@pytest.mark.parametrize("name", ["--json", "--report-json"])
def test_command_without_a_target(tmp_path, name):
    """The command's own usage errors leave a document, under both names of the option."""
    path = tmp_path / "run.json"
    done = _daemonspec("run", f"{name}={path}")

    found = _read(path)
    assert done.returncode == found["exit_status"] == 4
    assert found["error"] + "\n" == done.stderr
    assert found["argv"] == ["daemonspec", "run", f"{name}={path}"]


def _daemonspec(*words):
    return subprocess.run(
        [*CLI, *words], check=False, cwd=ROOT, capture_output=True, text=True, timeout=100,
        env=surroundings(PYTHONPATH=str(ROOT / "fixtures")),
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(containment, tmp_path_factory):
    """The document of a run of the command on two targets."""
    path = tmp_path_factory.mktemp("whole") / "run.json"
    path.write_text("of an earlier run")
    done = _daemonspec("run", "control", "reference", "--clause=TTY-1", "--clause=STA-13",
                       "--sweep=3", "-n2", f"--json={path}")  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert oct(path.stat().st_mode & 0o777) == "0o644"
    return _read(path)


def test_document_of_a_run(whole):
    """What was typed, on which machine, what was judged and on what it rests."""
    assert whole["argv"][:4] == ["daemonspec", "run", "control", "reference"]
    assert (whole["ended_by"], whole["exit_status"], whole["error"]) == ("done", 1, None)
    assert whole["machine"]["containment"] in ("root", "user", "partial", "none")
    assert whole["options"]["clauses"] == ["TTY-1", "STA-13"]
    assert set(whole["targets"]) == {"control", "reference"}
    assert whole["targets"]["control"]["summary"] == {"fail": 1, "not applicable": 1}
    assert len(whole["targets"]["reference"]["program_sha256"]) == 64
    assert set(whole["clauses"]) == {"TTY-1", "STA-13"}
    launches = {one["id"]: one for one in whole["launches"]}
    assert len(launches) == len(whole["launches"])
    for verdict in whole["verdicts"]:
        assert verdict["id"] == f"{verdict['target']}/sysv/{verdict['clause']}"
        assert "+" not in verdict["test"] and verdict["test"].startswith("suites/test_")
        assert all(launches[one]["target"] == verdict["target"] for one in verdict["launches"])
    (failed,) = (one for one in whole["verdicts"] if one["outcome"] == "fail")
    assert failed["seconds"] > 0
    digest = whole["targets"]["control"]["description_sha256"][:8]
    alike = f"{whole['tool']['version']},{whole['machine']['containment']},{digest}"
    assert failed["again"] == f"daemonspec run control --clause=TTY-1 --sweep=3 --like={alike}"
    assert "environment" not in launches[failed["launches"][0]]
    trace = whole["traces"]["reference"]
    assert [one["n"] for one in trace] == list(range(1, len(trace) + 1))
    assert {one["who"] for one in trace} >= {"launcher", "first child", "daemon"}
    assert {"6 setsid", "7 fork again"} <= {one["step"] for one in trace}
    (fork, *_) = (one for one in trace if one["child"] == 1)
    assert (fork["who"], fork["step"]) == ("launcher", "5 fork")


def test_secrets_are_in_no_document(judge, containment):
    """--show says what was in the environment, but for what is named like a secret."""
    run = judge("--target=reference", "--clause=UMK-1", "--show",
                environment=surroundings(API_TOKEN="tinker", PLAIN="bell"))  # fmt: skip

    (environment, *_) = (one["environment"] for one in run.document["launches"])
    assert (environment["API_TOKEN"], environment["PLAIN"]) == ("(hidden)", "bell")
    assert "tinker" not in run.output + json.dumps(run.document)


BREAKS = """\
def pytest_runtest_logfinish(nodeid, location):
    raise RuntimeError("a plugin at fault")
"""


def test_internal_error(containment, tmp_path):
    """What broke is in the document, and so is what was judged until then."""
    (tmp_path / "breaks.py").write_text(BREAKS)
    path = tmp_path / "run.json"
    run = ChildRun("--target=control", "--clause=UMK-1", "-p", "breaks", json=path,
                   environment=surroundings(PYTHONPATH=str(tmp_path))).wait()  # fmt: skip

    found = run.document
    assert run.status == found["exit_status"] == 3
    assert found["ended_by"] == "internal"
    assert "a plugin at fault" in found["error"]
    assert [one["clause"] for one in found["verdicts"]] == ["UMK-1"]


@pytest.mark.parametrize(
    "number, status, ended_by",
    [(signal.SIGINT, 2, "interrupted"), (signal.SIGKILL, None, "unfinished")],
)
def test_interrupted(containment, tmp_path, number, status, ended_by):
    """^C leaves what was judged so far; after a SIGKILL the file says that the run never ended."""
    path, mark = tmp_path / "run.json", tmp_path / "started"
    (tmp_path / "tells.py").write_text(
        f"def pytest_runtest_logstart(nodeid, location):\n    open({str(mark)!r}, 'a').close()\n"
    )
    child = ChildRun("--target=reference", "--clause=STA-8", "--sweep=full", "-p", "tells",
                     json=path, environment=surroundings(PYTHONPATH=str(tmp_path)))  # fmt: skip
    until(mark.exists, 100, "the first check has begun")
    os.kill(child.process.pid, number)
    run = child.wait()

    assert run.document["ended_by"] == ended_by
    assert run.document["exit_status"] == status
    assert run.document["verdicts"] == []


# -- JUnit ------------------------------------------------------------------------------------


def test_junit(judge, containment, tmp_path):
    """A case for each property of each target, named by ID, and what became of it by its kind."""
    path = tmp_path / "junit.xml"
    run = judge("--target=control", "--target=reference", "--clause=TTY-1", "--clause=UMK-1",
                "--clause=PIDF-2", "-n2", f"--junitxml={path}")  # fmt: skip

    (suite,) = ET.parse(path).getroot()
    cases = {(one.get("classname"), one.get("name")[:6].strip()): one for one in suite}
    assert run.status == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("6", "1", "0")
    assert set(cases) == {(f"daemonspec.{target}", clause) for target in ("control", "reference")
                          for clause in ("TTY-1", "UMK-1", "PIDF-2")}  # fmt: skip
    failed, advised = cases["daemonspec.control", "TTY-1"], cases["daemonspec.control", "UMK-1"]
    title = run.document["clauses"]["TTY-1"]["title"]
    assert failed.get("name") == f"TTY-1 {title}"
    assert "still has the launch terminal" in failed.find("failure").get("message")
    assert "again: " in failed.find("failure").text
    assert "observed: umask follows" in advised.find("system-out").text
    assert advised.find("failure") is None
    skipped = cases["daemonspec.control", "PIDF-2"].find("skipped")
    assert skipped.get("type") == "not applicable"
    properties = {one.get("name"): one.get("value") for one in failed.find("properties")}
    assert properties["level"] == "required" and properties["outcome"] == "fail"
    assert properties["source"].startswith("daemon(7)")
    assert properties["again"].startswith("pytest --target=control --clause=TTY-1")
    assert not any("[" in one.get("name") or "suites" in one.get("classname") for one in suite)


def test_junit_of_a_wrong_command_line(tmp_path):
    """CI servers show an error, and not the file of the run before."""
    path = tmp_path / "junit.xml"
    path.write_text("of an earlier run")
    done = _daemonspec("run", "reference", "--profile=bsd", f"--junitxml={path}")

    (suite,) = ET.parse(path).getroot()
    (case,) = suite
    assert done.returncode == 4
    assert "--profile=bsd: allowed are" in case.find("error").get("message")


# -- reading one ------------------------------------------------------------------------------

UNREADABLE = {
    "truncated": ('{"schema": "daemonspec-run 1.0", "verd', "not a whole JSON document"),
    "empty": ("", "not a whole JSON document"),
    "not text": (b"\xff\xfe", "not a whole JSON document"),
    "of another tool": ('{"version": 2}', "not a document of daemonspec run --report-json"),
    "a list": ("[]", "not a document of daemonspec run"),
    "of a newer version": ('{"schema": "daemonspec-run 2.0"}', "or a newer one"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_document_that_cannot_be_read(tmp_path, case):
    """One sentence says why."""
    content, said = UNREADABLE[case]
    path = tmp_path / "run.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(document.DocumentError, match=said):
        document.read(path)


def test_document_to_what_is_no_file(tmp_path):
    """A pipe, /dev/stdout or a symbolic link stays what it is."""
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    document.write({"schema": document.SCHEMA}, link)
    document.write({}, "/dev/null")

    assert link.is_symlink() and document.read(real) == {"schema": document.SCHEMA}
    assert not os.path.isfile("/dev/null")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "real.json"]


def test_schema_command():
    """The shape of the documents is public."""
    done = _daemonspec("schema")

    assert done.returncode == 0
    assert json.loads(done.stdout) == SCHEMA.schema


def test_schema_knows_every_profile():
    """A document of a profile that it lacks is refused by whoever checks it."""
    target = SCHEMA.schema["$defs"]["target"]

    assert target["properties"]["profile"]["enum"] == list(PROFILES)
