"""STP: how the daemon ends."""

from daemonspec import (
    DAEMON_7,
    LSB_FUNCTIONS,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
    SYSTEMD_KILL,
    SYSTEMD_SERVICE,
    assume,
    clause,
    require,
)


@clause(
    "STP-1",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("New-Style Daemons, SIGTERM"),
        PEP_3143.at("signal_map, SIGTERM"),
    ),
)
def test_ends_when_asked(launch, control):
    """A daemon ends when it is asked to: by SIGTERM, or by the stop command that it declares.

    What does not end is killed by whoever manages it, after a timeout that holds up every shutdown
    and restart, and without a chance to write its data (containers/podman #3452, SIGTERM blocked).
    How long it may take is policy: `--stop-timeout`.  A crash is no answer: a daemon that SIGSEGV,
    SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS or SIGTRAP kills at its stop has not written its data
    either.  What else its status says is STP-2's.

    Control: the same daemon with SIGTERM ignored, which the signal alone does not end.

    Mend: leave SIGTERM at its default, or set a flag in its handler and leave the main loop.
    """
    survived = control.once("ignores-sigterm", _outlives_sigterm)
    daemon = launch()

    ended = daemon.stop()

    assume(survived, "a daemon that ignores SIGTERM ended all the same")
    crashed = daemon.crashed
    require(ended and not crashed, f"{'it crashed: ' if crashed else ''}{daemon.last_seen}")


def _outlives_sigterm(daemon):
    return daemon.receive("SIGTERM")["SIGTERM"] != "gone"


@clause(
    "STP-2",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("New-Style Daemons, SIGTERM"), SYSTEMD_SERVICE.at("SuccessExitStatus=")),
)
def test_ends_with_success(stopping):
    """A daemon that was asked to stop exits with status 0, or dies of the signal that asked it.

    Anything else is a failure for a service manager: an ordinary stop is reported, counted, and
    with Restart=on-failure undone.  143 is what a shell makes of a death by SIGTERM; a program
    that exits with it did not die of the signal, and is no success.

    Control: the same daemon, which exits with 143.

    Mend: exit(0) after a stop that was asked for; or SIG_DFL and raise() the signal again.
    """
    clean_control = stopping.of("exits-with-143").ended_cleanly
    stop = stopping.of_target()

    clean = stop.ended_cleanly

    assume(not clean_control, "a status of 143 counts as a clean end")
    require(clean, f"{stop.how_it_ended} when it was asked to stop")


@clause(
    "STP-3",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("New-Style Daemons, SIGTERM"), LSB_FUNCTIONS.at("killproc")),
)
def test_clears_the_way_for_the_next(stopping):
    """A daemon that was stopped can be started again at once, and leaves no socket in the way.

    A socket file without a process refuses its clients, and bind(2) says that it is in use to
    whoever comes next (CWE-459).  A port that is not free yet makes `restart` fail where `stop`
    and `start` by hand work.  It is started once more as soon as nobody of it is left.

    Control: the same daemon that does not unlink its socket.

    Mend: unlink() the socket at the end, and a stale one before bind(); SO_REUSEADDR for TCP.
    """
    obstacles_of_control = stopping.of("leaves-its-socket").obstacles

    obstacles = stopping.of_target().obstacles

    assume(obstacles_of_control, "the socket of the control was gone")
    require(not obstacles, "; ".join(obstacles))


@clause(
    "STP-4",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(SYSTEMD_KILL.at("KillMode="), DAEMON_7.at("New-Style Daemons, SIGTERM")),
)
def test_leaves_no_process(stopping):
    """A daemon that was stopped leaves no process behind.

    A worker that does not notice that its master is gone keeps its memory, its port and its lock,
    and the next start finds them taken.  Only a manager that keeps every process in a group of its
    own can tell; an init script cannot.  A process may take a moment to end; one that is there
    three seconds after the main process has ended is left.

    Control: the same daemon with a child that nobody tells of the end.

    Mend: end the children and wait for them; let them watch their parent (PR_SET_PDEATHSIG, or a
    pipe that ends with it).
    """
    left_by_control = stopping.of("leaves-its-worker").survivors

    survivors = stopping.of_target().survivors

    assume(left_by_control, "the control left no process")
    require(not survivors, f"it was stopped, and still there: {', '.join(map(str, survivors))}")


@clause(
    "STP-5",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(SYSTEMD_KILL.at("KillSignal=: SIGCONT follows"),),
)
def test_heeds_a_stop_that_came_while_it_stood_still(late_stop):
    """A daemon that was stopped by SIGSTOP and asked to end, ends when it is continued.

    A service manager sends SIGCONT after the signal that asks for an end, because a stopped
    process cannot act on it.  The signal waits until then and is not lost; a handler for SIGCONT
    that starts everything afresh can lose it.

    Control: the same daemon, which forgets what came before SIGCONT.

    Mend: let the handler of SIGCONT touch nothing that the handler of SIGTERM sets.
    """
    heeded_by_control = late_stop.of("drops-a-stop-when-continued").heeded
    stop = late_stop.of_target()

    heeded = stop.heeded

    assume(not heeded_by_control, "the control ended all the same")
    require(heeded, f"SIGSTOP, the stop signal, SIGCONT: {stop.last_seen}")
