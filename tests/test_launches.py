"""Terminals and launches: what is handed over, what comes back, who is hung up."""

import os
import re
import signal
from types import SimpleNamespace

import pytest

from daemonspec import model
from daemonspec.control import Control
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.model import Target
from daemonspec.start import NotStarted, Start
from daemonspec.subjects import Daemon
from daemonspec.targets import embedded
from daemonspec.world import bait, probes, processes
from daemonspec.world.launch import Inherited, Launch, proof_of_arrival
from daemonspec.world.terminal import Dialogue, ShellGone, Terminal
from inside import PYTHON, SOON, changes, running, spawn

NUMBERS = (3, 4, 5, 7, 10, 63, 254, 256, 300, 301, 302, 303)

# Leaves a process behind that is in a session of its own before its parent ends, so that it
# survives as the terminal's own command too; it closes nothing.
DETACHES = """\
import os
told, tell = os.pipe()
if os.fork():
    os.read(told, 1)
    os._exit(0)
os.setsid()
os.write(tell, b".")
os.execv("/bin/sleep", ["sleep", "infinity"])
"""


def _start(line, shape, inherited):
    words = [*PYTHON, DETACHES]
    if shape == "leader":
        return line.start_as_leader(words, inherited, SOON)
    if shape == "bare":
        return line.start_bare(words, inherited, SOON)
    if shape == "script":
        return line.start_in_script(words, inherited, seconds=SOON)[0]
    return line.start(words, inherited, seconds=SOON)


@pytest.mark.parametrize("umask", [0o015, 0o053])
@pytest.mark.parametrize("shape", ["shell", "script", "leader", "bare"])
def test_inherited_state_arrives(line, shape, umask):
    """Every descriptor at its number, and the umask, as /proc sees them in the program."""
    left = tuple(zip(NUMBERS, ["pipe", "lock", "file", "terminal"] * 3, strict=True))
    launch = _start(line, shape, Inherited(umask=umask, descriptors=left))

    assert launch.status == 0, launch.said
    assert proof_of_arrival(launch) == ""
    line.world.rest(SOON)
    (left,) = running(line.world, "sleep infinity")
    assert left.status.umask == umask
    identities = {one.number: one.identity for one in launch.baits}
    assert identities.keys() == set(NUMBERS)
    for number, identity in identities.items():
        assert left.descriptor(number).file.identity == identity, f"descriptor {number}"
    assert {one.number for one in left.descriptors} >= {0, 1, 2}

    held = {one.number: one.held() for one in launch.baits if one.kind != "file"}
    assert set(held.values()) == {True}, held
    if shape == "script":
        return  # the script goes on, and holds them itself
    line.world.signal(left.pid, signal.SIGKILL)
    line.world.wait_for(lambda: line.world.ended(left.pid), SOON, "sleep did not end")
    held = {one.number: one.held() for one in launch.baits if one.kind != "file"}
    assert set(held.values()) == {False}, held


def _launch(arrived, **inherited):
    launch = Launch(
        "x", "shell", Inherited(**inherited), "/", {}, baits=[bait.Pipe(3), bait.Pipe(300)]
    )
    for one, identity in zip(launch.baits, [(9, 1), (9, 2)], strict=True):
        os.close(one.gift)
        one.close()
        one.gift, one.identity = None, identity
    launch.arrived = arrived
    return launch


WHOLE = {"descriptors": [[3, 9, 1], [300, 9, 2]], "umask": 0o015, "ignored": "1", "blocked": "0"}
UNPROVEN = {
    "nothing": ({}, ["could not be put in force"]),
    "descriptor": ({"descriptors": [[3, 9, 1]]}, ["descriptor 300 was not handed over"]),
    "another": (
        {"descriptors": [[3, 9, 7], [300, 9, 2]]},
        ["descriptor 3 was not handed over"],
    ),
    "both": ({"descriptors": []}, ["descriptor 3 was", "descriptor 300 was"]),
    "umask": ({"umask": 0o022}, ["umask handed over was 18"]),
    "signal": ({"ignored": "0"}, ["not every signal was ignored"]),
}


def test_proof_of_what_arrived():
    """All there: nothing is missing."""
    assert proof_of_arrival(_launch(WHOLE, umask=0o015, ignored=("SIGHUP",))) == ""


@pytest.mark.parametrize("case", UNPROVEN)
def test_proof_names_what_did_not_arrive(case):
    """State that never arrived would make every conformance to it an empty one."""
    changed, missing = UNPROVEN[case]
    arrived = {**WHOLE, **changed} if changed else {}

    said = proof_of_arrival(_launch(arrived, umask=0o015, ignored=("SIGHUP",)))

    assert all(text in said for text in missing), said
    assert said.count("; ") == len(missing) - 1, said


def test_inherited_state_out_of_reach(line):
    """What cannot be handed over, a number above the hard limit, is said and proves nothing."""
    launch = line.start(["/bin/true"], Inherited(descriptors=((1 << 30, "pipe"),)), seconds=SOON)

    assert "could not be put in force" in proof_of_arrival(launch)
    assert launch.failure


def test_closing_a_terminal_hangs_its_session_up(world):
    """SIGHUP comes from the kernel, as soon as nobody holds the master any more."""
    terminal = Terminal(world)
    pid = spawn(world, "/bin/sleep", "infinity", terminal=terminal.path)
    assert (terminal.session(), terminal.foreground()) == (pid, pid)
    (found,) = processes.look(world, [pid])
    assert found.stat.tty_nr == terminal.rdev

    terminal.close()

    world.wait_for(lambda: world.ended(pid), SOON, "it outlived its terminal")
    assert changes(world, pid) == [("killed", signal.SIGHUP)]


def test_line_hangs_up(line):
    """The shell passes SIGHUP on to its jobs, and is the witness that it came."""
    line.start(["/bin/sleep", "infinity"], background=True)
    (job,) = running(line.world, "/bin/sleep infinity")

    end = line.hang_up()

    assert end.died_of("SIGHUP")
    line.world.wait_for(lambda: not running(line.world, "/bin/sleep infinity"), SOON, "still there")
    assert job.stat.session == end.pid


def test_flooded_terminal_does_not_hang_the_launch(line):
    """A terminal that nobody reads stops its writers: all that is shown is read, the end kept."""
    count = 1_000_000
    flood = f"head -c {count} /dev/zero | tr '\\0' x; exit 3"
    before = line.terminal.mark

    launch = line.start(["/bin/sh", "-c", flood], seconds=60)

    assert launch.status == 3, launch.said[-200:]
    assert launch.said.endswith("x" * 10_000)
    assert line.terminal.mark - before >= count


def test_shell_that_is_stopped_between_two_looks_is_named(line):
    """All sleep because it was stopped: that is said, and not that no prompt came."""
    line.start(["/bin/true"])
    shell, world = line.shell, line.world

    def is_stopped(seconds):
        world.signal(shell.pid, signal.SIGSTOP)
        world.wait_for(lambda: world.last_change(shell.pid), SOON, "it was not stopped")
        return True

    shell.type_line("sleep infinity")
    with pytest.raises(ShellGone, match="stopped by SIGSTOP"):
        shell.wait_for_prompt(SOON, is_stopped)


def test_prompt_that_comes_between_two_looks_is_seen(line):
    """Its launcher stops: the shell has shown its prompt and sleeps before the next look."""
    line.start(["/bin/true"])
    shell, world = line.shell, line.world

    def stops(seconds):
        (sleeper,) = running(world, "sleep infinity")
        world.signal(sleeper.pid, signal.SIGSTOP)
        while not world.sleeps_on(0):
            pass
        return True

    shell.type_line("sleep infinity")
    world.wait_for(lambda: running(world, "sleep infinity"), SOON, "it did not start")

    status, _ = shell.wait_for_prompt(SOON, stops)
    assert status == 128 + signal.SIGSTOP


def test_prompt_that_comes_after_its_deadline_is_heard(line):
    """A launcher that was given up as one that stays, and stops then: its shell says of what."""
    launch = line.start(["/bin/sleep", "infinity"], seconds=0.01)
    assert (launch.status, line.late_status(launch)) == (None, None)

    line.world.signal(launch.pid, signal.SIGSTOP)
    line.world.wait_for(lambda: line.late_status(launch), SOON, "its shell said nothing")

    assert launch.status == 128 + signal.SIGSTOP


def test_shell_says_what_stopped_its_own_child_alone(line):
    """Of others, whose parent is none of ours, nobody says it."""
    words = ["/bin/sh", "-c", "sleep infinity & kill -STOP $!; kill -STOP $$"]
    launch = line.start(words, seconds=SOON)
    start = Start(line, None, launch, None)

    def both():
        found = [one for one in processes.look(line.world) if one.stopped]
        return found if len(found) == 2 else None

    stopped = line.world.poll_for(both, SOON, "not both were stopped")
    told = {one.pid == launch.pid: start.stop_of(one) for one in stopped}
    assert told == {True: "was stopped by SIGSTOP", False: "is stopped (state T)"}


@pytest.fixture
def laboratory(containment):
    """A laboratory as a run has one."""
    made = Laboratory(Settings(containment, start_timeout=60))
    yield made
    made.close()


@pytest.mark.parametrize("before", [0, 500, 505, 1020, 3000])
@pytest.mark.parametrize("after", [0, 300, 505, 5000])
def test_prompt_is_found_wherever_it_is_shown(before, after):
    """As of icecast2, which goes on to write to the terminal: all of it may come in one piece."""
    shown = b"b" * before + b"[token 3] " + b"a" * after
    terminal = SimpleNamespace(mark=len(shown), bytes_since=lambda mark: shown[mark:])
    dialogue = Dialogue(terminal, lambda is_first: False)

    dialogue.expect(re.compile(rb"\[token (\d+)\] "), timeout=SOON)

    assert dialogue.match.group(1) == b"3"
    assert dialogue.before == b"b" * before


def test_reference_is_up_as_the_terminals_own_command(laboratory):
    """`ssh -t host daemon`: the exit of the leader hangs the terminal up, and it survives."""
    target = embedded.load("reference")
    line = laboratory.line(target)

    start = laboratory.start(line, target, shape="leader")

    assert start.launch.status == 0, start.launch.said
    daemon = Daemon(start)
    assert daemon.serves, daemon.last_seen
    assert daemon.process().stat.session not in (start.launch.pid, start.launch.stand_in)


def test_control_beside_a_start_is_no_process_of_the_target(laboratory, tmp_path):
    """A target that leaves nothing has not started, whatever else is on its line."""
    target = Target("true", ("/bin/true",), tmp_path)
    line = laboratory.line(target)
    plain = Control(line)

    with pytest.raises(NotStarted, match="left no process"):
        laboratory.start(line, target, beside=[plain.pid])


def test_background_job_dies_with_its_leader(line):
    """What only `&` put into the background is in the foreground group of the terminal: SIGHUP."""
    launch = line.start_as_leader(["/bin/sh", "-c", "sleep infinity & exit 0"], seconds=SOON)

    assert launch.status == 0
    ends = line.world.wait_for(
        lambda: [one for one in line.world.events if one.kind == "killed"], SOON, "nobody died",
        lambda: str(line.world.events),
    )  # fmt: skip
    assert [one.details[1] for one in ends] == [signal.SIGHUP]
    line.world.rest(SOON)
    assert processes.look(line.world) == []


@pytest.mark.parametrize(
    ("command", "status"), [("exit 7", 7), ("exit 0", 0), ("kill -TERM $$", 143), ("kill $$", 143)]
)
@pytest.mark.parametrize("shape", ["shell", "script", "leader", "bare"])
def test_status_of_the_launcher(line, shape, command, status):
    """As a shell says it, in every shape."""
    words = ["/bin/sh", "-c", command]
    if shape == "leader":
        launch = line.start_as_leader(words, seconds=SOON)
    elif shape == "bare":
        launch = line.start_bare(words, seconds=SOON)
    elif shape == "script":
        launch, _ = line.start_in_script(words, seconds=SOON)
    else:
        launch = line.start(words, seconds=SOON)

    assert (launch.status, launch.shape) == (status, shape)


FULL_QUEUE = """
import socket, sys, time
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen(0)
time.sleep(0.5)
kept = [listener.accept() for _ in range(2)]
time.sleep(60)
"""


def test_full_queue_is_waited_for(world):
    """A client that blocks waits for room; EAGAIN would make a daemon deaf for our own clients."""
    path = f"{world.paths.state}/queue"
    spawn(world, *PYTHON, FULL_QUEUE, path)
    there = model.Probe("unix", path)
    world.poll_for(lambda: probes.reaches(world, there)[0], SOON, "it does not listen")

    with probes.connect(world, "unix", path):
        pass
