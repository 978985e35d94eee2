"""A run whose every process, file and mount is known to be its own, to see what is left of it."""

import os
import secrets
from pathlib import Path

import psutil

from running import LONGEST, ROOT, ChildRun, surroundings, until

MARK = "DAEMONSPEC_SELF_TEST"  # in the environment of a run, and so of everything that it starts
# Both have a worker; one stays with its terminal, the other outlives its stop.
OPTIONS = (
    "--target=never-calls-setsid", "--target=ignores-sigterm", "--stop-timeout=1",
    "--clause=TTY-1", "--clause=TTY-5", "--clause=STP-1", "--clause=TTY-7", "--clause=TTY-12",
)  # fmt: skip
ONE_THAT_CONFORMS = ("--target=reference", "--clause=TTY", "--clause=STP", "--clause=SIG-2")
GONE_WITHIN = 60.0  # a kernel that is busy with others takes its time


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
        self.mounts = mounts()
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
            LONGEST,
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

        until(watched_to_its_end, LONGEST, "pytest did not end", self.left, self.pidfd, pause=50)
        os.close(self.pidfd)
        return self.process.returncode

    # -- what is left -------------------------------------------------------------------------

    def left(self):
        """Return what of it still runs, as text: what was seen below pytest, or bears its mark."""
        remembered = {process for process in self.seen if runs(process)}
        return [f"{one.pid} {one}" for one in remembered | self._marked()]

    def _marked(self):
        found = set()
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.token and runs(process):
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
        # An ordinary user's other runs at this time; what this one makes so is below its TMPDIR.
        if os.geteuid() != 0 and str(path).startswith("/tmp/daemonspec-"):
            return False
        try:
            status = path.lstat()
        except OSError:
            return False
        return (status.st_uid, status.st_gid) == (os.geteuid(), self.group)

    def assert_nothing_left(self):
        """Processes are given time to end; mounts and files go with them."""
        until(lambda: not self.left(), GONE_WITHIN, "processes are left", self.left)
        left = sorted(map(str, (mounts() - self.mounts) | (self._files() - self.files)))
        assert not left, f"left: {', '.join(left)}"


def runs(process):
    """Whether a process is more than a zombie, which only its new parent can bury."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def mounts():
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


WAYS = {"alone": (), "workers": ("-n2",), "without namespaces": ("--containment=none",)}


def is_worker(process):
    """Whether it is a worker of xdist."""
    return "sys.stdin.readline" in " ".join(process.cmdline())
