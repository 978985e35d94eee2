"""Daemons whose start is odd: judged truly, or UNSUPPORTED with the reason, and never for ever.

Every program in attacked/ conforms but for its oddity.  All but those of JUDGED share a run, which
is the proof that none of them takes for ever.
"""

import ctypes
import errno
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from daemonspec import verdicts
from daemonspec.attack import undecidable
from daemonspec.world.conducted import EVERYTHING, CannotConduct, Conducted
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.launch import Line
from daemonspec.world.told import Told
from daemonspec.world.world import Refused
from inside import ENVIRONMENT

ATTACKED = Path(__file__).resolve().parent / "attacked"
HANGUP, FAULT = "STA-7", "STA-8"
POINTS = 3  # of each sweep

# What conforms: nothing of its oddity is in the way.
CONFORMING = (
    "execs_another",
    "filters_its_calls",
    "has_threads",
    "is_a_script",
    "is_set_uid",
    "listens_at_a_port_by_chance",
    "uses_clone3",
    "uses_vfork",
)
# What cannot be decided: {program: (clause: (outcome, what is said of it))}.
_NO_ORDER = "its calls cannot be put in order: "
UNDECIDABLE = {
    "calls_32_bit": {
        one: ("unsupported", "it makes 32-bit \\(compat\\) system calls") for one in (HANGUP, FAULT)
    },
    "goes_another_way_each_time": {
        FAULT: (
            "inconclusive",
            "points were not reached in 3 starts|no start went as the one before",
        )
    },
    "has_a_listener": {
        one: ("unsupported", "SECCOMP_FILTER_FLAG_NEW_LISTENER") for one in (HANGUP, FAULT)
    },
    "makes_100000_calls": {
        one: ("unsupported", f"{_NO_ORDER}more than 5000 calls") for one in (HANGUP, FAULT)
    },
    "spins": {one: ("inconclusive", "did not return within 15 s") for one in (HANGUP, FAULT)},
    "spins_when_it_is_up": {
        one: ("unsupported", f"{_NO_ORDER}it does not come to rest: .* in state R")
        for one in (HANGUP, FAULT)
    },
    "uses_io_uring": {HANGUP: ("pass", ""), FAULT: ("unsupported", "io_uring")},
}
CLONE3, _CLONE3 = {"uses_clone3", "is_set_uid"}, 435  # everywhere (asm-generic/unistd.h)
# Its machine decides in which order its threads go: where that is found out it is said.
BY_CHANCE = ("starts_a_jvm",)
# What other properties say of it: {program: {clause: (outcome, what is said or seen)}}.
JUDGED = {
    "comes_up_at_times": {
        HANGUP: ("inconclusive", "nothing was tried: undisturbed, .* exited with status 1")
    },
    "does_without_its_socket": {
        FAULT: ("fail", "listens on /run/does_without_its_socket(?s:.*)listens on port 1235")
    },
    "leaves_a_helper": {"STA-12": ("advice", r"waiting for leftovers of \d+ starts")},
    "repeats_half_a_line": {"STA-4": ("advice", r"'starting \.\.\.' by the daemon .* launcher")},
    "repeats_in_its_workers": {"STA-4": ("pass", "")},
    "says_0_when_another_runs": {FAULT: ("pass", "")},
    "serves_beside_a_helper": {FAULT: ("fail", "no process listens on port 1234")},
    "writes_a_pidfile": {"STA-12": ("pass", "")},
    "writes_a_pidfile_late": {"PIDF-1": ("advice", "was not there")},
}
# Where nothing is hidden from the machine one start finds what the one before it wrote.
_WITH_A_PIDFILE = """
start = "{program} {place}/pidfile"
pidfile = "{place}/pidfile"
"""


@pytest.fixture(scope="module")
def programs(compiler, tmp_path_factory):
    """{name: path} of every program."""
    place = tmp_path_factory.mktemp("attacked")
    place.chmod(0o755)
    made = {path.stem: path for path in ATTACKED.glob("*.sh")}
    for source in ATTACKED.glob("*.c"):
        made[source.stem] = place / source.stem
        words = [compiler, "-std=gnu11", "-O1", "-pthread", "-o", made[source.stem], source]
        subprocess.run(words, check=True, capture_output=True)
    made["is_set_uid"] = Path(shutil.copy(made["uses_clone3"], place / "is_set_uid"))
    if os.geteuid() == 0:
        os.chown(made["is_set_uid"], 65534, -1)  # nobody
    made["is_set_uid"].chmod(0o4755)
    return made


@pytest.fixture(scope="module")
def run(programs, judge):
    """The Run in which all of them are judged."""
    targets = [f"--target={path}" for name, path in programs.items() if name not in JUDGED]
    clauses = [f"--clause={one}" for one in (HANGUP, FAULT)]
    return judge("-q", *targets, *clauses, f"--sweep={POINTS}")


def _verdicts(run, program):
    found = {
        one["clause"]: (one["outcome"], one["message"])
        for one in run.verdicts
        if Path(one["target"]).stem == program
    }
    assert set(found) == {HANGUP, FAULT}, run.output
    return found


def _is_refused(call):
    """Whether there is no system call of that number here; with these arguments it does nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(call, None, 0) == -1 and ctypes.get_errno() == errno.ENOSYS


@pytest.mark.parametrize("program", CONFORMING)
def test_oddity_is_no_defect(program, run):
    """It has the properties."""
    if program in CLONE3 and _is_refused(_CLONE3):
        pytest.skip("needs clone3(2), which a filter refuses here")
    for outcome, message in _verdicts(run, program).values():
        assert (outcome, message) == ("pass", "")


@pytest.mark.parametrize("program", UNDECIDABLE)
def test_what_cannot_be_decided_is_said(program, run):
    """Neither held against the target nor in its favour."""
    found = _verdicts(run, program)

    if program == "calls_32_bit" and "SIGSEGV" in found[HANGUP][1]:
        pytest.skip("needs a kernel that takes 32-bit calls (CONFIG_IA32_EMULATION)")
    for clause, (outcome, text) in UNDECIDABLE[program].items():
        assert found[clause][0] == outcome, found
        assert re.search(text, found[clause][1])


@pytest.mark.parametrize("program", BY_CHANCE)
def test_chance_is_not_held_against_it(program, run):
    """Whatever is found out, it is no defect."""
    outcomes = {outcome for outcome, _ in _verdicts(run, program).values()}

    assert outcomes <= {"pass", "inconclusive", "unsupported"}


@pytest.mark.parametrize("program", JUDGED)
def test_verdict(program, programs, judge, tmp_path, request):
    """It is told from what it looks like."""
    if program == "does_without_its_socket":  # which it would leave in the machine's /run
        request.getfixturevalue("own_place")
    target, options = programs[program], []
    if "pidfile" in program:
        (tmp_path / "pidfile").write_text("1\n")
        target, options = tmp_path / "target.toml", ["--containment=none"]
        target.write_text(_WITH_A_PIDFILE.format(program=programs[program], place=tmp_path))

    found = judge("-q", f"--target={target}", *(f"--clause={c}" for c in JUDGED[program]), *options)

    for one in found.verdicts:
        outcome, text = JUDGED[program][one["clause"]]
        if options and one["outcome"] == "unsupported":
            pytest.skip(one["message"])
        assert one["outcome"] == outcome, found.output
        assert re.search(text, f"{one['message']} {one['evidence']}")
    assert len(found.verdicts) == len(JUDGED[program]), found.output


def test_harness_is_not_at_fault(run):
    """Nothing of it is a fault of ours."""
    assert "HARNESS" not in run.output


def test_every_program_is_judged(programs):
    """No program in attacked/ is forgotten, and none that is named is missing."""
    assert set(programs) == {*CONFORMING, *UNDECIDABLE, *BY_CHANCE, *JUDGED}


# -- set-uid without root ---------------------------------------------------------------------


def test_set_uid_that_has_no_effect(tmp_path, monkeypatch):
    """A program that would be somebody else, and is not, is another program."""
    program = tmp_path / "program"
    program.write_bytes(b"")
    program.chmod(0o4755)
    exec_of_it = Told(0, None, "execve", 7, (0,) * 6, {0: b"./program"}, {}, {}, 0.0)
    played = SimpleNamespace(calls=(exec_of_it,), unruly="", foreign=False)
    conducted = SimpleNamespace(gains_nothing=True, directory=str(tmp_path))

    undecidable.refuse(conducted, played)  # set-uid to oneself changes nothing
    monkeypatch.setattr(undecidable.os, "geteuid", lambda: program.stat().st_uid + 1)
    with pytest.raises(verdicts.Unsupported, match="program is set-uid, and that has no effect"):
        undecidable.refuse(conducted, played)
    conducted.gains_nothing = False
    undecidable.refuse(conducted, played)
    assert program.stat().st_mode & stat.S_ISUID


@pytest.mark.parametrize("name", ["root", "user", "none"])
def test_loss_of_set_uid_is_noticed(name, tmp_path):
    """Root alone keeps it: who else has to have no_new_privs, or a namespace without the owner."""
    if name == "root" and os.geteuid() != 0:
        pytest.skip("needs to be run as root")
    try:
        server = ForkServer(name)
    except Refused as why:
        pytest.skip(f"no world can be made here: {why}")
    try:
        with server.world(keep=[str(tmp_path)]) as world:
            line = Line(world, ENVIRONMENT, str(tmp_path), lambda kind: None)
            try:
                conducted = Conducted(line, ["/bin/true"], "bare", EVERYTHING)
            except CannotConduct as why:
                pytest.skip(str(why))
            finally:
                line.close()
            assert conducted.gains_nothing == (os.geteuid() != 0)
    finally:
        server.close()
