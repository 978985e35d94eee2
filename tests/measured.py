"""What was measured of a daemon without the suite, and which verdict it lets one expect.

Each rule is (clause, what it reads, whether the property holds by it, remark).  The third says
True, False, or None where the fact allows no comparison; a fact that was not measured, which is
absent or null, allows none either.

What a fact cannot rule out is in the remark: `luck` and `more` say that a fact without the defect
is no promise, because the suite forces what was left to chance, or tries more than was tried;
`port` says that it is about the taken port, one of the things that stand in a start's way.
"""

import re
from collections import namedtuple

Rule = namedtuple("Rule", "clause fact holds remark", defaults=("",))
LUCK, MORE, PORT = "luck", "more", "port"
_TERMINAL = 136 << 8  # the first pseudo-terminal, from which everything was started


class NotMeasured(Exception):
    """The fact is not among those of the daemon."""


class Facts:
    """The facts of one daemon: `facts("hangup.alive")`."""

    def __init__(self, recipe):
        self.recipe = recipe
        self._facts = recipe["facts"]

    def __call__(self, path):
        """Return a fact by its path.  Raises NotMeasured."""
        found = self._facts
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            raise NotMeasured(path)
        return found

    def told(self, path):
        """Return a fact by its path, or None."""
        try:
            return self(path)
        except NotMeasured:
            return None


def expectations(recipe):
    """Yield (Rule, whether the property holds by the facts) of what can be compared."""
    facts = Facts(recipe)
    for rule in RULES:
        if rule.remark == PORT and not _declares_port(recipe):
            continue
        try:
            holds = rule.holds(facts)
        except NotMeasured:
            continue
        if holds is not None:
            yield rule, holds


def _declares_port(recipe):
    """Whether the suite is told of a port that it could take."""
    return any(re.match(r"tcp:|udp:\d+\|", recipe[key]) for key in ("ready", "serve"))


def _launcher_ended(facts):
    """It has no status if it stayed."""
    if "launcher_rc" not in facts.recipe["facts"]:
        raise NotMeasured("launcher_rc")
    return facts.told("launcher_rc") is not None


def _returns(facts):
    """A line that ends in `&` was followed by another command, whose end was measured."""
    return None if "&" in facts.recipe["start"] else _launcher_ended(facts)


def _usual_streams(facts):
    """What it has at 0 to 2, once it had the time to put something there."""
    return facts.told("main.fd012_2s_later") or facts("main.fd012")


def _streams(facts):
    streams = _usual_streams(facts)
    return streams[0] == "/dev/null" and not {"pty", "closed"} & {*streams}


def _closes_descriptors(facts):
    kept = [facts(f"leaks.{kind}") for kind in ("pipe(fd7)", "file(fd300)")]
    return not any(kept) and not any(number > 2 for number in facts("leaks.pty"))


def _substitution_ends(facts):
    facts("pipes.exit_s")
    return all(facts.told(f"pipes.eof_s.{name}") is not None for name in ("stdout", "stderr"))


def _starts_closed(facts):
    """It has at 0 to 2 what it has there after an ordinary start, or /dev/null."""
    if facts.told("closed_stdio.launcher_rc"):
        return None  # it refused
    if not facts("closed_stdio.ready"):
        return False if facts.told("closed_stdio.launcher_rc") == 0 else None
    pairs = zip(_usual_streams(facts), facts("closed_stdio.fd012"), strict=True)
    return all(now in (usual, "/dev/null") for usual, now in pairs)


def _is_not_stopped(facts):
    return {*facts("stops_with_tty").values()} == {"running"}


def _survives_hup(facts):
    seen = [facts.told("stops_with_tty") or {}, facts.told("stops_after_hangup") or {}]
    if any("not serving" in state for states in seen for state in states.values()):
        return None  # the signals before this one had made it deaf already
    return facts("hup.alive") and facts("hup.serving")


def _ends(facts):
    if facts.recipe["stop"] == "TERM":
        return facts("term.gone")
    return facts("closed_stdio.stop.gone")


def _once_ended(path):
    """A fact about what a stop by SIGTERM leaves: of one that it ends, and is declared for."""

    def value(facts):
        return facts(path) if facts("term.gone") and facts.recipe["stop"] == "TERM" else None

    return value


def _leaves_no_process(facts):
    left = _once_ended("term.left_over")(facts)
    return None if left is None else not left


def _is_alone(facts):
    return not facts("second_start.new_tops") and (
        facts("second_start.first_alive") and facts("second_start.serving")
    )


def _spares_pidfile(facts):
    if not _is_alone(facts):
        return None
    return facts("second_start.pidfile_before") == facts.told("second_start.pidfile_after")


def _belongs_to_root(facts):
    others = int(facts("pidfile.mode"), 8) & 0o022 == 0o020
    return facts("pidfile.owner").startswith("root:") and not others


def _failed(facts):
    """Whether a start with its port taken said that it failed, or nothing was there."""
    return facts("port_taken.rc") != 0 or not facts("port_taken.running_after_3s")


def _no_lie(facts):
    return facts("port_taken.rc") != 0 or bool(facts("port_taken.running_after_3s"))


def _says_why(facts):
    return True if _failed(facts) and facts("port_taken.log") else None  # or in syslog


def _leaves_nothing(facts):
    if facts("port_taken.rc") == 0:
        return None
    left = facts.told("port_taken.pidfile_left")
    return not facts("port_taken.running_after_3s") and not left


def _comes_back(facts):
    return facts("restart_after_kill9.ready") and facts("restart_after_kill9.running")


RULES = (
    Rule("TTY-1", "main.tty_nr", lambda facts: facts("main.tty_nr") != _TERMINAL),
    Rule("TTY-3", "main.session_leader", lambda facts: not facts("main.session_leader")),
    Rule("TTY-5", "hangup", lambda facts: facts("hangup.alive") and facts("hangup.serving")),
    Rule("TTY-10", "leaks.pty", lambda facts: not facts("leaks.pty")),
    Rule("TTY-12", "stops_with_tty", _is_not_stopped),
    Rule("SES-1", "main.own_session", lambda facts: facts("main.own_session")),
    Rule("PAR-1", "main.ppid_is_init", lambda facts: facts("main.ppid_is_init")),
    Rule("PAR-2", "launcher_rc", _returns),
    Rule("PAR-3", "launcher_rc", lambda facts: not _launcher_ended(facts)),
    Rule("FDS-1", "main.fd012", _streams),
    Rule("FDS-2", "leaks", _closes_descriptors),
    Rule("FDS-6", "pipes.eof_s", _substitution_ends),
    Rule("FDS-8", "closed_stdio", _starts_closed),
    Rule("UMK-1", "main.umask", lambda facts: facts("main.umask") != "0077"),
    Rule("UMK-3", "main.umask", lambda facts: facts("main.umask") == "0000"),
    Rule("CWD-1", "main.cwd", lambda facts: facts("main.cwd") != "INHERITED"),
    Rule("CWD-2", "main.cwd", lambda facts: facts("main.cwd") != "INHERITED"),
    Rule("SIG-1", "masks.term.gone", lambda facts: facts("term.gone") and facts("masks.term.gone")),
    Rule("SIG-2", "masks.inherited_ignore",
         lambda facts: not facts("masks.inherited_ignore"), MORE),
    Rule("SIG-6", "hup", _survives_hup),
    Rule("CHD-1", "zombies", lambda facts: not facts("zombies"), MORE),
    Rule("STA-1", "ready_at_prompt", lambda facts: facts("ready_at_prompt"), LUCK),
    Rule("STA-2", "port_taken", _no_lie, PORT),
    Rule("STA-3", "port_taken.log", _says_why, PORT),
    Rule("STA-10", "port_taken", _leaves_nothing, PORT),
    Rule("STP-1", "term.gone", _ends),
    Rule("STP-4", "term.left_over", _leaves_no_process),
    Rule("PIDF-1", "pidfile.there_and_right_at_prompt",
         lambda facts: facts("pidfile.there_and_right_at_prompt"), LUCK),
    Rule("PIDF-2", "pidfile.pid_is_main", lambda facts: facts("pidfile.pid_is_main")),
    Rule("PIDF-3", "pidfile.mode", lambda facts: not int(facts("pidfile.mode"), 8) & 0o002),
    Rule("PIDF-7", "term.pidfile_removed", _once_ended("term.pidfile_removed")),
    Rule("PIDF-8", "second_start.pidfile_after", _spares_pidfile),
    Rule("PIDF-9", "pidfile.owner", _belongs_to_root),
    Rule("INS-1", "second_start", _is_alone),
    Rule("INS-4", "restart_after_kill9", _comes_back),
)  # fmt: skip
