"""Starts that are played call by call: the same story always, and stimuli that do what they say."""

import errno
import itertools
import os
import shutil
import signal
import struct
import subprocess
import sys
from dataclasses import replace

import pytest

from daemonspec import layout, storyline
from daemonspec.inside import patience
from daemonspec.kernel import seccomp
from daemonspec.targets import embedded
from daemonspec.world.conducted import EVERYTHING, LIFE, CannotConduct, Conducted
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.launch import Line
from daemonspec.world.probes import substitute
from daemonspec.world.told import Told
from daemonspec.world.world import Refused
from inside import ENVIRONMENT, PYTHON, SOON
from running import ROOT, surroundings

SHAPES = ("leader", "shell", "bare")
TIMES = 10
SPIN = (sys.executable, "-I", "-S", "-c", "while True: pass")


@pytest.fixture
def played(server, tmp_path):
    """A function that starts a command in a world of its own and plays it; returns the Played."""

    def play(words, shape, names=LIFE, seconds=SOON, **how):
        with server.world(keep=[str(tmp_path), *{os.path.dirname(word) for word in words}]) as made:
            line = Line(made, ENVIRONMENT, str(tmp_path), lambda kind: None)
            try:
                words = [substitute(made, word) for word in words]
                return Conducted(line, words, shape, names).play(seconds, **how)
            except CannotConduct as why:
                pytest.skip(str(why))
            finally:
                line.close()

    return play


@pytest.fixture
def busy():
    """Two processes that compute all the time."""
    made = [subprocess.Popen(SPIN) for _ in range(2)]
    yield
    for one in made:
        one.kill()
        one.wait()


# -- the story --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["reference-c", "article", "daemon3"])
def test_story_is_the_same_beside_busy_processes(name, shape, played, compiler, busy):
    """However the scheduler has it, the same calls come in the same order."""
    words = embedded.load(name).start

    stories = [played(words, shape, EVERYTHING, tell=True) for _ in range(TIMES)]

    told = {tuple((call.place, call.name) for call in one.calls) for one in stories}
    assert [one.unruly for one in stories] == [""] * TIMES
    assert len(told) == 1
    assert {name for _, name in told.pop()} >= {"execve", "setsid"}


def test_first_story_of_a_control_is_as_the_second(tmp_path, monkeypatch):
    """Where the files are the machine's, a control writes none that the next start finds."""
    ours = tmp_path / "targets"
    shutil.copytree(layout.TARGETS, ours, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(layout, "TARGETS", ours)
    target = embedded.load("does-not-mind-a-failing-fork")
    try:
        server = ForkServer("none")
    except Refused as why:
        pytest.skip(f"no world can be made here: {why}")
    stories = []
    try:
        for _ in range(2):
            with server.world() as made:
                line = Line(made, ENVIRONMENT, str(tmp_path), lambda kind: None)
                words = [substitute(made, word) for word in target.start]
                played = Conducted(line, words, "bare", EVERYTHING).play(SOON, tell=True)
                stories.append([call.name for call in played.calls])
                line.close()
    except CannotConduct as why:
        pytest.skip(str(why))
    finally:
        server.close()

    assert stories[0] == stories[1]


def test_launcher_goes_first_where_it_is_asked_to(played, compiler):
    """The other order: who leaves does not wait for its child's setsid()."""
    words = embedded.load("daemon3").start

    last = [call.name for call in played(words, "bare", tell=True).calls]
    first = [call.name for call in played(words, "bare", first="launcher", tell=True).calls]

    assert last.index("exit_group") > last.index("setsid")
    assert first.index("exit_group") < first.index("setsid")


# A launcher that does not end: (what it does, seconds that it gets, whether it is stuck for good).
_NEVER_ENDS = {
    "waits for nobody": ("signal.pause()", SOON, True),
    "sleeps by a timer for longer than it has": ("time.sleep(3600)", SOON, True),
    "has not come to its end": ("[os.fork() and os.wait() for _ in range(10_000)]", 0.5, False),
    "computes": ("[0 for _ in iter(int, 1)]", 0.5, False),
    "sleeps when its time is nearly over": (
        "began = time.monotonic()\n"
        "while time.monotonic() - began < 0.8: os.fork() and os.wait() or os._exit(0)\n"
        "time.sleep(0.3)",
        1.0,
        False,
    ),
}


@pytest.mark.parametrize("case", _NEVER_ENDS)
def test_launcher_is_stuck_where_nothing_can_move_it(case, played, server):
    """A deadline alone says that the machine is slow, or the start long: it decides nothing."""
    what, seconds, is_stuck = _NEVER_ENDS[case]
    if is_stuck and not (server.containment.mounts and server.containment.network):
        pytest.skip("somebody outside could still end its wait: containment root or user")

    seen = played([*PYTHON, f"import os, signal, time\n{what}"], "bare", seconds=seconds)

    assert (seen.status, seen.stuck) == (None, is_stuck)


_GOES_ON = """\
import os, signal
if os.fork():
    os._exit(0)
os.setsid()
null = os.open("/dev/null", os.O_RDWR)
for number in {streams}:
    os.dup2(null, number)
for _ in range(20):
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
"""


@pytest.mark.parametrize(
    ("streams", "terminal", "seen"),
    [((0, 1, 2), True, False), ((0, 1, 2), False, True), ((0, 1), True, True)],
    ids=["out of reach", "everything is asked for", "has it open"],
)
@pytest.mark.parametrize("shape", ["leader", "shell"])
def test_story_ends_where_the_terminal_reaches_nobody(shape, streams, terminal, seen, played):
    """A launcher within exit() does not wait for those whom it cannot hurt."""
    text = _GOES_ON.format(streams=streams)

    story = played(_command(text), shape, tell=True, terminal=terminal)

    told = [call.name for call in story.calls if call.place == 1]
    assert os.waitstatus_to_exitcode(story.status) == 0
    duplicated = told.count("dup2") + told.count("dup3")  # aarch64 has dup3() alone
    assert duplicated == len(streams)
    assert ("rt_sigaction" in told) == seen


# -- what is told of it -----------------------------------------------------------------------


def _told(name, *arguments, place=0, texts=(), memory=(), files=()):
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    return Told(place, None, name, 7, padded, dict(texts), dict(memory), dict(files), 0.0)


_HUP_AND_TERM = ((1 << 0) | (1 << 14)).to_bytes(8, "little")
_UNIX = struct.pack("=H", 1) + b"/run/d.sock\0"
_INET = struct.pack("=H", 2) + struct.pack("!H", 80) + bytes([127, 0, 0, 1]) + bytes(8)
_HANDLER = (0x5555).to_bytes(8, "little")
_MINUS_1 = (1 << 64) - 1
TEXTS = [
    (_told("setsid"), "setsid"),
    (_told("fork"), "fork"),
    (_told("openat", 0, 0, os.O_RDWR, texts={1: b"/dev/null"}), "openat /dev/null O_RDWR"),
    (
        _told("openat", 0, 0, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, texts={1: b"/run/pid"}),
        "openat /run/pid O_WRONLY|O_CREAT|O_EXCL 0644",
    ),
    (_told("open", 0, os.O_RDONLY, texts={0: b"/a\nb"}), "open /a\\nb O_RDONLY"),
    (_told("rt_sigaction", 1, 9, memory={1: bytes(8)}), "rt_sigaction SIGHUP to its default"),
    (
        _told("rt_sigaction", 1, 9, memory={1: (1).to_bytes(8, "little")}),
        "rt_sigaction SIGHUP ignored",
    ),
    (_told("rt_sigaction", 15, 9, memory={1: _HANDLER}), "rt_sigaction SIGTERM to a handler"),
    (
        _told("rt_sigprocmask", 0, 9, memory={1: _HUP_AND_TERM}),
        "rt_sigprocmask block SIGHUP, SIGTERM",
    ),
    (_told("rt_sigprocmask", 2, 9, memory={1: bytes(8)}), "rt_sigprocmask set nothing"),
    (_told("dup2", 5, 1, files={0: "/dev/null"}), "dup2 /dev/null to 1"),
    (_told("dup2", 5, 1), "dup2 5 to 1"),
    (_told("bind", 3, 9, 14, memory={1: _UNIX}), "bind /run/d.sock"),
    (_told("bind", 3, 9, 16, memory={1: _INET}), "bind 127.0.0.1 port 80"),
    (_told("bind", 3, 9, 2, memory={1: b"\x63\0"}), "bind family 99"),
    (_told("kill", _MINUS_1, 15), "kill -1 SIGTERM"),
    (_told("exit_group", 1), "exit_group 1"),
    (_told("umask", 0o27), "umask 0027"),
    (_told("prctl", 1, 9), "prctl PR_SET_PDEATHSIG SIGKILL"),
    (_told("write", 2, 9, 3, memory={1: b"no\n"}), "write 2 'no'"),
    (_told("writev", 1, 9, 2, memory={1: b"no\n"}), "writev 1 'no'"),
    (_told("clone", 0x10000), "clone a thread"),
    (_told("chdir", texts={0: b"/"}), "chdir /"),
    (_told("chdir"), "chdir 0, 0"),  # memory that could not be read
]


@pytest.mark.parametrize(("call", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_call_as_text(call, text):
    """What strace would show, without what nobody needs."""
    assert str(call) == text


_IGNORED = {1: (1).to_bytes(8, "little")}
STEPS = [
    (_told("fork"), "launcher", 0, (5, 2)),
    (_told("fork"), "first child", 1, (7, 4)),
    (_told("fork"), "daemon", 2, (None, None)),  # its workers are nobody's step
    (_told("clone", 0x10000), "launcher", 0, (None, None)),  # a thread is no fork
    (_told("setsid"), "first child", 1, (6, 3)),
    (_told("exit_group"), "first child", 2, (8, 4)),
    (_told("exit_group"), "launcher", 2, (15, 2)),
    (_told("exit_group"), "process 4", 2, (None, None)),
    (_told("rt_sigaction", 1, 9, memory=_IGNORED), "launcher", 0, (None, 1)),
    (_told("rt_sigaction", 17, 9, memory=_IGNORED), "daemon", 2, (None, 8)),
    (_told("rt_sigaction", 1, 9, memory={1: bytes(8)}), "launcher", 0, (2, None)),
    (_told("rt_sigprocmask", 2, 9), "launcher", 0, (3, None)),
    (_told("rt_sigprocmask", 0, 9), "launcher", 0, (None, None)),
    (_told("close_range", 3), "launcher", 0, (1, 5)),
    (_told("close", 2), "daemon", 2, (None, None)),
    (_told("dup2", 3, 0, files={0: "/dev/null"}), "daemon", 2, (9, None)),
    (_told("dup2", 3, 0, files={0: "/var/log/x"}), "daemon", 2, (None, None)),
    (_told("umask"), "daemon", 2, (10, 7)),
    (_told("chdir", texts={0: b"/"}), "daemon", 2, (11, 6)),
    (_told("openat", 0, 0, os.O_CREAT | 1, texts={1: b"/p"}), "daemon", 2, (12, None)),
    (_told("openat", 0, 0, os.O_RDONLY, texts={1: b"/p"}), "daemon", 2, (None, None)),
    (_told("setuid", 33), "daemon", 2, (13, None)),
    (_told("setsid"), "worker", 2, (None, None)),
]


@pytest.mark.parametrize(("call", "who", "forks", "found"), STEPS)
def test_steps_of_daemon_7_and_rules_of_the_article(call, who, forks, found):
    """Which call is which step depends on who makes it."""
    assert storyline.steps(call, who, forks, "/p") == found


def test_roles():
    """Everybody is named by his place on the way from the launcher to the daemon."""
    parents = {1: 0, 2: 1, 3: 2, 4: 1}

    assert storyline.roles(parents, 2) == {
        0: "launcher", 1: "first child", 2: "daemon", 3: "worker", 4: "process 4",
    }  # fmt: skip
    assert storyline.roles({}, 0) == {0: "launcher"}


# -- daemonspec trace -------------------------------------------------------------------------


def _trace(*words):
    command = [sys.executable, "-m", "daemonspec.cli", "trace", *words]
    environment = surroundings(PYTHONPATH=str(ROOT / "fixtures"))
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT
    )


def test_trace_names_the_steps(containment, compiler):
    """All of them but the one that the reference has no need of."""
    done = _trace("reference-c", f"--containment={containment}")

    assert done.returncode == 0, done.stderr
    marks = {int(word) for word in _marks(done.stdout)}
    assert marks == {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15} - _unneeded(done.stdout)
    assert "exited with status 0" in done.stdout


def _marks(text):
    lines = [line.partition("<-")[2] for line in text.splitlines() if "<-" in line]
    found = [mark.split() for line in lines for mark in line.split(",")]
    return [number for kind, number in found if kind == "step"]


def _unneeded(text):
    """Step 2 where no signal was inherited that is to be reset."""
    return {2} if "\n  2  reset all signals" in text else set()


def test_trace_claims_neither_a_helpers_birth_nor_a_threads_end():
    """Steps are of those alone who lead to the daemon: the first fork's child made no call."""
    story = [
        _told("fork"),
        _told("fork"),
        replace(_told("exit"), tid=9),
        replace(_told("fork", place=1), parent=0, birth=2),
        replace(_told("umask", place=2), parent=1, birth=4),
    ]

    lines = storyline.tell(story, main=2)

    marks = [line.partition("   <- ")[2] for line in lines[: len(story)]]
    assert marks == ["", "step 5, rule 2", "", "step 7, rule 4", "step 10, rule 7"]
    assert " makes the first child" in lines[1]


def test_trace_of_an_unknown_target(containment):
    """Usage: the same status as everywhere."""
    done = _trace("/there/is/no-such-program")

    assert done.returncode == 4
    assert "no-such-program" in done.stderr
    assert "Traceback" not in done.stderr


# -- the stimuli ------------------------------------------------------------------------------

# Its first call that counts is the one at which it is disturbed; without that it says 7.
_PLAIN = "import os, sys, signal; os.umask(0); sys.stdout.write('after'); os._exit(7)"


def _command(text):
    return [*PYTHON, text]


def _at(story, wanted):
    """Return (place, number among the calls of its process) of the last call that is wanted."""
    last = max(at for at, call in enumerate(story.calls) if wanted(call))
    place = story.calls[last].place
    return place, sum(call.place == place for call in story.calls[: last + 1])


@pytest.fixture
def disturbed(played):
    """A function that plays a Python text and does something at its last call of a name."""

    def disturb(text, shape, do, name="umask"):
        story = played(_command(text), shape, EVERYTHING, tell=True)
        assert not story.unruly
        at = _at(story, lambda call: call.name == name)
        found = played(_command(text), shape, EVERYTHING, at=at, do=do)
        assert found.point == (at[0], name)
        return found

    return disturb


def test_undisturbed(played):
    """What the others differ from."""
    assert os.waitstatus_to_exitcode(played(_command(_PLAIN), "leader").status) == 7


@pytest.mark.parametrize("shape", ["leader", "shell"])
def test_hangup_kills_who_does_not_mind_it(shape, disturbed):
    """SIGHUP comes from the kernel to a session leader, and from the shell to its job."""
    found = disturbed(_PLAIN, shape, ("hang up", None))

    assert os.waitstatus_to_exitcode(found.status) == -signal.SIGHUP


@pytest.mark.parametrize(("key", "number"), [("^C", signal.SIGINT), ("^\\", signal.SIGQUIT)])
@pytest.mark.parametrize("shape", ["leader", "shell"])
def test_key_kills(key, number, shape, disturbed):
    """Python has a handler for SIGINT: the program takes the default back first."""
    text = f"import signal; signal.signal({int(number)}, signal.SIG_DFL); {_PLAIN}"

    found = disturbed(text, shape, ("type", key))

    assert os.waitstatus_to_exitcode(found.status) == -number


def test_key_stops_and_fg_continues(disturbed):
    """The program is told of the continuation, and goes on to its end."""
    said = "signal.signal(signal.SIGCONT, lambda *_: os.write(1, b'continued '))"
    found = disturbed(f"import os, signal; {said}; {_PLAIN}", "shell", ("type", "^Z"))

    assert os.waitstatus_to_exitcode(found.status) == 7
    assert "continued" in found.said


def test_key_where_the_terminal_makes_no_signal(disturbed):
    """It is input then, and nobody is killed."""
    raw = "import tty; tty.setraw(0)"

    found = disturbed(f"{raw}; {_PLAIN}", "shell", ("type", "^C"))

    assert os.waitstatus_to_exitcode(found.status) == 7
    assert not found.unruly


_OPENS_TWICE = """\
import os
for _ in range(2):
    try:
        os.open("/dev/null", os.O_RDONLY)
        print("opened", flush=True)
    except OSError as why:
        print("errno", why.errno, flush=True)
"""


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES, errno.ENOENT])
def test_call_fails_with_the_errno(number, played):
    """The caller sees the very errno, once."""
    story = played(_command(_OPENS_TWICE), "shell", EVERYTHING, tell=True)
    last = _at(story, lambda call: call.texts.get(1) == b"/dev/null")

    found = played(_command(_OPENS_TWICE), "shell", EVERYTHING, at=last, do=("fail", int(number)))

    assert found.said.split() == ["opened", "errno", str(int(number))]


def test_signal_makes_no_call_forgotten(monkeypatch):
    """The kernel interrupts who asks whether a call waits: the question is put again."""
    answers = [InterruptedError(), InterruptedError(), None, FileNotFoundError()]

    def ioctl(*_):
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    monkeypatch.setattr(seccomp.fcntl, "ioctl", ioctl)
    listener = seccomp.Listener(os.open("/dev/null", os.O_RDONLY))
    call = seccomp.Call(bytes(seccomp._REQUEST.size))

    assert listener.holds(call)
    assert not listener.holds(call)
    os.close(listener.fd)


class _NeverAtRest:
    """Stands in for a world's Rest."""

    def __init__(self):
        self.asked = []

    def wait(self, seconds):
        self.asked.append(seconds)
        return False, "busy"


@pytest.mark.parametrize(("scale", "waits"), [(1.0, 1), (20.0, 3)])
def test_slow_machine_is_waited_for_longer(scale, waits, monkeypatch):
    """--time-scale: on an emulated machine Python computes for seconds between two calls."""
    computed = itertools.count(5.0, 5.0)
    monkeypatch.setattr(patience.rest, "processor_seconds", lambda census: next(computed))
    world = _NeverAtRest()
    ours = patience.Patience(None, world)
    ours.scale = scale

    assert ours.rest(lambda: len(world.asked) == 3) == "busy"
    assert world.asked == [2.0 * scale] * waits
