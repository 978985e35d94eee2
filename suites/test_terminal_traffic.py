"""TTY: what goes over the terminal that the daemon was started from, and who keeps it open."""

from daemonspec import (
    ARTICLE,
    DAEMON_7,
    PEP_3143,
    POSIX_TERMINAL,
    RECOMMENDED,
    REQUIRED,
    SIGNAL_7,
    applies,
    assume,
    clause,
    require,
)


@clause(
    "TTY-8",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("difference 1, and what a daemon is: its messages appear on no terminal"),
        DAEMON_7.at("SysV Daemons, step 9"),
        PEP_3143.at("stdin, stdout, stderr"),
    ),
)
def test_writes_nothing_to_the_terminal(launch, control, provoke):
    """A daemon writes nothing to the terminal that it was started from, once it is up.

    What it says there lands in the middle of somebody's editor, is read by nobody, and is lost
    when it matters (yrutschle/sslh #468); where the terminal is a script's pipe it breaks the
    script.  It is given reasons to speak: its service is used, nonsense is sent to it, and SIGHUP.
    Each client stays until it has heard the answer out.  A daemon that stays silent passes if it
    could not have spoken, because none of its processes has a descriptor of the terminal or has it
    for its controlling terminal.  A silent one that holds the terminal may speak at another time:
    it is not judged here, TTY-10 or TTY-1 fails it.

    Control: a daemon that reports each SIGHUP on the terminal that it kept open.

    Mend: dup2() /dev/null or the log onto 1 and 2; say the rest to syslog(3) or to a file.
    """
    spoken = control.once("talks-to-its-terminal", provoke)
    daemon = launch()

    chatter = provoke(daemon)

    assume(spoken.text, "the daemon that talks to its terminal was not heard")
    applies(chatter.text or not chatter.elsewhere, chatter.elsewhere)
    assume(chatter.text or not chatter.unproved, f"silent ({chatter.done}): {chatter.unproved}")
    require(not chatter.text, f"wrote to its terminal ({chatter.done}): {chatter.text[:200]!r}")


@clause(
    "TTY-9",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        POSIX_TERMINAL.at("11.1.4 Terminal Access Control"),
        DAEMON_7.at("SysV Daemons, step 9"),
        ARTICLE.at("what a daemon is: it is separated from the terminal"),
    ),
)
def test_takes_no_input(visit, visits):
    """A daemon takes nothing of what is typed at the terminal that it was started from.

    Only a process whose controlling terminal it is gets SIGTTIN for reading from the background.
    One that called setsid() and kept descriptor 0 reads on, and takes lines, and passwords, from
    the shell.  Eight numbered `echo` lines are typed at the prompt while the shell is stopped, so
    that whoever else reads has the terminal for himself; then the shell goes on, and has to find
    all of them.

    Control: a daemon that reads a terminal it kept open.

    Mend: dup2() /dev/null onto 0, and close every other descriptor of the terminal.
    """
    stolen = visits.of("reads-its-terminal").see("taken")
    taken, present = visit.see("taken"), visit.see("present")

    assume(stolen, "the daemon that reads its terminal took no line")
    assume(present, f"gone while lines were typed: {visit.last_seen}")
    require(not taken, f"of {visit.typed} lines typed the shell never got {_list(taken)}")


def _list(numbers):
    return ", ".join(map(str, numbers))


@clause(
    "TTY-10",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 1 and 9"),
        ARTICLE.at("rule 5 and difference 3"),
        PEP_3143.at("files_preserve"),
    ),
)
def test_lets_go_of_the_terminal(visit, visits):
    """A daemon keeps no descriptor of the terminal that it was started from.

    The line closes when the last descriptor is closed: until then the terminal window stays after
    `exit`, and the ssh session, the pod or the CI job behind it does not end (logos-co/scaffold
    #34; OpenRC/openrc #540).  The shell ends, and the harness asks the master side whether the
    other side is closed, which needs no look at descriptors: one opened by way of /dev/tty, or
    held by a process that nobody may inspect, keeps the line open too.  A launcher that stays,
    which is PAR-2, is killed before.

    Control: plain `cmd &`, left behind by the shell, which keeps the terminal open.

    Mend: close everything above 2 that was inherited, and dup2() /dev/null onto 0, 1 and 2.
    """
    plain_lets_go = visits.plain_lets_go()
    holders, free, alive = visit.see("holders"), visit.see("free"), visit.see("alive")

    assume(not plain_lets_go, "the terminal closed although `cmd &` was left on it")
    assume(alive or not free, f"nobody is left to hold the terminal: {visit.last_seen}")
    who = "; ".join(holders) or "the holder is unseen"
    require(free, f"the terminal stays open after the shell's end: {who}")


@clause(
    "TTY-11",
    sysv=RECOMMENDED,
    source=POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
)
def test_does_not_spin_after_the_hangup(visit, visits):
    """A daemon does not spin when the terminal that it was started from has gone.

    Every read of a hung-up terminal returns at once, with nothing or with EIO, and every poll says
    that it is ready: a loop around either takes a processor for itself, for as long as nobody
    looks.  The shell ends, the terminal is closed, and everybody has to come to rest; who used a
    fifth of a second of CPU time without a rest is spinning.  A daemon that never rests anyway
    cannot be judged.

    Control: a daemon that polls its terminal and takes no notice of POLLHUP.

    Mend: take end-of-file, EIO and POLLHUP for the end of that descriptor, and close it.
    """
    spinner = visits.of("watches-its-terminal").see("spins")
    busy, spins, alive = visit.see("busy"), visit.see("spins"), visit.see("alive")

    assume(spinner, "the daemon that polls its terminal came to rest")
    assume(not busy, f"busy before the hangup: {busy}")
    assume(alive or spins, f"nobody is left to spin: {visit.last_seen}")
    require(not spins, f"after the terminal had gone {spins}")


@clause(
    "TTY-13",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=SIGNAL_7.at("Interruption of system calls and library functions by stop signals"),
)
def test_resumes_after_a_stop(launch, control, pause):
    """A daemon that was stopped and continued goes on, and answers what came in between.

    Whoever debugs it, freezes it for a backup or saves memory stops it by SIGSTOP.  On Linux
    epoll_wait, sigtimedwait, semop and others return EINTR after SIGCONT although no handler ran: a
    loop that takes every error for the end of its service ends there.  All its processes are
    stopped, a request is put where one is declared, and all are continued: that request is
    answered, and the next one too.

    Control: a daemon that takes EINTR for a failure.

    Mend: call again after EINTR, whether or not there is a handler.
    """
    wrong_with_control = control.once("dies-of-a-stop", pause)
    daemon = launch()

    wrong = pause(daemon)

    assume(wrong_with_control, "the daemon that takes EINTR for a failure went on")
    require(not wrong, f"after SIGSTOP and SIGCONT: {wrong}")
