"""However a run ends, nothing of it is left: no process, no mount, no file."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

import kills
from running import HARNESS, LONGEST, surroundings, until
from watched import (
    GONE_WITHIN,
    MARK,
    ONE_THAT_CONFORMS,
    OPTIONS,
    WAYS,
    Watched,
    is_worker,
    mounts,
    runs,
)

FAILS, INTERRUPTED, INTERNAL_ERROR, UNCLEAR = 1, 2, 3, 6


@pytest.fixture
def watch(containment, tmp_path_factory):
    """A function that starts a watched run; whatever a failed test leaves of it is killed.

    A shell's `&` without job control has SIGINT ignored, and so would have the runs.
    """
    started = []
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(*more, options=OPTIONS):
        run = Watched(tmp_path_factory.mktemp("left"), *options, *more)
        started.append(run)
        return run

    yield start
    for run in started:
        for process in {run.pytest, *run.look(), *run._marked()}:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        run.process.wait()
    signal.signal(signal.SIGINT, inherited)


@pytest.mark.parametrize("way", WAYS)
def test_after_a_run(watch, way):
    """A run that ends by itself has cleaned up before its exit status is there."""
    run = watch(*WAYS[way])

    assert run.end() == FAILS, run.output()
    assert run.left() == []
    run.assert_nothing_left()
    assert len(run.seen) > 20, "so few that the run was hardly watched"


@pytest.mark.parametrize("number", [1, 30])
def test_after_sigint(watch, number):
    """^C: pytest says so, ends the worlds, and then itself."""
    run = watch()
    run.wait_until_seen(number)

    run.process.send_signal(signal.SIGINT)

    assert run.end() == INTERRUPTED, run.output()
    assert "Traceback" not in run.output()
    run.assert_nothing_left()


def test_after_two_impatient_sigints(watch):
    """^C twice at the terminal of a run with workers: it reaches all of its process group."""
    run = watch("-n2")
    run.wait_until_seen(20)

    os.killpg(run.process.pid, signal.SIGINT)
    os.killpg(run.process.pid, signal.SIGINT)

    assert run.end() != 0, run.output()
    run.assert_nothing_left()


@pytest.mark.parametrize("number", [1, 2, 5, 40])
def test_after_sigkill(watch, number):
    """Nothing can be cleaned up by whom SIGKILL took away: the kernel has to do it."""
    run = watch()
    run.wait_until_seen(number)

    run.process.kill()

    assert run.end() == -signal.SIGKILL
    run.assert_nothing_left()


@pytest.mark.parametrize("number", [3, 20])
def test_after_sigkill_without_namespaces(watch, number):
    """No kernel ends a world where there is none: whoever is left of the harness has to."""
    run = watch("--containment=none")
    run.wait_until_seen(number)

    run.process.kill()

    assert run.end() == -signal.SIGKILL
    run.assert_nothing_left()


KILLED_EARLY = """\
import os, signal
from daemonspec.world import fork_server
fork_server.subprocess.Popen = lambda *words, **how: os.kill(os.getpid(), signal.SIGKILL)
fork_server.ForkServer("none")
"""


def test_after_sigkill_before_the_fork_server_is_there(tmp_path):
    """Between making a directory and starting who would remove it, nobody would remove it."""
    environment = surroundings(TMPDIR=str(tmp_path), PYTHONPATH=str(HARNESS.parent))

    killed = subprocess.run([sys.executable, "-c", KILLED_EARLY], check=False, env=environment)

    assert killed.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


KILLED_WAITING = """\
import os, signal
from daemonspec.world import fork_server
server = fork_server.ForkServer("none")
print(server._process.pid, flush=True)
os.kill(server._process.pid, signal.SIGSTOP)
server._hear = lambda: os.kill(os.getpid(), signal.SIGKILL)
server.world()
"""


def test_after_sigkill_between_question_and_answer(tmp_path):
    """The fork server's answer goes nowhere: SIGPIPE must not end it before it has tidied up."""
    environment = surroundings(TMPDIR=str(tmp_path), PYTHONPATH=str(HARNESS.parent))

    words = [sys.executable, "-c", KILLED_WAITING]
    killed = subprocess.run(words, check=False, env=environment, stdout=subprocess.PIPE)

    assert killed.returncode == -signal.SIGKILL
    server = psutil.Process(int(killed.stdout))
    server.send_signal(signal.SIGCONT)
    until(lambda: not runs(server), GONE_WITHIN, "the fork server did not end", lambda: server)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [3, 30])
def test_after_sigkill_with_workers(watch, number):
    """The workers lose the process that they report to, and end with it."""
    run = watch("-n2")
    run.wait_until_seen(number)

    run.process.kill()

    assert run.end() == -signal.SIGKILL
    run.assert_nothing_left()


@pytest.mark.parametrize("number", [1, 25])
def test_after_sigkill_of_a_worker(watch, number):
    """Nothing of its worlds stays; a check that it took along is not forgotten."""
    run = watch("-n2")
    worker = until(lambda: run.ended or _worker_with(run, number), LONGEST,
                   f"a worker with {number} processes",
                   lambda: f"{len(run.look())} processes")  # fmt: skip
    assert not run.ended, f"pytest ended after {len(run.seen)} processes: {run.output()}"

    worker.kill()

    status = run.end()
    run.assert_nothing_left()
    took_one_along = "crashed while running" in run.output()
    assert status == (INTERNAL_ERROR if took_one_along else FAILS), run.output()


def _worker_with(run, number):
    """Return a worker of xdist below which `number` processes run now, or None."""
    run.look()
    try:
        for child in run.pytest.children():
            below = child.children(recursive=True)
            if is_worker(child) and len(below) >= min(number, 4) and len(run.seen) >= number:
                return child
    except psutil.NoSuchProcess:
        pass
    return None


# `python tests/kills.py 100` takes all of it by chance.
@pytest.mark.parametrize(
    ("part", "name", "options"),
    [
        ("main", "SIGTERM", ("-n2", "--containment=none")),
        ("main", "SIGHUP", ()),
        ("worker", "SIGINT", ("-n2",)),
        ("fork server", "SIGTERM", ("--containment=none",)),
        ("warden", "SIGKILL", ("--containment=none",)),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_after_a_signal_to_a_part(watch, part, name, options):
    """Whoever of the harness is ended, and however: the others tidy up, or the kernel does."""
    run = watch(*options)
    run.wait_until_seen(5)

    kills.kill(run, part, name)

    assert run.process.returncode != 0
    run.assert_nothing_left()


@pytest.mark.parametrize("number", [4, 25])
def test_after_sigkill_of_the_fork_server(watch, number):
    """Somebody else's kill, or the kernel's in want of memory: pytest ends, and passes nothing."""
    run = watch(options=ONE_THAT_CONFORMS)
    run.wait_until_seen(number)
    (server, *_) = run.pytest.children()

    server.kill()

    status, output = run.end(), run.output()
    run.assert_nothing_left()
    assert status in (INTERNAL_ERROR, UNCLEAR), output
    assert "Traceback" not in output, output


def test_watching_finds_what_is_left(watch):
    """The observer itself: a process, a file and a mount that stay are seen."""
    run = watch()
    run.process.kill()
    run.end()
    orphan = psutil.Popen(["sleep", "60"], env={MARK: run.token})
    stray = run.place / "home" / "stray"
    stray.write_text("")
    os.chown(stray, -1, run.group)

    # A program has no environment yet when execve(2) has closed its descriptors, by which Popen
    # knows that it runs (fs/exec.c begin_new_exec(), fs/binfmt_elf.c create_elf_tables()).
    until(
        lambda: any(f"{orphan.pid} " in text for text in run.left()),
        GONE_WITHIN,
        "the orphan is not seen",
        run.left,
    )
    assert run._files() - run.files == {stray}
    orphan.kill()
    orphan.wait()
    assert run.left() == []
    run.mounts.pop()
    assert len(mounts() - run.mounts) == 1
