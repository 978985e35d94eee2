"""What every embedded target is known to fail, and how the checks on some are chosen."""

import re
from collections import namedtuple

from daemonspec.targets import embedded
from daemonspec.world import manager
from running import ChildRun, clauses, declared, profiles

CLAUSES = {name: function for name, (_, function) in clauses().items()}
FAILED = {"fail", "advice", "note"}
NOT_FAILED = {"pass", "not applicable"}

# Both controls are `cmd &`: nothing detaches them, so they keep everything.  They take no terminal
# (no session leaders), have no children, and end when they are told to.
PLAIN = frozenset(
    {"FDS-1", "FDS-2", "SES-1", "PAR-1", "PAR-2", "TTY-1", "TTY-5", "TTY-7", "TTY-12"}
    | {"UMK-1", "UMK-3", "CWD-1", "CWD-2", "FDS-6", "FDS-8", "SES-3", "SIG-1", "SIG-2", "SIG-6"}
    | {"TTY-10"}
)
# nohup(1) ignores SIGHUP, and puts /dev/null and nohup.out in the place of a terminal as 0, 1, 2.
# ^C and ^\ are ignored in any background job of a script (sh(1) without job control): what reaches
# both of them is ^Z.
STATED = {"control": PLAIN, "nohup": PLAIN - {"TTY-5", "TTY-10", "FDS-1", "SIG-6"}}
# The reference's directory is /, which cannot be missing, and it prints nothing when it starts.
NOT_OF_THE_REFERENCE = {"CWD-3", "STA-4"}
# Required by the article alone, whose own code has it; the reference follows daemon(7) instead.
OF_THE_ARTICLE_ALONE = {"SIG-7"}


def judged_by(profile):
    """Return the clauses that a profile has."""
    return {name for name, function in CLAUSES.items() if profile in profiles(function)}


# Directories of programs that are the reference, some of them with a method replaced.
OF_THE_REFERENCE = ("reference", "mutants", "ports", "conforming", "units", "scripts")


def _expectations():
    """Return {name: IDs that fail} of every embedded target, but for the real programs."""
    found = dict(STATED)
    for name, path in embedded.names().items():
        if path.parent.name in OF_THE_REFERENCE:
            found[name] = declared(path, "breaks") or frozenset()
        elif path.suffix == ".c":
            found[name] = declared(path, "fails") or frozenset()
    return found


def needs_a_launcher(name):
    """Whether a mutant has its defect in what its foreground form does without."""
    return "foreground" in (declared(embedded.names()[name], "not in") or ())


EXPECTED = _expectations()
# What a defect leaves without a verdict.
LEFT_OPEN = {
    name: declared(embedded.names()[name], "leaves open") or frozenset() for name in EXPECTED
}
# The facts by which a mutant of one part of a clause is known: it fails in that part alone.
PARTS = {name: parts for name in EXPECTED if (parts := declared(embedded.names()[name], "by"))}
# A defect that an ordinary user cannot see, who cannot become another one.
OF_ROOT = {name for name in EXPECTED if declared(embedded.names()[name], "needs") == {"root"}}
# What a reference does without, and another one of its profile has.
LEFT_OUT = {
    name: declared(embedded.names()[name], "leaves out") or frozenset() for name in EXPECTED
}
# What conforms, to the letter or in its own way; some take advice all the same.
REFERENCES = {
    name
    for name, path in embedded.names().items()
    if path.parent.name in ("reference", "conforming")
    or path.stem.startswith("reference_")
    or path.name in ("reference.service", "reference-notify.service", "reference-script.init")
}
MUTANTS = {
    name for name in EXPECTED if embedded.names()[name].parent.name in OF_THE_REFERENCE
} - REFERENCES
# {name: profile} of what is judged by one profile alone, which is its directory's.
OF_ONE_PROFILE = {
    name: profile
    for name in EXPECTED
    for directory, profile in (("units", "unit"), ("scripts", "lsb"))
    if embedded.names()[name].parent.name == directory
}
# A program that takes what is typed takes it from the harness too, as often as it is the first.
MAY_BE_OPEN = {
    "reads-its-terminal": frozenset({"FDS-6", "INS-1", "INS-3", "INS-4", "PIDF-8", "STP-3"}),
    # Root may see what its worker has open, an ordinary user may not.
    "hides-its-worker": frozenset({"FDS-1", "FDS-8", "TTY-8"}),
}


def is_compiled(name):
    return embedded.names()[name].suffix == ".c"


def never_ends(name):
    """Whether a start or a stop has to be ended by a deadline."""
    return name in MUTANTS and EXPECTED[name] & {"PAR-2", "STP-1"}


# A check as pytest collected it; `experiments` are those by which it shares launches.
Check = namedtuple("Check", "node clause target experiments")
_NODE = re.compile(r"(\S+)::(\w+)\[([^+\]]+)((?:\+\w+)*)\]$")


def collected(profile, names):
    """Return every Check on the targets."""
    run = ChildRun("--collect-only", "-q", f"--profile={profile}", *targets(names)).wait()
    by_test = {function.name: clause for clause, function in CLAUSES.items()}
    found = [match for line in run.output.splitlines() if (match := _NODE.fullmatch(line))]
    assert found, run.output
    return [
        Check(match[0], by_test[match[2]], match[3], frozenset(match[4].split("+")[1:]))
        for match in found
    ]


def targets(names):
    return [f"--target={name}" for name in names]


def lacks_units(run):
    """Return why a run could judge no unit on this machine, "" where it could."""
    if run.status != 6 or run.verdicts:
        return ""
    needs = re.search(
        r"a unit is started by systemd in a world of its own, which needs.*", run.output
    )
    return needs[0] if needs else manager.missing() or ""
