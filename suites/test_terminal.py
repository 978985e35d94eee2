"""TTY: the terminal that the daemon was started from, and every other."""

from daemonspec import (
    ARTICLE,
    DAEMON_3,
    DAEMON_7,
    PEP_3143,
    POSIX_TERMINAL,
    REQUIRED,
    assume,
    clause,
    require,
)


@clause(
    "TTY-1",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 6"), ARTICLE.at("rule 3")),
)
def test_has_no_controlling_terminal(inheritance):
    """A daemon has no process whose controlling terminal is the one it was started from.

    A process that keeps it gets the terminal's signals for as long as the terminal is there: ^C in
    the editor that mounted an sshfs took the mount away (libfuse/sshfs #141).  It is read while
    the terminal is open: after a hangup the kernel clears the field in the whole session, and even
    a background job reads as detached.  A daemon that owns another terminal, as tmux does, is not
    at fault.

    Control: plain `cmd &`, which keeps the terminal.

    Mend: call setsid() in the child of the first fork(); a new session has no terminal.
    """
    plain = inheritance.plain_first.of_each("controlling terminal")
    daemon = inheritance.first.of_each("controlling terminal")

    # A terminal controls one session only: the same device number in another is another devpts.
    terminal, session = inheritance.first.terminal_rdev, inheritance.first.line_session
    kept = [
        str(process)
        for process, device in daemon.items()
        if device == terminal and process.stat.session == session
    ]
    assume(
        list(plain.values()) == [inheritance.plain_first.terminal_rdev],
        "plain `cmd &` did not have the terminal either",
    )
    require(not kept, f"still has the launching terminal for its own: {', '.join(kept)}")


@clause(
    "TTY-3",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 7"),
        ARTICLE.at("rule 4"),
        DAEMON_3.at("BUGS"),
        PEP_3143.at("Correct daemon behaviour"),
    ),
)
def test_never_acquires_a_terminal(launch, control):
    """A daemon that opens a terminal does not get it for its controlling terminal.

    A session leader without a terminal acquires the first one that it opens for reading without
    O_NOCTTY: a serial port, a console log, a device that somebody configured.  From then on ^C and
    the hangup of that line reach it; picocom adopted a serial port this way and died of its hangup
    (npat-efault/picocom #12).  The harness makes the daemon itself open a fresh pseudo-terminal
    that belongs to no session, and asks the kernel whose it is.  Every session leader among the
    daemon's processes is tried, or the main process where there is none; where no call can be
    made inside it, the structure decides: a session leader can, another process cannot.

    Control: a daemon(3)-like program that stays session leader, which acquires the terminal.

    Mend: fork() again after setsid() and let the session leader exit; or open every path that
    may be a terminal with O_NOCTTY and let a service manager start you.
    """
    acquired_by_control = control.once("is-session-leader", _acquisitions)
    daemon = launch()

    results = daemon.offer_terminals()

    assume(acquired_by_control == ["acquired"], f"a session leader: {acquired_by_control}")
    caught = [
        f"{process} {'acquired a terminal' if effect == 'acquired' else 'is session leader'}"
        for process, effect in results
        if effect == "acquired" or (process.leads_session and effect != "not acquired")
    ]
    require(not caught, f"{', '.join(caught)}: what terminal it opens becomes its own")


def _acquisitions(daemon):
    return [effect for _, effect in daemon.offer_terminals()]


@clause(
    "TTY-5",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("difference 2"),
        PEP_3143.at("Correct daemon behaviour"),
        POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
    ),
)
def test_survives_hangup(launch, terminal, control):
    """A daemon keeps serving when the terminal it was started from goes away.

    Closing a terminal window, a dropped ssh connection and a crashed multiplexer all look like
    this; Spawning died of it (rtyler/Spawning #33).  The harness closes the pty master and sends
    no signal itself: SIGHUP has to come from the kernel, and the shell is the witness that it came.
    The verdict waits until everybody in the world is asleep again.

    Control: plain `cmd &` under the same shell on the same terminal, which the shell takes down
    with it.

    Mend: setsid() after fork(); or run in the foreground and let a service manager detach you.
    """
    plain = control.in_background(terminal)
    daemon = launch(terminal, beside=[plain])

    shell = terminal.hang_up()
    daemon.watch()

    assume(shell.died_of("SIGHUP"), f"the hangup did not reach the shell: {shell}")
    assume(plain.gone, f"the control survived as well: {plain.last_seen}")
    require(daemon.serves, f"gone or deaf after its terminal hung up: {daemon.last_seen}")


@clause(
    "TTY-7",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        POSIX_TERMINAL.at("11.1.9 Special Characters"),
        ARTICLE.at("what a daemon is: no terminal's signals interrupt it"),
    ),
)
def test_keys_do_not_reach_it(keyboard):
    """A daemon is not reached by ^C, ^\\ and ^Z typed at the terminal it was started from.

    The keys send SIGINT, SIGQUIT and SIGTSTP to the terminal's foreground process group.  They are
    pressed in two places.  In a script, an editor or a REPL that started the daemon and goes on in
    the foreground, a daemon that did not leave the group is still in it: ^C at mvnd's client killed
    its daemon (apache/maven-mvnd #193).  At the prompt of a job-control shell the foreground group
    is the shell's own, where even a background job is safe; a daemon that joined that group is not.
    The first key after which the daemon is gone, stopped or deaf is the last one there.

    Control: in a script its own `sleep`, which each key kills or stops; at the prompt a job in the
    shell's process group, which feels each key.

    Mend: setsid() after fork(), which leaves the process group too.
    """
    places = keyboard.in_a_script(), keyboard.at_the_prompt()

    reached = [place.reached for place in places if place.reached]
    unfelt = [place.unfelt for place in places if place.unfelt]
    assume(reached or not unfelt, "; ".join(unfelt))
    require(not reached, "; ".join(reached))


@clause(
    "TTY-12",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("rule 1"),
        PEP_3143.at("signal_map"),
        POSIX_TERMINAL.at("11.1.4 Terminal Access Control"),
    ),
)
def test_is_not_stopped(launch, terminal, control):
    """A daemon is not stopped by SIGTTIN, SIGTTOU and SIGTSTP.

    These are what a terminal sends to whoever touches it from the background; a daemon that stops
    is up for every supervisor and deaf for every client.  The kernel drops their default action in
    an orphaned process group, so most daemons need not ignore them; one whose parent lives in
    another group of the same session, a monitor, is not so protected.  The evidence says which of
    the two it was.  Only the main process is judged: workers may stop under their supervisor.

    Control: plain `cmd &`, which stops.

    Mend: ignore the three signals; or let the parent exit, so that the group is orphaned.
    """
    plain = control.in_background(terminal)
    daemon = launch(terminal, beside=[plain])
    plain.receive("SIGTSTP")
    assume(plain.stopped, f"SIGTSTP did not stop the control: {plain.last_seen}")

    effects = daemon.receive("SIGTTIN", "SIGTTOU", "SIGTSTP")

    stopped = [name for name, effect in effects.items() if effect in ("stopped", "gone")]
    require(
        not stopped and daemon.serves,
        f"after {', '.join(stopped or effects)}: {daemon.last_seen}",
    )
