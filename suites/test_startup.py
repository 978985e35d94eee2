"""STA: what a start says, and whether it is true."""

from daemonspec import (
    DAEMON_3,
    DAEMON_7,
    LSB_FUNCTIONS,
    RECOMMENDED,
    REQUIRED,
    SYSTEMD_SERVICE,
    applies,
    assume,
    clause,
    facts_of,
    require,
)


@clause(
    "STA-1",
    since="0.1.0",
    revised="0.2.0",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 14 and 15"),
        SYSTEMD_SERVICE.at("Type=forking"),
    ),
)
def test_usable_when_the_launcher_returns(held_start, target):
    """Accepts connections when its launcher returns.

    Wrong: The launcher exits with status 0 before the daemon listens on its sockets.

    Why: The next service needs the daemon at once. On a busy machine its first connection is
    refused now and then, on the author's fast machine never.

    Test: The launcher continues whenever it can, and every other process is held at each call that
    matters until the launcher waits for it. When the launcher has returned, the others stay held,
    and a client tries each declared socket: the kernel accepts a connection for a listening
    process, held or not.

    Control: The same daemon whose launcher returns right after the first fork.

    Mend: Let the launcher wait at a pipe until the daemon has bound its sockets and says so.
    `daemonspec explain STA-8` has the code.

    Unit: Type=notify and sd_notify(3), or socket activation.
    """
    declared = [one for one in (target.ready, target.serves) if one]
    applies(
        any(one.kind in ("tcp", "udp", "unix") for one in declared),
        "it declares no socket that could be tried",
        "needs-service",
    )
    unreachable_in_control = held_start.of("returns-before-it-is-ready").unreachable

    unreachable = held_start.of_target().unreachable

    assume(
        unreachable_in_control, "the control's daemon listened although its launcher did not wait"
    )
    require(
        not unreachable,
        f"when the launcher had exited with status 0: {'; '.join(unreachable)}",
        facts=facts_of(*unreachable),
    )


@clause(
    "STA-2",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    foreground=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_failed_start_does_not_say_0(failing_starts):
    """Does not report success when it cannot start.

    Wrong: The launcher exits with status 0 although the daemon could not start.

    Why: Boot goes on, monitoring sees success, and nothing answers: carbon-c-relay exits with
    status 0 although its port is taken (carbon-c-relay #265).

    Test: The harness takes the declared ports, and puts directories in the place of the declared
    sockets and pidfile. A daemon that comes up all the same passes, and so does one that stays and
    waits for the port. It fails if status 0 was returned and no process of the daemon is left once
    every process in the world is at rest. In the foreground profile its own exit status counts: 0
    means that the service has done its work, and no service manager restarts it as a failure.

    Control: The same daemon whose launcher prints what went wrong and exits with status 0.

    Mend: Check bind(), listen() and open() in the daemon, send the reason to the launcher through
    a pipe, and let the launcher exit with 1. If the pipe ends without a message, the start has
    failed too.

    Unit: Type=notify with READY=1 after listen(), or Type=exec and a status other than 0 on
    failure.
    """
    lies_of_control = failing_starts.of("says-0-when-it-failed").lies

    lies = failing_starts.of_target().lies

    assume(lies_of_control, "the control's launcher did not exit with 0")
    require(
        not lies,
        f"exited with status 0, and no process is there: {'; '.join(one.obstacle for one in lies)}",
        facts=[one.kind for one in lies],
    )


@clause(
    "STA-3",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_failed_start_says_why(failing_starts):
    """Says why it cannot start.

    Wrong: The daemon cannot start, and neither the terminal nor syslog has the reason.

    Why: Standard error leads to /dev/null when most things fail, so the reason is lost unless it
    is sent back to the launcher. Then an administrator has an exit status, and strace.

    Test: The starts of STA-2. A log file that only the daemon knows of does not count.

    Control: The same daemon whose launcher exits with status 1 and prints nothing.

    Mend: Send the reason through the pipe at which the launcher waits, or call openlog() before
    detaching. `daemonspec explain STA-8` has the code.

    Unit: StandardError=journal, with the daemon in its foreground mode.
    """
    silent_control = failing_starts.of("fails-silently").silent

    silent = failing_starts.of_target().silent

    assume(silent_control, "the silent control was heard")
    require(
        not silent,
        f"failed and printed nothing: {'; '.join(one.obstacle for one in silent)}",
        facts=[one.kind for one in silent],
    )


@clause(
    "STA-10",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 15"),),
)
def test_failed_start_leaves_nothing(failing_starts):
    """Leaves no process and no pidfile after a failed start.

    Wrong: The daemon reported that it could not start, and a process or a pidfile of it is left.

    Why: A child that stays holds what the next attempt needs. A pidfile that stays names a process
    that is not there (CWE-459).

    Test: The starts of STA-2.

    Control: The same daemon that does not remove its pidfile when it fails.

    Mend: Remove the pidfile and the socket that this process made, and end its children, in the
    daemon, before it reports the failure to the launcher.
    """
    left_by_control = failing_starts.of("leaves-its-pidfile-when-it-fails").untidy

    untidy = failing_starts.of_target().untidy

    assume(left_by_control, "the control left nothing")
    require(
        not untidy,
        "; ".join(f"{one}" + (f", pidfile {one.pidfile}" * bool(one.pidfile)) for one in untidy),
        facts=[one.kind for one in untidy],
    )


@clause(
    "STA-4",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=DAEMON_3.at("RETURN VALUE: the parent calls _exit(2)"),
)
def test_parents_leave_without_ceremony(printed_starts):
    """Prints its start-up messages once.

    Wrong: A line that the daemon prints at start-up appears two or three times.

    Why: A parent that leaves by exit() writes what stdio had buffered before the fork once more,
    and runs the exit handlers of the whole program. They may remove files and end helpers that the
    daemon needs. daemon(3) leaves its parent by _exit(2) for that reason.

    Test: stdout is a file, which stdio buffers by the block. The start is played call by call, and
    no two processes may write what was in memory before one forked the other. A daemon that itself
    prints a line twice passes, and so do two workers that print the same line. Where a start
    cannot be played, every line has to be in the file once.

    Control: The same daemon whose two parents call exit().

    Mend: Call fflush(NULL) before fork(), and _exit() in every parent. In Python,
    sys.stdout.flush() and os._exit().
    """
    repeated_by_control = printed_starts.of("leaves-its-parents-by-exit").repeated

    repeated = printed_starts.of_target().repeated

    assume(repeated_by_control, "the control printed its line once")
    require(
        not repeated, f"printed more than once: {' / '.join(repeated)}", facts=["printed-twice"]
    )


@clause("STA-5", since="0.1.0", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 9"),))
def test_stdin_makes_no_difference(redirected_starts):
    """Starts in the same way whatever stdin is.

    Wrong: The daemon does not start, or does not detach, with stdin on /dev/null, on a pipe, or
    closed.

    Why: From cron stdin is /dev/null, from a pipeline a pipe, from some init systems it is closed.
    A daemon that wants a terminal for its start comes up when it is tried by hand, and not after
    the next boot (armooo/cloudprint #45).

    Test: The daemon is started from the shell with each of the three. Each time it has to come up
    outside of the shell's session.

    Control: The same daemon that asks for the name of the terminal it was started from.

    Mend: Do not ask what stdin is. Before anything else, open /dev/null until 0, 1 and 2 are in
    use.

    Unit: StandardInput=null, which is the default.
    """
    differences_of_control = redirected_starts.of("needs-a-terminal-to-start").differences

    differences = redirected_starts.of_target().differences

    assume(differences_of_control, "the control started without a terminal")
    require(not differences, "; ".join(differences), facts=facts_of(*differences))
