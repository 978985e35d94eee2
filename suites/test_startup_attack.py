"""STA, SIG: what a start does when it is disturbed at every step of it."""

from daemonspec import (
    ARTICLE,
    DAEMON_3,
    DAEMON_7,
    LSB_FUNCTIONS,
    POSIX_TERMINAL,
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
    "STA-7",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    source=(
        ARTICLE.at("rule 1"),
        DAEMON_7.at("SysV Daemons, steps 14 and 15"),
        POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
    ),
)
def test_hangup_makes_no_start_lie(hangups):
    """Comes up, or reports failure, when the terminal hangs up.

    Wrong: The terminal hangs up while the daemon starts. The launcher exits with status 0, but no
    daemon is up.

    Why: `ssh -t host start-it` and a window that is closed too early hang the terminal up during
    the start. It lasts microseconds, so no author notices.

    Test: Every call of a process's life, from exec to the launcher's exit, is held in turn. The
    terminal is closed there, and the start goes on once every process that could react has done
    so. "Up" means detached and serving. A launcher that SIGHUP kills has reported the failure. The
    start is tried as the terminal's own command and as a shell's job, and in both orders where two
    processes race. Between two of these calls nothing is tried.

    Control: The same daemon whose launcher takes SIGHUP as a request to stop, and exits with
    status 0.

    Mend: Ignore SIGHUP before the first fork(), install its handler in the daemon, and let the
    launcher return what the daemon tells it through a pipe (STA-8).

    Unit: Type=exec, and start the daemon in its foreground mode: there is no terminal.
    """
    swept = hangups.of_target()
    swept.show()
    lies = swept.windows("lie", "stuck")
    lies_of_control = hangups.of("takes-a-hangup-for-a-stop").windows("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies), facts=facts_of(*lies))


@clause("STA-13", since="0.1.0", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 15"),))
def test_hangup_leaves_a_start_whole(hangups):
    """Leaves nothing running when a hangup kills its launcher.

    Wrong: A hangup kills the launcher, which means failure, but the daemon comes up.

    Why: The user sees a failed start and starts the daemon again. The second one finds its port
    taken by the first.

    Test: The starts of STA-7.

    Control: The same daemon that does not ignore SIGHUP: its launcher is killed, and the daemon
    stays.

    Mend: Ignore SIGHUP before the first fork(), or end the daemon when nobody reads its message to
    the launcher (EPIPE). STA-7 and STA-8 have the code.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    left = hangups.of_target().windows("leftover")
    left_by_control = hangups.of("leaves-hangups-to-fate").windows("leftover")

    assume(left_by_control, "the control left nothing")
    require(not left, "; ".join(left), facts=facts_of(*left))


@clause(
    "SIG-5",
    since="0.1.0",
    revised="0.2.0",
    sysv=RECOMMENDED,
    source=(ARTICLE.at("rule 1"), DAEMON_7.at("SysV Daemons, steps 14 and 15")),
)
def test_keys_make_no_start_lie(keys):
    r"""Comes up, or reports failure, when ^C, ^\ or ^Z is typed.

    Wrong: A key is typed while the daemon starts. The launcher exits with status 0, but no daemon
    is up.

    Why: The keys reach every process in the terminal's foreground group: the launcher, and each
    child that has not left the group yet. A launcher that is already in exit() still returns 0,
    and the key then kills its child: so it is with redis, sshd and cron. nginx and memcached
    handle ^C before they fork, exit with status 0, and then the daemon ends. If ^Z stops
    dbus-daemon's child before its setsid(), the child becomes an orphan when the launcher exits,
    and the kernel's SIGHUP kills it.

    Test: Each key is typed at every call of the start, and `fg` follows ^Z. It counts as a failure
    if the launcher returns 0 and no daemon is up, or never returns.

    Control: The same daemon that takes SIGINT as a request to stop, and exits with status 0.

    Mend: Let the launcher wait at a pipe until the daemon reports success, and exit with 0 only
    then (STA-7 and STA-8 have the code). The key may kill it before, but not after.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    swept = keys.of_target()
    swept.show()
    lies = swept.windows("lie", "stuck")
    lies_of_control = keys.of("takes-a-key-for-a-stop").windows("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies), facts=facts_of(*lies))


@clause(
    "STA-9",
    since="0.1.0",
    sysv=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, steps 6 and 15"), DAEMON_3.at("BUGS"), ARTICLE.at("rule 1")),
)
def test_starts_as_the_terminals_own_command(leading_start):
    """Comes up when it is run as the terminal's own command.

    Wrong: The launcher is the terminal's session leader. It exits with status 0 before its child
    has called setsid(), and the hangup that follows kills the child.

    Why: `ssh -t host mydaemon`, `xterm -e mydaemon` and `docker exec -t` make the launcher the
    session leader. When it exits, the kernel sends SIGHUP to the foreground group. Which process
    is faster is luck: redis and rinetd came up in some starts and not in others, with status 0 in
    all of them. sshd, dbus-daemon and BusyBox's syslogd can lose the race too; nginx, cron, atd
    and rsyslogd cannot.

    Test: The launcher continues whenever it can, and all other processes wait for it.

    Control: The same daemon that leaves SIGHUP alone and does not wait for its child.

    Mend: Let the launcher wait until the daemon has called setsid(), or better until it serves
    (STA-8). A daemon that calls daemon(3) ignores SIGHUP around it.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    target = leading_start.of_target()

    target.see("launcher first", target.how)
    control = leading_start.of("forks-and-hopes")
    assume(control.came == "lie", f"the control's result: {control.how}")
    require(target.came != "lie", f"as the terminal's own command: {target.how}", facts=["said-0"])


@clause(
    "STA-8",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), SYSTEMD_SERVICE.at("Type=forking")),
)
def test_failing_call_makes_no_start_lie(failures):
    """Comes up, or reports failure, when one system call fails.

    Wrong: One system call fails during the start. The launcher exits with status 0, but no daemon
    is up.

    Why: Full disks, process limits and containers without a capability make such calls fail. Exit
    status 0 means that a daemon is up, detached and serving: boot scripts and monitors have only
    that to go by (carbon-c-relay #265). redis, cron and BusyBox httpd exit with status 0 when
    fork() fails. redis, sshd, chronyd and memcached do it before they bind, so a taken port is not
    reported. cron does it and then ends when it cannot create /run/crond.reboot, atd when it
    cannot lock its pidfile.

    Test: Each call of the start fails once with each errno that its manual page documents for such
    cases, and the start goes on from there. A launcher that does not get the lock itself may exit
    with status 0, since the owner of the lock is up. The calls of the program interpreter are left
    alone: the daemon cannot change them.

    Control: The same daemon that exits with status 0 when its fork() fails.

    Mend: Check what fork(), open(), bind() and write() return, and let the launcher wait at a pipe
    for the daemon's message. If the pipe ends without one, the start has failed.

    Unit: Type=notify and sd_notify(3): systemd waits for READY=1.
    """
    swept = failures.of_target()
    swept.show()
    found = swept.points("lie", "stuck")
    lies = _told(found)
    lies_of_control = failures.of("does-not-mind-a-failing-fork").points("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies), facts=_facts(found))


@clause("STA-11", since="0.1.0", sysv=RECOMMENDED, source=(LSB_FUNCTIONS.at("start_daemon"),))
def test_failing_call_is_told(failures):
    """Says why when a failing call ends its start.

    Wrong: One system call fails, the daemon gives its start up, and neither stderr nor syslog has
    the reason.

    Why: The exit status alone leaves its administrator with strace: xinetd exits with status 1 and
    prints nothing when its pipe() fails.

    Test: The starts of STA-8.

    Control: The same daemon that exits with status 1 and prints nothing.

    Mend: Send the name of the call and strerror(errno) through the pipe at which the launcher
    waits: fail() in `daemonspec explain STA-8`.

    Unit: StandardError=journal, with the daemon in its foreground mode.
    """
    swept = failures.of_target()

    gave_up = swept.points("down", "leftover")
    applies(gave_up, "no failing call makes it give up", "no-such-thing")
    found = swept.unheard("down", "leftover")
    silent = _told(found)
    silent_control = failures.of("fails-silently").unheard("down")
    assume(silent_control, "the silent control was heard")
    require(
        not silent,
        f"gave up and printed nothing: {'; '.join(silent)}",
        facts=_facts(found, "silent"),
    )


@clause("STA-12", since="0.1.0", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 15"),))
def test_failing_call_leaves_nothing(failures):
    """Leaves nothing behind when a failing call ends its start.

    Wrong: One system call fails and the daemon reports failure, but a process, a pidfile or a
    socket of it is left.

    Why: A process that stays holds the port and the lock that the next attempt needs (CWE-459). A
    pidfile names whichever process gets that pid next, and a socket makes the next bind() fail.
    Debian's nginx writes its pidfile in the launcher: if it cannot, the launcher exits with status
    1 and the master goes on serving; start-stop-daemon does the same with its program. cron leaves
    its pidfile when it cannot enter its spool, dnsmasq and chronyd leave theirs when they may not
    drop privileges.

    Test: The starts of STA-8.

    Control: The same daemon whose first child stays for ever when it cannot fork.

    Mend: Remove the pidfile and the socket that this process made, and end its children, in the
    daemon, before it reports the failure to the launcher.
    """
    found = failures.of_target().points("leftover")
    left = _told(found)
    left_by_control = failures.of("lingers-when-it-cannot-fork").points("leftover")

    assume(left_by_control, "the control left nothing")
    require(not left, "; ".join(left), facts=_facts(found))


def _facts(points, came=""):
    """Return (Story, Point) pairs as stable words, such as bind:EADDRINUSE:said-0."""
    return [f"{one.name}:{one.how}:{came or one.fact}" for _, one in points]


def _told(points):
    """Return (Story, Point) pairs as texts, those together that differ by the errno alone."""
    errnos = {}
    for story, one in points:
        left = "".join(f", left {text}" for text in one.left if text not in one.seen)
        errnos.setdefault((one.number, story.text(one.number), one.seen + left), []).append(one.how)
    return [
        f"{call} fails with {' or '.join(how)}: {seen}" for (_, call, seen), how in errnos.items()
    ]
