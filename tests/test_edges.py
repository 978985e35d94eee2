"""The edges of a run: where it cannot say what it finds, or would judge nothing, it says so.

The status is 3 or 4 then, 6 where the machine is to blame: never 1, which is a target's, and never
0 or 5 without a verdict.
"""

import os
import resource
import subprocess
import sys

import pytest

from running import ROOT, surroundings

JUDGES = ("reference", "--clause=STP-1")


def _run(*words, at=ROOT, before="", **how):
    """Run `daemonspec run` behind a line of sh's, `before`; return the CompletedProcess."""
    variables = how.pop("variables", {})
    line = f'{before} exec "$@"' if not before.startswith("exec") else f'{before}; exec "$@"'
    command = [sys.executable, "-m", "daemonspec", "run", *words]
    return subprocess.run(
        ["/bin/sh", "-c", line, "sh", *command], check=False, cwd=at, text=True, timeout=200,
        env=surroundings(PYTHONPATH=str(ROOT / "fixtures"), **variables),
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **{"stdout": subprocess.PIPE, **how},
    )  # fmt: skip


def _assert_said(done, status, text):
    said = (done.stdout or "") + (done.stderr or "")
    assert done.returncode == status, said
    assert text in " ".join(said.split())
    assert "Traceback" not in said and "INTERNALERROR" not in said


def test_standard_output_that_is_full(containment):
    with open("/dev/full", "w") as full:
        done = _run(*JUDGES, stdout=full)

    _assert_said(done, 3, "daemonspec: standard output cannot be written: No space left on device")


def test_standard_output_that_nobody_reads(containment):
    heard, told = os.pipe()
    os.close(heard)
    done = _run(*JUDGES, stdout=told)
    os.close(told)

    _assert_said(done, 3, "daemonspec: standard output cannot be written: Broken pipe")


@pytest.mark.parametrize(
    ("number", "name"), [(1, "standard output is closed"), (2, "standard error is closed")]
)
def test_stream_that_is_closed(number, name):
    _assert_said(_run(*JUDGES, before=f"exec {number}>&-"), 4, f"daemonspec: {name}; send it to")


def test_both_streams_closed():
    assert _run(*JUDGES, before="exec >&- 2>&-").returncode == 4


def test_standard_input_that_is_closed(containment):
    """Its number is given to nothing else."""
    _assert_said(_run(*JUDGES, before="exec <&-"), 0, "reference: no failure")


def test_directory_that_is_gone(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()

    done = _run(*JUDGES, at=gone, before=f"exec 9<.; rmdir {gone}")

    _assert_said(done, 4, "daemonspec: the current directory is gone")


# What is asked for, and what is said; each ends with 4.
REFUSED = {
    "--junitxml={place}/file/x.xml": "--junitxml={place}/file/x.xml: File exists",
    "--junitxml={place}": "--junitxml must be a filename, given: {place}",
    "--report-json={place}/file/x.json": "--report-json={place}/file/x.json: Not a directory",
    "-p no:terminal": "-p no:terminal: nothing would say what was found; leave it out",
    "--setup-plan": "--setup-plan: no property is judged by a plan; leave it out",
    "--lf": "--lf: no such option",
    "--reruns=2": "--reruns=2: no such option",
    "--clause=TTY-1 --profile=foreground": "--clause=TTY-1: not in the profile foreground; in sysv",
    "-k no_such_property": "nothing was judged: what was asked for (-k, -m, --deselect, --lf)",
    "-k no_such_property -n1": "nothing was judged: what was asked for",
    "--clause=TTY-1 --profile=foreground -n1": "not in the profile foreground; in sysv, article",
}


@pytest.mark.parametrize("words", REFUSED)
def test_run_that_would_judge_nothing_or_not_tell(containment, tmp_path, words):
    (tmp_path / "file").touch()

    done = _run("reference", *words.format(place=tmp_path).split())

    _assert_said(done, 4, REFUSED[words].format(place=tmp_path))


def test_refusal_to_start_without_standard_streams_is_right(judge, tmp_path):
    """Then there are no descriptors whose use could be wrong."""
    refuses = "test -e /proc/self/fd/0 || exit 3; exec setsid -f sleep 4711 <&- >&- 2>&-"
    path = tmp_path / "refuses.toml"
    path.write_text(f"start = \"sh -c '{refuses}'\"\n")

    verdict = judge(f"--target={path}", "--clause=FDS-8").verdict("FDS-8", "refuses")

    assert verdict["outcome"] == "not applicable", verdict
    assert verdict["message"].startswith("it refuses to start: status 3"), verdict


def test_last_failures_are_not_all(containment, tmp_path):
    """In a checkout pytest has a cache, and would judge what failed last time alone."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--lf", "-o", f"cache_dir={tmp_path}"], cwd=ROOT,
        env=surroundings(), capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip

    _assert_said(done, 4, "--lf: what failed last time is not all; name properties with --clause")


def test_cache_that_cannot_be_written(compiler, tmp_path):
    (tmp_path / ".cache").touch()
    variables = {"HOME": str(tmp_path), "XDG_CACHE_HOME": ""}

    done = _run("daemon3", "--clause=STP-1", variables=variables)

    _assert_said(done, 4, f"daemon3.c is compiled into {tmp_path}/.cache/daemonspec, which cannot")


@pytest.mark.skipif(os.geteuid() == 0, reason="root has no limit on processes")
def test_no_more_processes(containment):
    limit = resource.RLIMIT_NPROC, (1, 1)

    done = _run(*JUDGES, preexec_fn=lambda: resource.setrlimit(*limit))

    _assert_said(done, 6, "no more processes are allowed here (RLIMIT_NPROC")
