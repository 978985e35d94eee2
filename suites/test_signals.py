"""SIG: what signals do to the daemon, and what of them it takes over from its launcher."""

from daemonspec import (
    ARTICLE,
    DAEMON_7,
    INFORMATION,
    RECOMMENDED,
    REQUIRED,
    SIGNAL_7,
    SYSTEMD_EXEC,
    applies,
    assume,
    clause,
    facts_of,
    require,
)


@clause(
    "SIG-1",
    since="0.1.0",
    sysv=RECOMMENDED,
    article=RECOMMENDED,
    source=DAEMON_7.at("SysV Daemons, step 3"),
)
def test_blocked_signals_are_not_inherited(attempt):
    """Starts with all signals blocked, and ends on SIGTERM.

    Wrong: The daemon was started by a program that blocks all signals. It does not come up, or
    SIGTERM does not end it.

    Why: A signal mask passes through fork() and exec(). A supervisor or a library that starts
    programs from a thread with all signals blocked gives them a mask under which SIGTERM stays
    pending for ever: containers hung at shutdown (containers/podman #3452).

    Test: The daemon is started with every signal blocked, and gets SIGTERM. The mask itself is not
    judged: a daemon that waits for signals with sigwait() or signalfd() blocks them on purpose,
    and takes them.

    Control: Plain `cmd &` with the same mask, which SIGTERM does not end.

    Mend: Empty the signal mask with sigprocmask() before anything else.

    Unit: systemd starts services with an empty mask.
    """
    plain_gone = attempt.of_background_job("every signal blocked", "SIGTERM")
    assume(not plain_gone, "SIGTERM ended plain `cmd &` although it was blocked")
    started = attempt("every signal blocked")

    effect = started.takes("SIGTERM")

    applies(effect != "alive", "SIGTERM was taken and did not end it, which is STP-1", "is:STP-1")
    require(
        effect == "gone",
        f"started with every signal blocked: {started.last_seen}",
        facts=[effect.replace(" ", "-")],
    )


@clause(
    "SIG-2",
    since="0.1.0",
    sysv=RECOMMENDED,
    article=RECOMMENDED,
    source=DAEMON_7.at("SysV Daemons, step 2"),
)
def test_ignored_signals_are_not_inherited(inheritance):
    """Does not inherit ignored signals.

    Wrong: The daemon ignores SIGHUP, SIGPIPE, SIGINT or SIGQUIT because the program that started
    it did.

    Why: Ignored signals pass through exec(): nohup leaves SIGHUP ignored, a Python program
    SIGPIPE, a script's `&` SIGINT and SIGQUIT. The same daemon then reloads or does not, and its
    children end at a broken pipe or spin on it. netdata ran with SIGPIPE both blocked and ignored
    (netdata/netdata #23751).

    Test: Two starts are compared, one of them with the four ignored. A daemon that ignores one of
    them anyway, by its own choice, passes.

    Control: Plain `cmd &`, which ignores what its caller ignored.

    Mend: Set every signal to SIG_DFL before installing handlers.

    Unit: IgnoreSIGPIPE=no, since systemd starts services with SIGPIPE ignored.
    """
    left = inheritance.second.inherited_signals("ignored")
    plain = inheritance.plain_second.of_main("ignored signals")
    first = inheritance.first.of_main("ignored signals")
    second = inheritance.second.of_main("ignored signals")

    inherited = sorted((second - first) & left)
    assume(left and left <= plain, f"the control ignores {sorted(plain)}")
    require(
        not inherited,
        f"ignored because the caller ignored them: {', '.join(inherited)}",
        facts=inherited,
    )


@clause(
    "SIG-3",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, steps 2 and 3"), SIGNAL_7.at("Signal mask, execve(2)")),
)
def test_programs_start_with_clean_signals(hooked):
    """Starts its hooks and jobs with clean signal settings.

    Wrong: A program that the daemon starts inherits ignored or blocked signals.

    Why: What the daemon ignores or blocks for itself passes through exec(), and a shell script
    cannot undo it. With SIGPIPE ignored a pipeline goes on after its reader has gone, with SIGCHLD
    ignored wait() fails in the child, and under a mask SIGTERM does not end it.

    Test: The harness's own program, which changes nothing, stands where the daemon's configuration
    names a hook, and the declared exercise makes the daemon start it. The signals 32 and 33, which
    the C library keeps for itself and leaves ignored in what posix_spawn() and system() start, are
    not judged; nor is 34 ignored, which musl keeps too.

    Control: The same daemon that starts its hook without undoing what it ignores for itself.

    Mend: Set SIG_DFL for every signal and an empty mask between fork() and exec(). With
    posix_spawn, use POSIX_SPAWN_SETSIGDEF and POSIX_SPAWN_SETSIGMASK. In Python, subprocess's
    restore_signals.
    """
    target = hooked.of_target()
    inherited_from_control = hooked.of("hands-its-signals-on").signals

    inherited = target.signals

    assume(inherited_from_control, "the hook of the control had clean signals")
    require(
        not inherited,
        f"started by the daemon: {'; '.join(inherited)}",
        facts=facts_of(*inherited),
    )


@clause(
    "SIG-4",
    since="0.1.0",
    revised="0.2.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=SYSTEMD_EXEC.at("IgnoreSIGPIPE="),
)
def test_survives_its_clients(launch, control, clients):
    """Survives clients that disconnect.

    Wrong: A client disconnects at a bad moment, and the daemon's main process ends or stops
    answering.

    Why: Writing to a connection whose other end is gone raises SIGPIPE, which ends the process by
    default. Then any port scan, or a browser's stop button, stops the service for all clients. The
    author may not see it: Python programs and systemd start daemons with SIGPIPE ignored.

    Test: The daemon starts with SIGPIPE at its default. Its processes are held while a client
    connects and resets the connection, sends a request and resets it, or sends a request and
    half-closes first. Then they go on. The declared services are used, or else every TCP port and
    UNIX socket at which the main process accepts connections. Only the main process and its
    service are judged: a process made for one connection may end with it.

    Control: A daemon that answers from its main process and left SIGPIPE at its default.

    Mend: Ignore SIGPIPE and check what write() returns, or use send(..., MSG_NOSIGNAL).

    Unit: IgnoreSIGPIPE=yes, which is the default, hides the defect.
    """
    harm_to_control = control.once("dies-of-its-clients", clients.leave_early)
    assume(harm_to_control, "the control survived its clients")
    daemon = launch()

    harmful = clients.leave_early(daemon)

    applies(harmful is not None, "it has no stream service, declared or found", "needs-service")
    require(not harmful, "; ".join(harmful), facts=facts_of(*harmful))


@clause(
    "SIG-6",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=INFORMATION,
    article=RECOMMENDED,
    source=(
        DAEMON_7.at("New-Style Daemons, SIGHUP"),
        ARTICLE.at("rule 1"),
    ),
)
def test_sighup_does_not_end_it(launch, attempt):
    """Survives SIGHUP in the same process.

    Wrong: SIGHUP ends the daemon, makes it stop answering, or replaces its main process.

    Why: Administrators, logrotate and `ExecReload=` send SIGHUP to make a daemon read its
    configuration again. A daemon without a handler is killed by it (trusteddomainproject/OpenDMARC
    #322): a unit's own reload command killed its daemon (PixlOne/logiops #84).

    Test: The signal goes to the main process. The verdict waits until it has arrived and every
    process is asleep again, and gives a reload time to finish.

    Control: Plain `cmd &`, which SIGHUP ends.

    Mend: Handle SIGHUP by reading the configuration again, or ignore it.

    Unit: ExecReload=/bin/kill -HUP $MAINPID, only if there is a handler.
    """
    plain_gone = attempt.of_background_job("nothing special", "SIGHUP")
    assume(plain_gone, "SIGHUP did not end plain `cmd &`")
    daemon = launch()

    daemon.receive("SIGHUP")

    serves, seen = daemon.serves_again, daemon.last_seen
    require(serves, f"gone or not answering after SIGHUP: {seen}", facts=facts_of(seen))


@clause("SIG-7", since="0.1.0", article=REQUIRED, source=ARTICLE.at("rule 1"))
def test_ignores_the_terminals_signals(inheritance):
    """Ignores SIGTTOU, SIGTTIN, SIGTSTP and SIGHUP.

    Wrong: The daemon does not ignore one of these four signals, which a terminal sends.

    Why: This is the article's first rule, to the letter. It protects the time between the start
    and setsid(), in which a hangup can end the half-made daemon. Its price is that SIGHUP can no
    longer mean "reload", and that every program which the daemon starts inherits it.

    Test: The ignored signals of the main process are read.

    Control: Plain `cmd &`, which ignores none of them.

    Mend: Call signal(n, SIG_IGN) for the four, before the first fork().
    """
    wanted = {"SIGTTOU", "SIGTTIN", "SIGTSTP", "SIGHUP"}
    plain = inheritance.plain_first.of_main("ignored signals")
    ignored = inheritance.first.of_main("ignored signals")

    missing = sorted(wanted - ignored)
    assume(not wanted & plain, f"plain `cmd &` ignores {sorted(plain)}")
    require(not missing, f"not ignored: {', '.join(missing)}", facts=missing)
