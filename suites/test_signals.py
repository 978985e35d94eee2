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
    require,
)


@clause(
    "SIG-1",
    sysv=RECOMMENDED,
    article=RECOMMENDED,
    source=DAEMON_7.at("SysV Daemons, step 3"),
)
def test_blocked_signals_are_not_inherited(attempt):
    """A daemon that was launched with every signal blocked starts, and SIGTERM ends it.

    A signal mask passes through fork() and exec().  A supervisor or a library that starts programs
    from a thread with everything blocked hands them a mask under which SIGTERM stays pending for
    ever: containers hung at shutdown (containers/podman #3452).  Masks themselves are not judged:
    who waits for signals with sigwait() or signalfd() blocks them on purpose, and takes them.

    Control: plain `cmd &` with the same mask, which SIGTERM does not end.

    Mend: sigprocmask(SIG_SETMASK) with an empty set, before anything else.
    """
    plain_gone = attempt.of_background_job("every signal blocked", "SIGTERM")
    assume(not plain_gone, "SIGTERM ended plain `cmd &` although it was blocked")
    started = attempt("every signal blocked")

    effect = started.takes("SIGTERM")

    applies(effect != "alive", "SIGTERM was taken and did not end it, which is STP-1")
    require(effect == "gone", f"launched with every signal blocked: {started.last_seen}")


@clause(
    "SIG-2",
    sysv=RECOMMENDED,
    article=RECOMMENDED,
    source=DAEMON_7.at("SysV Daemons, step 2"),
)
def test_ignored_signals_are_not_inherited(inheritance):
    """A daemon does not ignore SIGHUP, SIGPIPE, SIGINT or SIGQUIT because its launcher did.

    Ignored signals pass through exec(): nohup leaves SIGHUP ignored, a Python program SIGPIPE, a
    script's `&` SIGINT and SIGQUIT.  Started so, the same daemon reloads or not, and its children
    end at a broken pipe or spin on it; netdata ran with SIGPIPE both blocked and ignored
    (netdata/netdata #23751).  Two launches are compared, one of which left the four ignored: a
    daemon that ignores one of them anyway, by its own choice, passes.

    Control: plain `cmd &`, which ignores what its launcher ignored.

    Mend: signal(n, SIG_DFL) for every n up to _NSIG, before installing handlers.
    """
    left = inheritance.second.inherited_signals("ignored")
    plain = inheritance.plain_second.of_main("ignored signals")
    first = inheritance.first.of_main("ignored signals")
    second = inheritance.second.of_main("ignored signals")

    inherited = sorted((second - first) & left)
    assume(left and left <= plain, f"the control ignores {sorted(plain)}")
    require(not inherited, f"ignored because the launcher did: {', '.join(inherited)}")


@clause(
    "SIG-3",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, steps 2 and 3"), SIGNAL_7.at("Signal mask, execve(2)")),
)
def test_programs_start_with_clean_signals(hooked):
    """A daemon starts its hooks and jobs with default dispositions and an empty signal mask.

    What the daemon ignores or blocks for itself passes through exec(), and a shell script cannot
    undo it: with SIGPIPE ignored a pipeline goes on after its reader has gone, with SIGCHLD
    ignored wait() fails in the child, and under a mask SIGTERM does not end it.  The harness's own
    program, which changes nothing, stands where the daemon's configuration names a hook; the
    declared exercise makes the daemon start it.  The signals 32 and 33, which the C library keeps
    for itself and leaves ignored in what posix_spawn() and system() start, are not judged; nor is
    34 ignored, which musl keeps too.

    Control: the same daemon that starts its hook without undoing what it ignores for itself.

    Mend: SIG_DFL for every signal and an empty mask between fork() and exec(); with posix_spawn,
    POSIX_SPAWN_SETSIGDEF and POSIX_SPAWN_SETSIGMASK; in Python, subprocess's restore_signals.
    """
    target = hooked.of_target()
    inherited_from_control = hooked.of("hands-its-signals-on").signals

    inherited = target.signals

    assume(inherited_from_control, "the hook of the control had clean signals")
    require(not inherited, f"started by the daemon: {'; '.join(inherited)}")


@clause(
    "SIG-4",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=SYSTEMD_EXEC.at("IgnoreSIGPIPE="),
)
def test_survives_its_clients(launch, control, clients):
    """A daemon goes on when a client goes away in the middle.

    Writing to a connection whose other end is gone raises SIGPIPE, whose default is to end the
    process: any port scan, or a browser's stop button, then stops the service for everybody.  It
    hides from its author when he starts it from something that leaves SIGPIPE ignored, as Python
    programs and systemd do; here it starts with the default.  The daemon's processes are held
    while a client connects and resets the connection, asks and resets it, asks and half-closes
    first; then they go on and find it so.  Its declared services are used, and without any every
    TCP port and UNIX socket at which the main process takes connections.  Only the main process
    and its service are judged: a process made for one connection may end with it.

    Control: a daemon that answers from its main process and left SIGPIPE at its default.

    Mend: ignore SIGPIPE and look at what write() returns, or send(..., MSG_NOSIGNAL).
    """
    harm_to_control = control.once("dies-of-its-clients", clients.leave_early)
    assume(harm_to_control, "the control survived its clients")
    daemon = launch()

    harmful = clients.leave_early(daemon)

    applies(harmful is not None, "it has no stream service, declared or to be seen")
    require(not harmful, "; ".join(harmful))


@clause(
    "SIG-6",
    sysv=RECOMMENDED,
    foreground=INFORMATION,
    article=RECOMMENDED,
    source=(
        DAEMON_7.at("New-Style Daemons, SIGHUP"),
        ARTICLE.at("rule 1"),
    ),
)
def test_sighup_does_not_end_it(launch, attempt):
    """A daemon goes on when it gets SIGHUP, in the same process.

    SIGHUP is what administrators, logrotate and `ExecReload=` send to make a daemon read its
    configuration again: one that has no handler dies of it (trusteddomainproject/OpenDMARC #322),
    a unit's own reload command killed its daemon (PixlOne/logiops #84).  The signal goes to the
    main process; the verdict waits until it has arrived and everybody is asleep again, and gives
    a reload time to finish.

    Control: plain `cmd &`, which SIGHUP ends.

    Mend: handle SIGHUP, by reading the configuration again; or ignore it.
    """
    plain_gone = attempt.of_background_job("nothing special", "SIGHUP")
    assume(plain_gone, "SIGHUP did not end plain `cmd &`")
    daemon = launch()

    daemon.receive("SIGHUP")

    require(daemon.serves_again, f"gone or deaf after SIGHUP: {daemon.last_seen}")


@clause("SIG-7", article=REQUIRED, source=ARTICLE.at("rule 1"))
def test_ignores_the_terminals_signals(inheritance):
    """A daemon ignores SIGTTOU, SIGTTIN, SIGTSTP and SIGHUP, the signals of a terminal.

    The article's first rule, to the letter.  Its merit is the time between start and setsid(),
    in which the terminal may be closed and take the half-made daemon with it.  Its price is that
    SIGHUP can no longer mean "reload", and that every program which the daemon starts inherits it.

    Control: plain `cmd &`, which ignores none of them.

    Mend: signal(n, SIG_IGN) for the four, before the first fork().
    """
    wanted = {"SIGTTOU", "SIGTTIN", "SIGTSTP", "SIGHUP"}
    plain = inheritance.plain_first.of_main("ignored signals")
    ignored = inheritance.first.of_main("ignored signals")

    missing = sorted(wanted - ignored)
    assume(not wanted & plain, f"plain `cmd &` ignores {sorted(plain)}")
    require(not missing, f"not ignored: {', '.join(missing)}")
