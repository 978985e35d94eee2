"""However a run ends, nothing of it is left: no process, no mount, no file."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from running import HARNESS, ROOT, ChildRun, surroundings, until

MARK = "DAEMONSPEC_SELF_TEST"  # in the environment of a run, and so of everything that it starts
# Both have a worker; one stays with its terminal, the other outlives its stop.
OPTIONS = (
    "--target=never-calls-setsid", "--target=ignores-sigterm", "--stop-timeout=1",
    "--clause=TTY-1", "--clause=TTY-5", "--clause=STP-1", "--clause=TTY-7", "--clause=TTY-12",
)  # fmt: skip
ONE_THAT_CONFORMS = ("--target=reference", "--clause=TTY", "--clause=STP", "--clause=SIG-2")
GONE_WITHIN = 20.0
FAILS, INTERRUPTED, INTERNAL_ERROR, UNCLEAR = 1, 2, 3, 6


class Watched(ChildRun):
    """A run whose every process, file and mount is known to be its own.

    As root it has a group of its own, which marks its files; another user's files are told by
    their owner alone.
    """

    def __init__(self, place, *options):
        self.token = secrets.token_hex(8)
        self.group = 60000 + int(self.token[:3], 16) if os.geteuid() == 0 else os.getegid()
        self.place = place
        # Short names: a target's socket may lie below TMPDIR (sun_path of unix(7), 108 bytes).
        names = {"HOME": "home", "TMPDIR": "tmp", "XDG_CACHE_HOME": "cache"}
        own = {name: str(place / short) for name, short in names.items()}
        for path in own.values():
            os.mkdir(path)
            os.chown(path, -1, self.group)
        self.said = place / "said"
        self.said.touch()
        self.mounts = _mounts()
        self.files = self._files()
        self.seen = set()
        environment = surroundings(**own, **{MARK: self.token})
        how = {"group": self.group} if os.geteuid() == 0 else {}
        with self.said.open("w") as said:
            how |= {"environment": environment, "process_group": 0, "stdout": said}
            super().__init__(*options, **how)
        self.pytest = psutil.Process(self.process.pid)
        self.pidfd = os.pidfd_open(self.process.pid)

    def look(self):
        """Remember what runs below pytest now; return everything that was ever seen there."""
        try:
            self.seen |= set(self.pytest.children(recursive=True))
        except psutil.NoSuchProcess:
            pass  # pytest has ended
        return self.seen

    @property
    def ended(self):
        """Whether pytest itself has ended."""
        return self.process.poll() is not None

    def wait_until_seen(self, number):
        """Wait until `number` processes have been seen below pytest."""
        until(
            lambda: len(self.look()) >= number or self.ended,
            60.0,
            f"{number} processes below pytest",
            lambda: f"{len(self.seen)} of them",
            self.pidfd,
            pause=10,
        )
        assert not self.ended, f"pytest ended after {len(self.seen)} processes: {self.output()}"

    def output(self):
        """Return what pytest has said."""
        return self.said.read_text()

    def end(self):
        """Wait until pytest has ended, and remember what runs below it until then."""

        def watched_to_its_end():
            self.look()
            return self.ended

        until(watched_to_its_end, 120.0, "pytest did not end", self.left, self.pidfd, pause=50)
        os.close(self.pidfd)
        return self.process.returncode

    # -- what is left -------------------------------------------------------------------------

    def left(self):
        """Return what of it still runs, as text: what was seen below pytest, or bears its mark."""
        remembered = {process for process in self.seen if _runs(process)}
        return [f"{one.pid} {one}" for one in remembered | self._marked()]

    def _marked(self):
        found = set()
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.token and _runs(process):
                    found.add(process)
            except psutil.Error:
                pass  # gone, somebody else's, or a zombie, which has no environment
        return found

    def _files(self):
        """Return the paths that are its own, wherever a program may leave files."""
        machine = [path for top in ("/tmp", "/var/tmp", "/dev/shm", "/run")
                   for path in _below(Path(top), depth=1)]  # fmt: skip
        checkout = [path for path in _below(ROOT, depth=9) if ".git" not in path.parts]
        return {path for path in (*machine, *checkout, *_below(self.place, depth=9))
                if self._is_own(path)}  # fmt: skip

    def _is_own(self, path):
        # pytest's own, for the temporary directories of its workers, and Python's own
        if str(path).startswith(f"{self.place}/tmp/pytest-of-") or "__pycache__" in path.parts:
            return False
        try:
            status = path.lstat()
        except OSError:
            return False
        return (status.st_uid, status.st_gid) == (os.geteuid(), self.group)

    def assert_nothing_left(self):
        """Processes are given time to end; mounts and files go with them."""
        until(lambda: not self.left(), GONE_WITHIN, "processes are left", self.left)
        assert _mounts() - self.mounts == set()
        assert self._files() - self.files == set()


def _runs(process):
    """Whether a process is more than a zombie, which only its new parent can bury."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _mounts():
    return set(Path("/proc/self/mountinfo").read_text().splitlines())


def _below(directory, depth):
    """Return the paths below a directory, `depth` levels deep; what cannot be read is left out."""
    try:
        entries = list(os.scandir(directory))
    except OSError:
        return []
    found = [Path(entry.path) for entry in entries]
    if depth > 1:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += _below(Path(entry.path), depth - 1)
    return found


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


WAYS = {"alone": (), "workers": ("-n2",), "without namespaces": ("--containment=none",)}


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
    until(lambda: not _runs(server), GONE_WITHIN, "the fork server did not end", lambda: server)
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
    worker = until(lambda: _worker_with(run, number), 60.0, f"a worker with {number} processes",
                   lambda: f"{len(run.look())} processes")  # fmt: skip

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
            is_worker = "sys.stdin.readline" in " ".join(child.cmdline())
            if is_worker and len(below) >= min(number, 4) and len(run.seen) >= number:
                return child
    except psutil.NoSuchProcess:
        pass
    return None


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

    assert any(f"{orphan.pid} " in text for text in run.left())
    assert run._files() - run.files == {stray}
    orphan.kill()
    orphan.wait()
    assert run.left() == []
    run.mounts.pop()
    assert len(_mounts() - run.mounts) == 1
