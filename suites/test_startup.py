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
    require,
)


@clause(
    "STA-1",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 14 and 15"),
        SYSTEMD_SERVICE.at("Type=forking"),
    ),
)
def test_usable_when_the_launcher_returns(held_start, target):
    """A daemon can be reached when its launcher says that it is up.

    What is started next needs it at once; when the launcher returns before there is a socket, that
    fails now and then, and on the fast machine of the author never.  Here the launcher may go on
    whenever it can, and everybody else is held at each call of his that matters until the launcher
    waits for him.  When it has returned, the others are held where they are, and a client tries
    each declared socket: the kernel takes a connection for whoever listens, held or not.

    Control: the same daemon whose launcher returns right after the first fork.

    Mend: let the launcher wait at a pipe until the daemon has bound its sockets and says so.
    """
    declared = [one for one in (target.ready, target.serves) if one]
    applies(
        any(one.kind in ("tcp", "udp", "unix") for one in declared),
        "it declares no socket that could be tried",
    )
    unreachable_in_control = held_start.of("returns-before-it-is-ready").unreachable

    unreachable = held_start.of_target().unreachable

    assume(unreachable_in_control, "the launcher that does not wait had a daemon that listened")
    require(not unreachable, f"when the launcher had returned 0: {'; '.join(unreachable)}")


@clause(
    "STA-2",
    sysv=REQUIRED,
    foreground=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_failed_start_does_not_say_0(failing_starts):
    """A daemon that cannot start does not say that it did: exit status 0 means that it is there.

    Boot goes on, the monitor is content, and nothing answers: carbon-c-relay exits with 0 although
    its port is taken (carbon-c-relay #265).  The ports that it declares are taken by the
    harness, sockets and pidfile have a directory in their place.  A daemon that comes up all the
    same is not at fault, nor is one that stays and waits for the port; one that said 0, and of
    which nothing is there once nobody in the world is runnable, has lied.  Started to stay in the
    foreground it says so by its own status: 0 is a service that has done its work, which no
    manager restarts on failure.

    Control: the same daemon whose launcher prints what went wrong and exits with 0.

    Mend: have the launcher wait for the daemon's word; end-of-file without a word is a failure.
    """
    lies_of_control = failing_starts.of("says-0-when-it-failed").lies

    lies = failing_starts.of_target().lies

    assume(lies_of_control, "the control's launcher did not exit with 0")
    require(not lies, f"said 0, and nothing is there: {'; '.join(one.obstacle for one in lies)}")


@clause(
    "STA-3",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_failed_start_says_why(failing_starts):
    """A daemon that cannot start says why, where it was started or in syslog.

    Standard error leads to /dev/null when most things fail, so the reason is lost unless it is
    carried back to the launcher: all that is left is a status, and strace.  The starts are those
    of STA-2.  A file that only the daemon knows of is not counted.

    Control: the same daemon whose launcher exits with 1 and prints nothing.

    Mend: send the reason through the pipe at which the launcher waits; openlog() before detaching.
    """
    silent_control = failing_starts.of("fails-silently").silent

    silent = failing_starts.of_target().silent

    assume(silent_control, "the silent control was heard")
    require(not silent, f"failed without a word: {'; '.join(one.obstacle for one in silent)}")


@clause(
    "STA-10",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 15"),),
)
def test_failed_start_leaves_nothing(failing_starts):
    """A daemon that said that it could not start leaves no process and no pidfile.

    A child that lives on holds what the next attempt needs; a pidfile names a process that is not
    there (CWE-459).  The starts are those of STA-2.

    Control: the same daemon that does not remove its pidfile when it fails.

    Mend: undo in the daemon what it did, before it reports the failure to the launcher.
    """
    left_by_control = failing_starts.of("leaves-its-pidfile-when-it-fails").untidy

    untidy = failing_starts.of_target().untidy

    assume(left_by_control, "the control left nothing")
    require(
        not untidy,
        "; ".join(f"{one}" + (f", pidfile {one.pidfile}" * bool(one.pidfile)) for one in untidy),
    )


@clause("STA-4", sysv=RECOMMENDED, source=DAEMON_3.at("RETURN VALUE: the parent calls _exit(2)"))
def test_parents_leave_without_ceremony(printed_starts):
    """A daemon prints what it prints at its start once, however often it forks.

    A parent that leaves by exit() writes once more what stdio had not written before the fork, and
    runs the exit handlers of the whole program: they remove the files and end the helpers that the
    daemon needs; daemon(3) leaves its parent by _exit(2).  It shows where stdout is a file, which
    stdio buffers by the block.  The start is played call by call, and no two processes may
    write what was in the memory of whoever forked them.  A daemon that prints a line twice by
    itself is not at fault, nor are two of its workers that say the same.  Where a start cannot be
    played, every line has to be in the file once.

    Control: the same daemon whose two parents call exit().

    Mend: fflush(NULL) before fork(), and _exit() in every parent.
    """
    repeated_by_control = printed_starts.of("leaves-its-parents-by-exit").repeated

    repeated = printed_starts.of_target().repeated

    assume(repeated_by_control, "the control printed its line once")
    require(not repeated, f"printed more than once: {' / '.join(repeated)}")


@clause("STA-5", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 9"),))
def test_stdin_makes_no_difference(redirected_starts):
    """A daemon starts in the same way whatever its stdin is.

    From cron it is /dev/null, from a pipeline a pipe, from some init nothing at all; a daemon that
    wants a terminal for its start comes up when it is tried, and not after the next boot
    (armooo/cloudprint #45).  It is started from the shell with stdin on /dev/null, on a pipe, and
    closed; each time it has to come up, outside the shell's session.

    Control: the same daemon that asks for the name of the terminal it was started from.

    Mend: do not ask what stdin is; open /dev/null until 0, 1 and 2 are taken before anything else.
    """
    differences_of_control = redirected_starts.of("needs-a-terminal-to-start").differences

    differences = redirected_starts.of_target().differences

    assume(differences_of_control, "the control started without a terminal")
    require(not differences, "; ".join(differences))
