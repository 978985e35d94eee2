"""SES and PAR: session, process group and parent."""

from daemonspec import (
    ARTICLE,
    DAEMON_7,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
    SYSTEMD_SERVICE,
    assume,
    clause,
    facts_of,
    require,
)


@clause(
    "SES-1",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 6"),
        ARTICLE.at("rule 3 and difference 3"),
        PEP_3143.at("Correct daemon behaviour"),
    ),
)
def test_leaves_the_session(inheritance):
    """Leaves the session of its caller.

    Wrong: A process of the daemon, or a helper that it left behind, is still in the session that
    it was started from.

    Why: A logout ends the session, a terminal sends signals to it, and a login manager counts its
    processes. What is still in it ends with another user's terminal, or keeps the session alive.

    Test: The session of each process is read. It only has to differ from the caller's: workers may
    have sessions of their own.

    Control: Plain `cmd &`, which stays in the shell's session.

    Mend: Call setsid() in the child of the first fork(), before starting any helper. `daemonspec
    explain TTY-3` has the code.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    plain = inheritance.plain_first.of_each("session")
    daemon = inheritance.first.of_each("session")

    old = inheritance.first.line_session
    stayed = [process for process, session in daemon.items() if session == old]
    assume(
        list(plain.values()) == [inheritance.plain_first.line_session],
        f"plain `cmd &` left the session too: {list(plain.values())}",
    )
    require(
        not stayed,
        f"still in the shell's session {old}: {', '.join(map(str, stayed))}",
        facts=[one.role for one in stayed],
    )


@clause(
    "SES-3",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("rule 3"),
        DAEMON_7.at("SysV Daemons, step 6"),
        PEP_3143.at("Correct daemon behaviour"),
    ),
)
def test_signals_to_the_job_do_not_hit_it(launch, terminal, control, terminate_job):
    """Survives signals that are sent to the job that started it.

    Wrong: SIGTERM to the process group of the launcher ends the daemon, or makes it stop
    answering.

    Why: Shells, `timeout`, make and CI runners end a job by a signal to its process group. A
    daemon that is still in it ends with the job that started it (apache/maven-mvnd #193).

    Test: SIGTERM is sent to the launcher's process group. It is as good if no process is left in
    it.

    Control: Plain `cmd &`, which SIGTERM to its job ends.

    Mend: Call setsid() in the child of the first fork(). It leaves the process group too.

    Unit: Type=exec, and start the daemon in its foreground mode.
    """
    plain = control.in_background(terminal)
    daemon = launch(terminal, beside=[plain])

    terminate_job(plain)
    terminate_job(daemon)

    assume(plain.gone, f"SIGTERM to its job did not end the control: {plain.last_seen}")
    serves, seen = daemon.serves, daemon.last_seen
    require(serves, f"after SIGTERM to the job that started it: {seen}", facts=facts_of(seen))


@clause(
    "SES-5",
    since="0.1.0",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 8"),
        ARTICLE.at("rule 4: the first child exits"),
    ),
)
def test_leaves_no_intermediate_process(visit, visits):
    """Leaves no intermediate process behind.

    Wrong: The process that called setsid() for the daemon is still there, waiting or as a zombie.

    Why: It leads the session until the second child is forked, and has to exit then. If it stays,
    it can acquire a terminal for the whole session, and a service manager may take it for the
    daemon.

    Test: The leader of the daemon's session is looked up. A daemon that leads its own session has
    no such process; TTY-3 judges that, and an intermediate process fails TTY-3 too.

    Control: A daemon whose first child waits instead of exiting.

    Mend: Call _exit() in the first child as soon as the second fork() has returned.
    """
    left_by_control = visits.of("intermediate-stays").see("left")
    leader, left = visit.see("leader"), visit.see("left")

    assume(left_by_control, "the first child that waits was not seen")
    require(not left, f"the process that called setsid() is still there: {leader}", facts=["left"])


@clause(
    "PAR-1",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 8"),
        ARTICLE.at("what a daemon is: directly under init"),
    ),
)
def test_is_adopted(inheritance):
    """Becomes a child of init or of the nearest subreaper.

    Wrong: The daemon's top process is still a child of what started it.

    Why: A parent is told of its child's end and has to wait for it. A shell or an agent that never
    does collects zombies, and one that ends may take its children with it.

    Test: The parent of the top process is compared with the reaper of the world that the daemon
    was started in. The number 1 would be wrong under a user's service manager and in containers
    (Perl/perl5 #16233). Workers are not judged: their parent is their master.

    Control: Plain `cmd &`, a child of the shell.

    Mend: Call fork(), and let the parent exit.
    """
    plain = inheritance.plain_first.parent_of_top()
    daemon = inheritance.first.parent_of_top()

    assume(
        plain == inheritance.plain_first.line_session,
        f"the parent of plain `cmd &` is {plain} and not the shell",
    )
    require(
        daemon == inheritance.first.reaper,
        f"{inheritance.first.top} is a child of {daemon}, not of the reaper "
        f"{inheritance.first.reaper}",
        facts=["the-shell" if daemon == inheritance.first.line_session else "another"],
    )


@clause(
    "PAR-2",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), ARTICLE.at("rule 2")),
    formerly=("SES-4",),
)
def test_launcher_returns(prompt):
    """Gives the prompt back: its launcher exits.

    Wrong: The process that was started does not exit.

    Why: The script, the ssh command and the boot that started it hang. For a `Type=forking` unit
    the start times out (frida/frida-core #429).

    Test: The daemon is started at a prompt, and its launcher has to exit. Then the shell has no
    job left, and `wait` returns. `--start-timeout` says how long a start may take. For a program
    that stays in the foreground no other property is judged.

    Control: Plain `cmd &`, whose process runs on.

    Mend: Call _exit() in the parent of the first fork() once the daemon is ready. `daemonspec
    explain STA-8` has the code.

    Unit: Type=exec for a program that stays in the foreground; judge it with --profile=foreground.
    """
    plain, returned = prompt.returns_to_control(), prompt.returns()

    assume(not plain, "the process of plain `cmd &` ended")
    require(returned, prompt.last_seen, facts=["stays"])


@clause(
    "PAR-3",
    since="0.1.0",
    foreground=REQUIRED,
    source=(
        SYSTEMD_SERVICE.at("Type=simple, exec, notify"),
        DAEMON_7.at("New-Style Daemons"),
    ),
)
def test_stays_the_main_process(launch, control):
    """Stays the main process when started in the foreground.

    Wrong: The process that was started in the foreground mode exits, and the daemon runs on in
    another process.

    Why: Service managers, containers and supervisors take the end of the process that they started
    for the end of the service. A program that detaches itself there is restarted again and again,
    or the container ends (joan2937/pigpio #92, Supervisor/supervisor #578).

    Test: It is started as they do it: session leader, no terminal, descriptors 0 to 2 on
    /dev/null.

    Control: The reference daemon without its foreground option, which detaches itself.

    Mend: Do not fork in the foreground mode.

    Unit: Type=forking for a daemon that always detaches; judge it with --profile=sysv.
    """
    control_stayed = control.once("reference", _stayed, stays=True)
    daemon = launch()

    stayed = _stayed(daemon)

    assume(not control_stayed, "the reference stayed in the foreground without being told to")
    require(
        stayed,
        f"the process that was started ended; the daemon is {daemon.main}",
        facts=["detaches"],
    )


def _stayed(daemon):
    stayed = daemon.main.pid == daemon.start.launch.pid
    daemon.see("the process that was started", "is the daemon" if stayed else "ended")
    return stayed
