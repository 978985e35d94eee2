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
    facts_of,
    require,
)


@clause(
    "STP-1",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("New-Style Daemons, SIGTERM"),
        PEP_3143.at("signal_map, SIGTERM"),
    ),
)
def test_ends_when_asked(launch, control):
    """Ends on SIGTERM, or on its declared stop command.

    Wrong: The daemon is asked to stop and does not end, or crashes.

    Why: A service manager kills what does not end, after a timeout that delays every shutdown and
    restart, and the daemon cannot save its data (containers/podman #3452, SIGTERM blocked).

    Test: The daemon gets SIGTERM, or the stop command that it declares, and has to end.
    `--stop-timeout` says how long it may take. A crash is no answer: a daemon that SIGSEGV,
    SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGSYS or SIGTRAP kills at its stop has not saved its data
    either. STP-2 judges its exit status.

    Control: The same daemon with SIGTERM ignored, which the signal alone does not end.

    Mend: Leave SIGTERM at its default, or set a flag in its handler and leave the main loop.

    Unit: KillSignal= if the daemon ends on another signal.
    """
    survived = control.once("ignores-sigterm", _outlives_sigterm)
    daemon = launch()

    ended = daemon.stop()

    assume(survived, "a daemon that ignores SIGTERM ended all the same")
    crashed = daemon.crashed
    require(
        ended and not crashed,
        f"{'it crashed: ' if crashed else ''}{daemon.last_seen}",
        facts=facts_of(daemon.last_seen),
    )


def _outlives_sigterm(daemon):
    return daemon.receive("SIGTERM")["SIGTERM"] != "gone"


@clause(
    "STP-2",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("New-Style Daemons, SIGTERM"), SYSTEMD_SERVICE.at("SuccessExitStatus=")),
)
def test_ends_with_success(stopping):
    """Ends a requested stop with status 0, or by that signal.

    Wrong: The daemon was asked to stop, and its exit status says failure.

    Why: A service manager reports an ordinary stop as a failure, counts it, and with
    Restart=on-failure starts the daemon again. 143 is a shell's way to write "killed by SIGTERM":
    a program that exits with 143 was not killed by a signal, and has failed.

    Test: The daemon is stopped, and how it ended is read: status 0, or killed by the signal that
    asked it.

    Control: The same daemon, which exits with 143.

    Mend: exit(0) after a stop that was asked for, or restore SIG_DFL and raise() the signal again.

    Unit: SuccessExitStatus=143 if the program cannot be changed.
    """
    clean_control = stopping.of("exits-with-143").ended_cleanly
    stop = stopping.of_target()

    clean = stop.ended_cleanly

    assume(not clean_control, "a status of 143 counts as a clean end")
    require(
        clean,
        f"{stop.how_it_ended} when it was asked to stop",
        facts=facts_of(stop.how_it_ended),
    )


@clause(
    "STP-3",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("New-Style Daemons, SIGTERM"), LSB_FUNCTIONS.at("killproc")),
)
def test_clears_the_way_for_the_next(stopping):
    """Leaves nothing in the way of the next start.

    Wrong: After a stop the daemon's socket file is still there, or the next start fails.

    Why: A socket file without a process refuses its clients, and makes the next bind(2) fail with
    EADDRINUSE (CWE-459). A port that is not free yet makes `restart` fail where `stop` and `start`
    by hand work.

    Test: The daemon is stopped, and started once more as soon as none of its processes is left.

    Control: The same daemon that does not unlink its socket.

    Mend: unlink() the socket at the end, and a stale one before bind(). Set SO_REUSEADDR for TCP.

    Unit: RuntimeDirectory=mydaemon for the socket: systemd removes it at each stop.
    """
    obstacles_of_control = stopping.of("leaves-its-socket").obstacles

    obstacles = stopping.of_target().obstacles

    assume(obstacles_of_control, "the socket of the control was gone")
    require(not obstacles, "; ".join(obstacles), facts=facts_of(*obstacles))


@clause(
    "STP-4",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(SYSTEMD_KILL.at("KillMode="), DAEMON_7.at("New-Style Daemons, SIGTERM")),
)
def test_leaves_no_process(stopping):
    """Leaves no process behind after a stop.

    Wrong: The daemon's main process was stopped and has ended, and another process of the daemon
    runs on.

    Why: A worker that does not notice the end of its master keeps its memory, its port and its
    lock, and the next start finds them taken. A service manager that keeps every service in a
    control group can find it. An init script cannot.

    Test: The daemon is stopped. A process may take a moment to end; it counts if it is there three
    seconds after the main process has ended.

    Control: The same daemon with a child that is not told of the end.

    Mend: End the children and wait for them, or let them watch their parent (PR_SET_PDEATHSIG, or
    a pipe that ends with it).

    Unit: KillMode=control-group, which is the default, ends them too.
    """
    left_by_control = stopping.of("leaves-its-worker").survivors

    survivors = stopping.of_target().survivors

    assume(left_by_control, "the control left no process")
    require(
        not survivors,
        f"still there after the stop: {', '.join(map(str, survivors))}",
        facts=[one.role for one in survivors],
    )


@clause(
    "STP-5",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(SYSTEMD_KILL.at("KillSignal=: SIGCONT follows"),),
)
def test_heeds_a_stop_that_came_while_it_stood_still(late_stop):
    """Acts on a stop request that came while it was suspended.

    Wrong: The daemon is suspended by SIGSTOP, asked to stop, and continued by SIGCONT. It does not
    end.

    Why: A service manager sends SIGCONT after the signal that asks for the end, because a
    suspended process cannot act on it. The signal waits until then and is not lost, unless a
    handler for SIGCONT resets what the other handler has set.

    Test: SIGSTOP, the stop signal and SIGCONT are sent, and the daemon has to end.

    Control: The same daemon, which forgets what came before SIGCONT.

    Mend: Let the handler of SIGCONT change nothing that the handler of SIGTERM sets.
    """
    heeded_by_control = late_stop.of("drops-a-stop-when-continued").heeded
    stop = late_stop.of_target()

    heeded = stop.heeded

    assume(not heeded_by_control, "the control ended all the same")
    require(heeded, f"SIGSTOP, the stop signal, SIGCONT: {stop.last_seen}", facts=["lost"])
