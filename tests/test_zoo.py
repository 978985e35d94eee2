"""Targets that do harm: each is judged truly or named as the reason, and harms nothing.

Every animal in zoo/ is the reference with one method replaced.  Several share a run; the reference
is judged last in each, and has to conform.
"""

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from daemonspec.world.world import HarnessError
from running import ROOT, Run
from watched import Watched

pytestmark = pytest.mark.long

ZOO = Path(__file__).resolve().parent / "zoo"
REFERENCE = ROOT / "targets/reference/reference.py"
USAGE, FAILS = 4, 1
CLAUSES = ("FDS-1", "STP-1", "TTY-1")
TYPES = Path("/proc/sys/dev/tty/legacy_tiocsti")  # "0": TIOCSTI is refused (ioctl_tty(2))
INJECTS = not TYPES.exists() or TYPES.read_text().strip() == "1"

# What conforms, however odd it is.
HARMLESS = (
    "filters_its_calls",
    "floods_its_terminal",
    "floods_with_lines",
    "has_10000_descriptors",
    "has_a_fifo_for_pidfile",
    "has_an_odd_name",
    "hides_a_child",
    "is_a_chain_of_200",
    "is_a_reaper",
    "is_undumpable",
    "removes_its_directory",
    "replaces_its_directory",
    "shrinks_its_window",
    "spoils_its_terminal",
)

# What comes up and does not conform, and the properties that it fails; it has the others.
FAILING = {
    "crashes_at_sigterm": {"STP-1"},
    "floods_for_ever": {"FDS-1"},  # its streams stay on the terminal
    "ignores_every_signal": {"STP-1"},
    "stops_itself": {"STP-1"},  # who is stopped does not end of SIGTERM
}

EATS = "took [0-9]+ MiB of memory, more than 150 MiB \\(--memory-limit\\)"
BOMB = "it had more than 150 processes and threads \\(--process-limit\\)"
# What does not come up, and what is said of it.
DOWN = {
    "crashes_at_start": "exited with status 139; it said: Segmentation fault",
    "crashes_later": "returned 0 and left no process; process [0-9]+ was killed by SIGSEGV",
    "eats_memory": EATS,
    # Where the machine is slower at reaping than it is at forking, the dead count too.
    "forks_and_exits": f"was not ready (within 3 s|in time)|goes on changing|{BOMB}",
    "is_a_fork_bomb": BOMB,
    "keeps_memory_in_a_memfd": EATS,
    "keeps_memory_in_files": EATS,
    "keeps_memory_in_pipes": EATS,
    "kills_everybody": "the shell that it was typed at was killed by SIGKILL",
    "kills_the_harness": "the shell that it was typed at was killed by SIGKILL",
    "kills_its_ancestors": "the shell that it was typed at was killed by SIGKILL",
    "sends_junk_to_its_judge": "the harness's own (process in the world|fork server) sent what",
    "never_stops_forking": BOMB,
    "stops_at_its_start": "was not ready.*; [0-9]+ \\(.*\\) was stopped by SIGSTOP",
    "stops_everybody": "the shell that it was typed at was stopped by SIGSTOP",
    "stops_its_ancestors": "the shell that it was typed at was stopped by SIGSTOP",
    "stops_its_launcher": "daemon\\.sock was stopped by SIGSTOP",
    "stops_its_shell": "the shell that it was typed at was stopped by SIGSTOP",
    "takes_a_minute": "was not ready (within 3 s|in time)",
    "types_at_its_terminal": "the shell that it was typed at exited with status 7",
}

# Without namespaces a filter refuses kill(-1), the warden is no init that cannot be killed, and
# what is removed is gone.
WITHOUT_NAMESPACES = {
    "keeps_memory_in_files": set(),  # it would be on the machine's disk
    "never_stops_forking": set(),  # nothing would bound it
    "kills_everybody": set(),
    "stops_everybody": set(),
    "kills_its_ancestors": "the harness's own process in the world was killed by signal 9",
    "kills_the_harness": "harness's own (fork server|process in the world) was killed by signal",
    "removes_its_directory": "exited with status 2; it said: .*No such file or directory",
}
# Who may not trace the harness's processes cannot take their sockets.
WITHOUT_ROOT = {"keeps_memory_in_pipes": set(), "sends_junk_to_its_judge": set()}
# Before Linux 6.14 no PID namespace has a number of processes that it can have.
UNBOUNDED = {"never_stops_forking": set()}
BOUNDED = tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 14)
ODD = os.fsdecode(b"a) R 1 (\n\xff")  # a file's name, and so what the kernel calls its process

WAYS, OTHER_WAYS = ("best", "none"), ("user", "partial")  # the others with --whole-matrix
WITHOUT_MOUNTS = ("none", "partial")
# Name of a run: its animals, the properties that they are judged by, its options.
GROUPS = {
    # Megabytes through a terminal take long on a busy machine.
    "harmless": (HARMLESS, ("STP-1", "TTY-1"), ("--time-scale=4",)),
    "altered": (("rebinds_its_keys",), ("INS-1", "PIDF-7"), ()),
    "failing": (tuple(FAILING), CLAUSES, ("--stop-timeout=3",)),
    "down": (
        tuple(DOWN),
        ("TTY-1",),
        ("--start-timeout=3", "--process-limit=150", "--memory-limit=150"),
    ),
}


def pytest_generate_tests(metafunc):
    """Judge the zoo in the best containment and in the weakest, or in all that there are."""
    if "way" in metafunc.fixturenames:
        whole = metafunc.config.getoption("whole_matrix")
        metafunc.parametrize("way", (*WAYS, *OTHER_WAYS) if whole else WAYS)


@pytest.fixture(scope="module")
def visits(containment, tmp_path_factory):
    """A function that returns (containment, Watched, Run) of a way and a group, made once."""
    made = {}

    def visit(way, group):
        wanted = containment if way == "best" else way
        if (wanted, group) not in made:
            made[wanted, group] = _visit(wanted, group, tmp_path_factory.mktemp("visit"))
        return wanted, *made[wanted, group]

    return visit


def _visit(containment, group, place):
    animals, clauses, limits = GROUPS[group]
    # An endless chain keeps all processors busy until a deadline, here as there: once is enough.
    pause = 0.01 if containment in WITHOUT_MOUNTS else 0
    targets = [str(_describe(place, animal, f"ZOO_PAUSE={pause}")) for animal in animals]
    if group == "harmless":
        targets.append(str(_oddly_named(place)))
    options = [f"--target={one}" for one in (*targets, "reference")]
    options += [f"--clause={one}" for one in clauses]
    verdicts = place / "verdicts.json"
    run = Watched(
        place, "-q", f"--containment={containment}", f"--report-json={verdicts}", *limits, *options
    )
    status = run.end()
    document = json.loads(verdicts.read_text())
    verdicts.unlink()  # the run's own, and the one file that is to be left
    return run, Run(status, run.output(), document)


def _describe(place, animal, *environment):
    """Return the description of an animal; the one that removes its directory has one to remove.

    environment: NAME=value of each variable that it has besides.
    """
    program = ZOO / f"{animal}.py"
    if animal == "removes_its_directory":
        (place / "own").mkdir()
        program = Path(shutil.copy(program, place / "own"))
        shutil.copy(REFERENCE, place / "own")
    # So that none does its worst where it would reach the machine.
    machine = f"ZOO_PID_NAMESPACE={os.stat('/proc/self/ns/pid').st_ino}"
    words = " ".join(["/usr/bin/env", machine, *environment, sys.executable, "-I -S", str(program)])
    description = place / f"{animal}.toml"
    description.write_text((ZOO / "target.toml").read_text().replace("{program}", words))
    return description


def _oddly_named(place):
    program = place / ODD
    program.write_text(f"#!{sys.executable} -IS\n{REFERENCE.read_text()}")
    program.chmod(0o755)
    return program


def _expected(animal, containment):
    """Return the set of properties that an animal fails, or what is said of one that is down."""
    own = WITHOUT_NAMESPACES if containment in WITHOUT_MOUNTS else {} if BOUNDED else UNBOUNDED
    if containment not in ("root", "none") or os.geteuid() != 0:
        own = own | WITHOUT_ROOT
    return own[animal] if animal in own else (DOWN | FAILING).get(animal, set())


@pytest.mark.parametrize(
    ("animal", "group"),
    [(animal, group) for group, (animals, *_) in GROUPS.items() for animal in animals],
)
def test_animal(way, animal, group, visits):
    """It is judged truly, or the one line on it says what it did."""
    if animal == "types_at_its_terminal" and not INJECTS:
        pytest.skip("needs a kernel that lets programs type: dev.tty.legacy_tiocsti=1")
    containment, _, run = visits(way, group)
    expected = _expected(animal, containment)
    outcomes = run.outcomes(animal)

    ours = [(one["target"], one["message"]) for one in run.verdicts if "HARNESS" in one["message"]]
    assert (ours, "HARNESS" in run.output) == ([], False)
    if isinstance(expected, str):
        assert set(outcomes.values()) == {"inconclusive"}
        for clause in outcomes:
            assert re.search(expected, run.verdict(clause, animal)["message"])
    else:
        assert outcomes
        assert {clause for clause in outcomes if outcomes[clause] == "fail"} == expected
        assert set(outcomes.values()) <= {"fail", "pass"}


def test_reaper_that_is_exercised(judge, tmp_path):
    """The child that it adopted lives on, and what comes of its work is reaped."""
    description = _describe(tmp_path, "is_a_reaper")
    first, _, rest = description.read_text().partition("pidfile =")
    exercise = 'exercise = "kill -USR1 $(cat {dir}/daemon.pid)"\n'
    description.write_text(f"{first}{exercise}pidfile ={rest}")
    run = judge(f"--target={description}", "--clause=CHD-1", "--clause=CHD-2")

    assert set(run.outcomes("is_a_reaper").values()) == {"pass"}, run.output


def test_odd_file_name(way, visits):
    """A path that looks like a line of /proc/PID/stat, with a line feed and no UTF-8."""
    _, _, run = visits(way, "harmless")

    (name,) = {one["target"] for one in run.verdicts if one["target"].startswith("a) R 1")}
    assert set(run.outcomes(name).values()) == {"pass"}


@pytest.mark.parametrize("group", GROUPS)
def test_next_target_is_judged_truly(way, group, visits):
    """Whatever was before it in the run: the reference has every property."""
    _, _, run = visits(way, group)

    assert run.outcomes("reference") == dict.fromkeys(GROUPS[group][1], "pass")


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_left(way, group, visits):
    """The machine is as before: no process, no mount, no file."""
    visits(way, group)[1].assert_nothing_left()


def test_status_says_what_could_not_be_judged(way, visits):
    """A target that is down makes no run conform, and a failure of another outweighs it."""
    assert visits(way, "down")[2].status == USAGE
    assert visits(way, "failing")[2].status == FAILS


def test_every_animal_is_visited():
    """No program in zoo/ is forgotten, and none that is named is missing."""
    named = {animal for animals, *_ in GROUPS.values() for animal in animals}

    assert named == {path.stem for path in ZOO.glob("*.py")} - {"safety"}


def test_stopped_warden_goes_on(server):
    """Without namespaces a target can stop it: whoever made it lets it go on."""
    with server.world() as world:
        os.kill(world._warden_pid, signal.SIGSTOP)

        assert world.warden.last_pid() > 0


def test_silent_warden_is_given_up(server):
    """Nobody waits for ever for an answer; what was waited for is said."""
    with server.world() as world:
        world._limit = 0.5  # seconds
        world._wire.limit(world._limit)
        os.kill(server._process.pid, signal.SIGSTOP)  # which would let it go on
        os.kill(world._warden_pid, signal.SIGSTOP)
        try:
            with pytest.raises(HarnessError, match=r"the warden did not answer within 0\.5 s"):
                world.warden.last_pid()
        finally:
            os.kill(server._process.pid, signal.SIGCONT)
