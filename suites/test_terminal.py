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
    facts_of,
    require,
)


@clause(
    "TTY-1",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 6"), ARTICLE.at("rule 3")),
)
def test_has_no_controlling_terminal(inheritance):
    """Gives up the launch terminal as controlling terminal.

    Wrong: A process of the daemon still has the terminal that it was started from as its
    controlling terminal.

    Why: The kernel sends the terminal's signals to every process that has it: ^C in the editor
    that mounted an sshfs also ended the mount (libfuse/sshfs #141).

    Test: The daemon is started from a shell on a terminal, and the controlling terminal of each of
    its processes is read while that terminal is open. After a hangup it would prove nothing: the
    kernel clears the field in the whole session, and then even a background job looks detached. A
    daemon that owns another terminal, as tmux does, passes.

    Control: Plain `cmd &`, which keeps the terminal.

    Mend: Call setsid() in the child of the first fork(). A new session has no terminal.

    Unit: Type=exec, and start the daemon in its foreground mode: systemd gives it no terminal.
    """
    plain = inheritance.plain_first.of_each("controlling terminal")
    daemon = inheritance.first.of_each("controlling terminal")

    # A terminal controls one session only: the same device number in another is another devpts.
    terminal, session = inheritance.first.terminal_rdev, inheritance.first.line_session
    kept = [
        process
        for process, device in daemon.items()
        if device == terminal and process.stat.session == session
    ]
    assume(
        list(plain.values()) == [inheritance.plain_first.terminal_rdev],
        "plain `cmd &` did not have the terminal either",
    )
    require(
        not kept,
        f"still has the launch terminal as controlling terminal: {', '.join(map(str, kept))}",
        facts=[one.role for one in kept],
    )


@clause(
    "TTY-3",
    since="0.1.0",
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
    """Does not acquire a terminal that it opens.

    Wrong: A process of the daemon is a session leader without a terminal. The first terminal that
    it opens for reading without O_NOCTTY, such as a serial port or a console used as a log,
    becomes its controlling terminal.

    Why: From then on ^C and a hangup on that line reach the daemon: picocom adopted a serial port
    this way and was killed by its hangup (npat-efault/picocom #12).

    Test: The harness makes the daemon open a fresh pseudo-terminal that belongs to no session, and
    asks the kernel who owns it. Every session leader among the daemon's processes is tried, or the
    main process if there is none. Where no call can be made inside a process, its place in the
    session decides: a session leader can acquire a terminal, another process cannot.

    Control: A program that detaches as daemon(3) does and stays session leader. It acquires the
    terminal.

    Mend: After setsid(), fork() again and let the session leader exit. Or open every path that may
    be a terminal with O_NOCTTY.

    Unit: Type=exec, and start the daemon in its foreground mode. systemd makes it a session
    leader, so it still needs O_NOCTTY.
    """
    acquired_by_control = control.once("is-session-leader", _acquisitions)
    daemon = launch()

    results = daemon.offer_terminals()

    assume(acquired_by_control == ["acquired"], f"a session leader: {acquired_by_control}")
    caught = {
        process: "acquired a terminal" if effect == "acquired" else "is session leader"
        for process, effect in results
        if effect == "acquired" or (process.leads_session and effect != "not acquired")
    }
    require(
        not caught,
        f"{', '.join(f'{process} {what}' for process, what in caught.items())}: "
        "a terminal that it opens becomes its controlling terminal",
        facts=[process.role for process in caught],
    )


def _acquisitions(daemon):
    return [effect for _, effect in daemon.offer_terminals()]


@clause(
    "TTY-5",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("difference 2"),
        PEP_3143.at("Correct daemon behaviour"),
        POSIX_TERMINAL.at("11.1.10 Modem Disconnect"),
    ),
)
def test_survives_hangup(launch, terminal, control):
    """Survives the hangup of its terminal.

    Wrong: The daemon ends, or stops answering, when the terminal that it was started from goes
    away.

    Why: Closing a terminal window, a dropped ssh connection and a crashed terminal multiplexer all
    hang the terminal up. Spawning was killed by it (rtyler/Spawning #33).

    Test: The harness closes the master side of the terminal and sends no signal itself. SIGHUP has
    to come from the kernel, and the shell's death shows that it came. The verdict waits until
    every process is asleep again.

    Control: Plain `cmd &` under the same shell on the same terminal, which the shell takes down
    with it.

    Mend: Call setsid() after fork(), or run in the foreground under a service manager.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    plain = control.in_background(terminal)
    daemon = launch(terminal, beside=[plain])

    shell = terminal.hang_up()
    daemon.watch()

    assume(shell.died_of("SIGHUP"), f"the hangup did not reach the shell: {shell}")
    assume(plain.gone, f"the control survived as well: {plain.last_seen}")
    serves, seen = daemon.serves, daemon.last_seen
    require(
        serves, f"gone or not answering after its terminal hung up: {seen}", facts=facts_of(seen)
    )


@clause(
    "TTY-7",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        POSIX_TERMINAL.at("11.1.9 Special Characters"),
        ARTICLE.at("what a daemon is: no terminal's signals interrupt it"),
    ),
)
def test_keys_do_not_reach_it(keyboard):
    r"""Stays out of reach of ^C, ^\ and ^Z.

    Wrong: ^C, ^\ or ^Z, typed at the terminal that the daemon was started from, ends it, stops it
    or makes it stop answering.

    Why: The keys send SIGINT, SIGQUIT and SIGTSTP to the terminal's foreground process group. A
    daemon that a script, an editor or a REPL started, and that did not leave the group, is still
    in it: ^C at mvnd's client killed its daemon (apache/maven-mvnd #193).

    Test: The keys are pressed in two places: while a script that started the daemon goes on in the
    foreground, and at the prompt of a job-control shell, where the foreground group is the shell's
    own. At the prompt even a background job is safe, but a daemon that joined the shell's group is
    not. In each place the first key that harms the daemon is the last one pressed.

    Control: In a script, its own `sleep`, which each key kills or stops. At the prompt, a job in
    the shell's process group, which each key reaches.

    Mend: Call setsid() after fork(). It leaves the process group too.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    places = keyboard.in_a_script(), keyboard.at_the_prompt()

    reached = [place.reached for place in places if place.reached]
    unfelt = [place.unfelt for place in places if place.unfelt]
    assume(reached or not unfelt, "; ".join(unfelt))
    require(not reached, "; ".join(reached), facts=facts_of(*reached))


@clause(
    "TTY-12",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("rule 1"),
        PEP_3143.at("signal_map"),
        POSIX_TERMINAL.at("11.1.4 Terminal Access Control"),
    ),
)
def test_is_not_stopped(launch, terminal, control):
    """Runs on after SIGTTIN, SIGTTOU and SIGTSTP.

    Wrong: One of these three signals stops the daemon's main process.

    Why: A terminal sends them to a background process that uses it. A stopped daemon looks alive
    to every supervisor and answers no client.

    Test: Each signal is sent to the main process. The kernel drops their default action in an
    orphaned process group, so most daemons need not ignore them. A daemon whose parent lives in
    another group of the same session, such as a monitor, is not protected like that. The evidence
    says which of the two it was. Workers are not judged: they may stop under their supervisor.

    Control: Plain `cmd &`, which stops.

    Mend: Ignore the three signals, or let the parent exit so that the process group is orphaned.

    Unit: Type=exec, and start the daemon in its foreground mode.
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
        facts=facts_of(daemon.last_seen),
    )
