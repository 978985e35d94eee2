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
    facts_of,
    require,
)


@clause(
    "TTY-8",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("difference 1, and what a daemon is: its messages appear on no terminal"),
        DAEMON_7.at("SysV Daemons, step 9"),
        PEP_3143.at("stdin, stdout, stderr"),
    ),
)
def test_writes_nothing_to_the_terminal(launch, control, provoke):
    """Writes nothing to the launch terminal once it is up.

    Wrong: The daemon writes to the terminal that it was started from after its start is over.

    Why: The text appears in the middle of an editor session, nobody reads it, and it is lost when
    it matters (yrutschle/sslh #468). Where the terminal is a script's pipe, it breaks the script.

    Test: The daemon gets reasons to print: its service is used, invalid requests are sent to it,
    and SIGHUP. Each client stays until the whole answer has arrived. A daemon that stays silent
    passes if it could not have written: none of its processes has a descriptor of the terminal or
    has it as its controlling terminal. A silent daemon that holds the terminal may write at
    another time. It is not judged here: TTY-10 or TTY-1 fails it.

    Control: A daemon that reports each SIGHUP on the terminal, which it kept open.

    Mend: dup2() /dev/null or the log onto 1 and 2, and write everything else to syslog(3) or to a
    file.

    Unit: StandardOutput=journal, with the daemon in its foreground mode.
    """
    spoken = control.once("talks-to-its-terminal", provoke)
    daemon = launch()

    chatter = provoke(daemon)

    assume(spoken.text, "the daemon that talks to its terminal was not heard")
    applies(chatter.text or not chatter.elsewhere, chatter.elsewhere, chatter.code)
    assume(
        chatter.text or not chatter.unproved,
        f"silent ({chatter.done}): {chatter.unproved}",
        "gone" if chatter.ended else "unreadable",
    )
    require(
        not chatter.text,
        f"wrote to its terminal ({chatter.done}): {chatter.text[:200]!r}",
        facts=["wrote"],
    )


@clause(
    "TTY-9",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        POSIX_TERMINAL.at("11.1.4 Terminal Access Control"),
        DAEMON_7.at("SysV Daemons, step 9"),
        ARTICLE.at("what a daemon is: it is separated from the terminal"),
    ),
)
def test_takes_no_input(visit, visits):
    """Takes no input from the launch terminal.

    Wrong: The daemon reads what is typed at the terminal that it was started from.

    Why: The kernel stops a background reader by SIGTTIN only if the terminal is its controlling
    terminal. A daemon that called setsid() and kept descriptor 0 reads on, and takes lines and
    passwords from the shell.

    Test: Eight numbered `echo` lines are typed at the prompt while the shell is stopped, so that
    any other reader gets them. Then the shell continues, and has to find all eight.

    Control: A daemon that reads the terminal, which it kept open.

    Mend: dup2() /dev/null onto 0, and close every other descriptor of the terminal. `daemonspec
    explain TTY-10` has the code.

    Unit: StandardInput=null, which is the default.
    """
    stolen = visits.of("reads-its-terminal").see("taken")
    taken, present = visit.see("taken"), visit.see("present")

    assume(stolen, "the daemon that reads its terminal took no line")
    assume(present, f"gone while lines were typed: {visit.last_seen}", "gone")
    require(
        not taken,
        f"of {visit.typed} typed lines the shell did not get {_list(taken)}",
        facts=["takes-lines"],
    )


def _list(numbers):
    return ", ".join(map(str, numbers))


@clause(
    "TTY-10",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 1 and 9"),
        ARTICLE.at("rule 5 and difference 3"),
        PEP_3143.at("files_preserve"),
    ),
)
def test_lets_go_of_the_terminal(visit, visits):
    """Keeps no descriptor of the launch terminal.

    Wrong: A process of the daemon still has the terminal that it was started from open.

    Why: A terminal closes when its last descriptor is closed. Until then the window stays open
    after `exit`, and the ssh session, the pod or the CI job does not end (logos-co/scaffold #34,
    OpenRC/openrc #540).

    Test: The shell exits, and the harness asks the master side whether the other side is closed.
    No descriptor has to be read for that: one opened as /dev/tty, or held by a process that cannot
    be inspected, keeps the terminal open too. A launcher that stays, which is PAR-2, is killed
    before.

    Control: Plain `cmd &`, left behind by the shell, which keeps the terminal open.

    Mend: Close the inherited descriptors above 2 (FDS-2) and dup2() /dev/null onto 0, 1 and 2
    (FDS-1). If some descriptors have to stay, replace those of a terminal.

    Unit: StandardInput=null and StandardOutput=journal, with the daemon in its foreground mode.
    """
    plain_lets_go = visits.plain_lets_go()
    holders, free, alive = visit.see("holders"), visit.see("free"), visit.see("alive")

    assume(not plain_lets_go, "the terminal closed although `cmd &` was left on it")
    assume(alive or not free, f"no process is left to hold the terminal: {visit.last_seen}", "gone")
    who = "; ".join(holders) or "the process that holds it cannot be seen"
    require(free, f"the terminal stays open after the shell exited: {who}", facts=["open"])


@clause(
    "TTY-11",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
)
def test_does_not_spin_after_the_hangup(visit, visits):
    """Does not spin after the terminal has gone.

    Wrong: The daemon takes a whole processor once the terminal that it was started from is gone.

    Why: Every read of a hung-up terminal returns at once, with nothing or with EIO, and every poll
    says that it is ready. A loop around either never sleeps again.

    Test: The shell exits, the terminal is closed, and every process has to come to rest. A process
    that used a fifth of a second of CPU time without resting is spinning. A daemon that never
    rests anyway cannot be judged.

    Control: A daemon that polls its terminal and ignores POLLHUP.

    Mend: Treat end-of-file, EIO and POLLHUP as the end of that descriptor, and close it.

    Unit: StandardInput=null, with the daemon in its foreground mode.
    """
    spinner = visits.of("watches-its-terminal").see("spins")
    busy, spins, alive = visit.see("busy"), visit.see("spins"), visit.see("alive")

    assume(spinner, "the daemon that polls its terminal came to rest")
    assume(not busy, f"busy before the hangup: {busy}", "not-repeatable")
    assume(alive or spins, f"no process is left to spin: {visit.last_seen}", "gone")
    require(not spins, f"after the terminal was gone: {spins}", facts=["spins"])


@clause(
    "TTY-13",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=SIGNAL_7.at("Interruption of system calls and library functions by stop signals"),
)
def test_resumes_after_a_stop(launch, control, pause):
    """Resumes after SIGSTOP and SIGCONT.

    Wrong: After it was stopped and continued, the daemon ends or does not answer.

    Why: Debuggers, backups and tools that save memory stop a process by SIGSTOP. On Linux,
    epoll_wait, sigtimedwait, semop and others return EINTR after SIGCONT although no handler ran.
    A loop that takes every error for the end of its service ends there.

    Test: All processes of the daemon are stopped, a request is sent if one is declared, and all
    are continued. That request has to be answered, and the next one too.

    Control: A daemon that takes EINTR for a failure.

    Mend: Call again after EINTR, whether or not there is a handler.
    """
    wrong_with_control = control.once("dies-of-a-stop", pause)
    daemon = launch()

    wrong = pause(daemon)

    assume(wrong_with_control, "the daemon that takes EINTR for a failure went on")
    require(
        not wrong,
        f"after SIGSTOP and SIGCONT: {wrong}",
        facts=facts_of(*filter(None, [wrong])),
    )
