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
    require,
)


@clause(
    "STA-7",
    sysv=REQUIRED,
    source=(
        ARTICLE.at("rule 1"),
        DAEMON_7.at("SysV Daemons, steps 14 and 15"),
        POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
    ),
)
def test_hangup_makes_no_start_lie(hangups):
    """A daemon whose terminal hangs up while it starts is up afterwards, or says that it is not.

    `ssh -t host start-it` and a window that is closed too early hang the terminal up within the
    start.  It lasts microseconds, so nobody tests it: every call of a process's life, from exec
    to the launcher's end, is held in turn, the terminal is closed there, and the start goes on once
    everybody who could react to that has done so.  "Up" is detached and serving.  A launcher that
    SIGHUP kills has said so.  Tried as the terminal's own command and as a shell's job, and where
    two processes race, in both orders; between two listed calls nothing is tried.

    Control: the same daemon that takes SIGHUP for a wish to end while it is still a launcher, and
    exits with 0.

    Mend: ignore SIGHUP before the first fork(), give it its handler in the daemon, and let the
    launcher return what the daemon said over a pipe.
    """
    swept = hangups.of_target()
    swept.show()
    lies = swept.windows("lie", "stuck")
    lies_of_control = hangups.of("takes-a-hangup-for-a-stop").windows("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies))


@clause("STA-13", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 15"),))
def test_hangup_leaves_a_start_whole(hangups):
    """A daemon whose launcher is killed by a hangup is not there either.

    Who saw the start fail starts it again, and the second one finds the port taken by the first;
    a start that ignores SIGHUP from before its first fork() is not stopped halfway.  The starts
    are those of STA-7.

    Control: the same daemon without its SIGHUP ignored: its launcher dies, and it lives on.

    Mend: ignore SIGHUP before the first fork(); or end the daemon when its promise finds no reader.
    """
    left = hangups.of_target().windows("leftover")
    left_by_control = hangups.of("leaves-hangups-to-fate").windows("leftover")

    assume(left_by_control, "the control left nothing")
    require(not left, "; ".join(left))


@clause(
    "SIG-5",
    sysv=RECOMMENDED,
    source=(ARTICLE.at("rule 1"), DAEMON_7.at("SysV Daemons, steps 14 and 15")),
)
def test_keys_make_no_start_lie(keys):
    """A daemon at whose start ^C, ^\\ or ^Z is typed is up afterwards, or says that it is not.

    The keys reach everybody in the terminal's foreground group: the launcher, and who has not
    left the group yet.  Each is typed at every call of the start; after ^Z comes `fg`.  A launcher
    that is within exit() already still says 0: what the key then does to its child is a lie, as in
    redis, sshd and cron.  nginx and memcached take ^C with a handler before they fork, say 0, and
    the daemon then ends by it.  dbus-daemon's child, stopped by ^Z before its setsid(), is an
    orphan when the launcher ends, and killed by the kernel's SIGHUP.

    Control: the same daemon that takes SIGINT for a wish to end, and exits with 0.

    Mend: as STA-7; the launcher may die of the keys, but then its daemon must not have promised.
    """
    swept = keys.of_target()
    swept.show()
    lies = swept.windows("lie", "stuck")
    lies_of_control = keys.of("takes-a-key-for-a-stop").windows("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies))


@clause(
    "STA-9",
    sysv=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, steps 6 and 15"), DAEMON_3.at("BUGS"), ARTICLE.at("rule 1")),
)
def test_starts_as_the_terminals_own_command(leading_start):
    """A daemon that is the terminal's own command comes up, however soon its launcher is gone.

    `ssh -t host mydaemon`, `xterm -e mydaemon` and `docker exec -t` make the launcher the session
    leader; when it exits the kernel sends SIGHUP to the foreground group, and kills the child
    that has not called setsid() yet.  Which of the two is faster is luck: redis and rinetd came up
    in some starts and not in others, and said 0 in all of them.  sshd, dbus-daemon and BusyBox's
    syslogd lose that race too; nginx, cron, atd and rsyslogd cannot.  Here the launcher is let go
    whenever it can go, and everybody else waits for that.

    Control: the same daemon that leaves SIGHUP alone and does not wait for its child.

    Mend: let the launcher wait until the daemon has called setsid(), better until it serves; or
    ignore SIGHUP before the first fork().
    """
    target = leading_start.of_target()

    target.see("launcher first", target.how)
    control = leading_start.of("forks-and-hopes")
    assume(control.came == "lie", f"the control came to this: {control.how}")
    require(target.came != "lie", f"as the terminal's own command: {target.how}")


@clause(
    "STA-8",
    sysv=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), SYSTEMD_SERVICE.at("Type=forking")),
)
def test_failing_call_makes_no_start_lie(failures):
    """A daemon of which one system call fails at the start is up all the same, or says so.

    A full disk, a limit on processes, a container without a capability: each call of the start
    fails once with each errno that its manual page has for such things, and the start goes on as
    the daemon will have it.  Exit status 0 means that a daemon is up, detached and serving: boot
    scripts and monitors have nothing else to go by (carbon-c-relay #265).  redis, cron and BusyBox
    httpd say 0 when fork() fails; redis, sshd, chronyd and memcached say it before they bind, so
    that a taken port is a lie; cron says it and ends when it cannot create /run/crond.reboot, atd
    when it cannot lock its pidfile.  A launcher that does not get the lock itself may say 0, for
    whoever has it is up.  The calls of the program interpreter are left alone: nothing in them is
    the daemon's choice.

    Control: the same daemon that leaves with 0 when its second fork() fails.

    Mend: check what fork(), open(), bind() and write() return, and let the launcher wait for the
    daemon's word; end-of-file without a word is a failure.
    """
    swept = failures.of_target()
    swept.show()
    lies = _told(swept.points("lie", "stuck"))
    lies_of_control = failures.of("does-not-mind-a-failing-fork").points("lie")

    assume(lies_of_control, "the control did not lie")
    require(not lies, "; ".join(lies))


@clause("STA-11", sysv=RECOMMENDED, source=(LSB_FUNCTIONS.at("start_daemon"),))
def test_failing_call_is_told(failures):
    """A daemon that gives its start up because a call failed says why, on stderr or in syslog.

    The status alone leaves its administrator with strace: xinetd says 1 and no word when its pipe()
    fails.  The starts are those of STA-8.

    Control: the same daemon that exits with 1 and prints nothing.

    Mend: strerror(errno) and the name of the call, through the pipe at which the launcher waits.
    """
    swept = failures.of_target()

    applies(swept.points("down", "leftover"), "no failing call makes it give up")
    silent = _told(swept.unheard("down", "leftover"))
    silent_control = failures.of("fails-silently").unheard("down")
    assume(silent_control, "the silent control was heard")
    require(not silent, f"gave up without a word: {'; '.join(silent)}")


@clause("STA-12", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 15"),))
def test_failing_call_leaves_nothing(failures):
    """A daemon that gives its start up because a call failed leaves nothing of it behind.

    A process that is left holds the port and the lock that the next attempt needs (CWE-459), a
    pidfile names whoever gets that pid next, and a socket is in bind()'s way.  Debian's nginx
    writes its pidfile in the launcher: when it cannot, that says 1 and the master serves on;
    start-stop-daemon does the same with its program.  cron leaves its pidfile when it cannot enter
    its spool, dnsmasq and chronyd theirs when they may not drop privileges.  The starts are those
    of STA-8.

    Control: the same daemon whose first child stays for ever when it cannot fork.

    Mend: undo in the daemon what it did, before it reports the failure to the launcher.
    """
    left = _told(failures.of_target().points("leftover"))
    left_by_control = failures.of("lingers-when-it-cannot-fork").points("leftover")

    assume(left_by_control, "the control left nothing")
    require(not left, "; ".join(left))


def _told(points):
    """Return (Story, Point) pairs as texts, those together that differ by the errno alone."""
    errnos = {}
    for story, one in points:
        left = "".join(f", left {text}" for text in one.left if text not in one.seen)
        errnos.setdefault((one.number, story.text(one.number), one.seen + left), []).append(one.how)
    return [
        f"{call} fails with {' or '.join(how)}: {seen}" for (_, call, seen), how in errnos.items()
    ]
