"""The same verdicts wherever a target is judged, or `unsupported` with what is missing there.

test_mutants judges in the best containment of the machine.  Here it is done in the others, and in
places as a container makes them: a reference and a control by everything, each mutant by what it
names.  Without a /proc of its own it is judged in one containment of two, the next mutant in the
other; in both with --whole-matrix.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from daemonspec import verdicts
from daemonspec.experiments import activation
from daemonspec.inside.containment import CONTAINMENTS
from daemonspec.laboratory import find_containment
from daemonspec.targets import embedded
from daemonspec.world.world import Refused
from matrix import (
    EXPECTED,
    FAILED,
    LEFT_OPEN,
    MUTANTS,
    NOT_OF_THE_REFERENCE,
    OF_ONE_PROFILE,
    OF_ROOT,
    REFERENCES,
    collected,
    never_ends,
    targets,
)
from running import ChildRun

pytestmark = pytest.mark.long

CONFINE = (sys.executable, str(Path(__file__).with_name("confine.py")))
NAMESPACES = "unshare,setns,clone,clone3,mount"
# What has to be where: without mounts nothing can be hidden, copied or unmounted, and what is
# logged is not heard; without a PID namespace nobody can stop everybody else or count forks.
OF_MOUNTS = {"CWD-1", "CWD-3", "UMK-2", "PIDF-1", "STA-1", "STA-3", "STA-11"}
OF_PIDS = {"CHD-1", "CHD-2"}  # where a daemon has no children but while it is used
OF_PTRACE = {"TTY-3"}
NEEDED = {"containment root or user", "ptrace(2)"}  # what a message has to name

# Name: (options, the command in front of pytest, clauses that may be unsupported).
PLACES = {
    "root": (["--containment=root"], (), set()),
    "user": (["--containment=user"], (), set()),
    "partial": (["--containment=partial"], (), OF_MOUNTS | OF_PIDS),
    "none": (["--containment=none"], (), OF_MOUNTS | OF_PIDS),
    "namespaces refused": ([], (*CONFINE, f"{NAMESPACES},ptrace"), OF_MOUNTS | OF_PIDS | OF_PTRACE),
    "no capabilities": (
        ["--containment=none"], (*CONFINE, "capabilities"), OF_MOUNTS | OF_PIDS,
    ),
}  # fmt: skip
WITH_A_NETWORK = {"root", "user", "partial"}
WITH_MOUNTS = {"root", "user"}  # where units and init scripts are started
# Differ from `none` by a refusal alone, and are judged by less.
BRIEFLY = {"namespaces refused", "no capabilities"}
# Attacks on hundreds of starts, of which test_attacked has those that a containment matters for.
SWEPT = {"STA-7", "STA-8", "STA-9", "STA-11", "STA-12", "STA-13", "SIG-5"}
IN_TURN = ("partial", "none")
KEPT_BRIEFLY = {"reference", "never-calls-setsid", "is-session-leader", "never-waits"}


def _wanted(checks, place, whole):
    """Return those of all checks that are made in a place; whole: each mutant in each place.

    Without a network of their own, those with ports would be in the way of others on this machine.
    """
    elsewhere = set()
    if place in IN_TURN and not whole:
        elsewhere = set(sorted(MUTANTS)[1 - IN_TURN.index(place) :: 2])
    chosen = [
        one
        for one in checks
        if one.clause not in SWEPT
        and one.target not in elsewhere
        and (place == "root" or one.target not in OF_ROOT)
        and (one.target not in MUTANTS or one.clause in EXPECTED[one.target])
        and (place in WITH_A_NETWORK or embedded.names()[one.target].parent.name != "ports")
    ]
    if place in BRIEFLY:
        return [one for one in chosen if one.target in KEPT_BRIEFLY]
    return chosen


class _Judging:
    """The child runs of one place; where a deadline ends something, a short one is enough."""

    def __init__(self, place, chosen, directory):
        options, before, _ = PLACES[place]
        # Without a network of their own only one world is there at a time.
        workers = "-n2" if place in WITH_A_NETWORK else "-n0"
        self.children = []
        for endless in (False, True):
            some = [one for one in chosen if bool(never_ends(one.target)) == endless]
            if not some:
                continue
            deadlines = ["--start-timeout=2", "--stop-timeout=2"] if endless else []
            named = targets(sorted({one.target for one in some}))
            nodes = [one.node for one in some]
            json = directory / f"{place.replace(' ', '-')}-{endless}.json"
            self.children.append(
                ChildRun(workers, *options, *deadlines, *named, *nodes, json=json, before=before)
            )

    def wait(self):
        """Return the Runs."""
        return [child.wait() for child in self.children]


def _refusal(place):
    """Return why this machine has no such place, or "" ."""
    try:
        find_containment(next(iter(PLACES[place][0]), "").partition("=")[2] or None)
    except Refused as why:
        return str(why)
    return ""


@pytest.fixture(scope="module")
def chosen(request):
    """{place: [Check, ...]}."""
    checks = collected("sysv", sorted(MUTANTS | {"reference", "control"}))
    whole = request.config.getoption("whole_matrix")
    return {place: _wanted(checks, place, whole) for place in PLACES}


@pytest.fixture(scope="module")
def runs(containment, chosen, tmp_path_factory):
    """{place: [Run, ...], or why there are none}."""
    directory = tmp_path_factory.mktemp("containments")
    found = {place: why for place in PLACES if (why := _refusal(place))}
    if containment != "none":
        found[containment] = "it is the best containment here, and test_mutants judges in it"
    there = [place for place in PLACES if place not in found]
    for place in there:  # root, user and partial go on side by side
        found[place] = _Judging(place, chosen[place], directory)
        if place not in WITH_A_NETWORK:
            found[place] = found[place].wait()
    return {place: one.wait() if isinstance(one, _Judging) else one for place, one in found.items()}


@pytest.mark.parametrize("place", PLACES)
def test_same_verdicts_everywhere(place, runs, chosen):
    """A verdict that depends on where a target is judged says nothing of the target."""
    if isinstance(runs[place], str):
        pytest.skip(runs[place])

    for run in runs[place]:
        assert run.status in (0, 1), run.output
    judged = {(one["target"], one["clause"]): one for run in runs[place] for one in run.verdicts}
    assert judged.keys() == {(one.target, one.clause) for one in chosen[place]}, "not all"
    assert {key: one["message"] for key, one in judged.items() if not _right(place, one)} == {}


def test_same_facts_everywhere(runs):
    """A waiver that was written on one machine holds on another."""
    seen = {}
    for place, made in runs.items():
        for run in made if isinstance(made, list) else []:
            for one in run.verdicts:
                if one["facts"]:
                    facts = seen.setdefault((one["target"], one["clause"]), {})
                    facts.setdefault(tuple(one["facts"]), []).append(place)
    assert {key: facts for key, facts in seen.items() if len(facts) > 1} == {}


def _right(place, verdict):
    """Whether an outcome is the one that the place should give."""
    target, clause, outcome = verdict["target"], verdict["clause"], verdict["outcome"]
    if outcome == "unsupported":
        own = target in OF_ONE_PROFILE
        may_be = place not in WITH_MOUNTS if own else clause in PLACES[place][2]
        return may_be and any(one in verdict["message"] for one in NEEDED)
    if clause in EXPECTED[target]:
        return outcome in FAILED
    if clause in LEFT_OPEN[target]:
        return outcome == "inconclusive"
    if target in REFERENCES:
        return outcome == ("not applicable" if clause in NOT_OF_THE_REFERENCE else "pass")
    return outcome in ("pass", "not applicable")


def test_no_port_is_taken_from_the_machine(judge):
    """Where the port is everybody's, the obstacle is not put up, and the message says what for."""
    run = judge("--containment=none", "--target=reference-ports", "--clause=STA-2")

    verdict = run.verdict("STA-2", "reference-ports")
    assert verdict["outcome"] == "unsupported"
    assert verdict["message"].endswith("a network of its own, containment root or user")


def test_what_cannot_be_read_is_no_conformance(judge):
    """A worker whose descriptors are hidden may have anything there: FDS-1 and FDS-8 are open."""
    clauses = ("--clause=FDS-1", "--clause=FDS-8", "--clause=TTY-1")
    run = judge(
        "--containment=none",
        "--target=hides-its-worker",
        *clauses,
        before=(*CONFINE, "capabilities"),
    )

    assert run.outcomes("hides-its-worker") == {
        "FDS-1": "inconclusive",
        "FDS-8": "inconclusive",
        "TTY-1": "pass",
    }
    for clause in ("FDS-1", "FDS-8"):
        assert "Permission denied" in run.verdict(clause, "hides-its-worker")["message"]


def test_machine_that_refuses_namespaces_says_so(tmp_path):
    """The head of a run names the containment, why there is no better one, and how to get it."""
    before = (*CONFINE, NAMESPACES)
    run = ChildRun("--clause=SES-1", json=tmp_path / "verdicts.json", before=before).wait()

    assert run.status == 0, run.output
    head = next(line for line in run.output.splitlines() if line.startswith("containment: "))
    assert head.startswith("containment: none (not root: ")
    assert all(f"not {name}: " in head for name in ("user", "partial"))


def test_no_port_of_the_host_is_taken_for_a_socket():
    """A path in a world's own directory is nobody else's, in any containment."""
    near = SimpleNamespace(
        containment=next(one for one in CONTAINMENTS.values() if not one.network)
    )

    def refuse(address):
        activation._refuse_ports_of_the_host(near, SimpleNamespace(sockets=(("a", address),)))

    refuse("/run/a.sock")
    refuse("{dir}/a.sock")
    with pytest.raises(verdicts.Unsupported, match="a network of its own"):
        refuse("127.0.0.1:80")
