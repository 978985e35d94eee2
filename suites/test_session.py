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
    require,
)


@clause(
    "SES-1",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 6"),
        ARTICLE.at("rule 3 and difference 3"),
        PEP_3143.at("Correct daemon behaviour"),
    ),
)
def test_leaves_the_session(inheritance):
    """A daemon has no process in the session of whoever started it.

    The session is what a logout ends, what a terminal signals and what a login manager counts: a
    daemon, or a helper that it left behind, in the old session dies or lives with somebody else's
    terminal.  Only that the session differs is judged: workers may have sessions of their own.

    Control: plain `cmd &`, which stays in the shell's session.

    Mend: call setsid() in the child of the first fork(), before starting any helper.
    """
    plain = inheritance.plain_first.of_each("session")
    daemon = inheritance.first.of_each("session")

    old = inheritance.first.line_session
    stayed = [str(process) for process, session in daemon.items() if session == old]
    assume(
        list(plain.values()) == [inheritance.plain_first.line_session],
        f"plain `cmd &` left the session too: {list(plain.values())}",
    )
    require(not stayed, f"still in the shell's session {old}: {', '.join(stayed)}")


@clause(
    "SES-3",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        ARTICLE.at("rule 3"),
        DAEMON_7.at("SysV Daemons, step 6"),
        PEP_3143.at("Correct daemon behaviour"),
    ),
)
def test_signals_to_the_job_do_not_hit_it(launch, terminal, control, terminate_job):
    """A daemon is not hit by what is sent to the process group that it was started in.

    Shells, `timeout`, make and CI runners end a job by a signal to its process group: a daemon that
    is still in it goes with the job that started it (apache/maven-mvnd #193).  SIGTERM is sent to
    the group of the launcher; that nobody is left in it is as good.

    Control: plain `cmd &`, which SIGTERM to its job ends.

    Mend: setsid() in the child of the first fork(), which leaves the process group too.
    """
    plain = control.in_background(terminal)
    daemon = launch(terminal, beside=[plain])

    terminate_job(plain)
    terminate_job(daemon)

    assume(plain.gone, f"SIGTERM to its job did not end the control: {plain.last_seen}")
    require(daemon.serves, f"after SIGTERM to the job that started it: {daemon.last_seen}")


@clause(
    "SES-5",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 8"),
        ARTICLE.at("rule 4: the first child exits"),
    ),
)
def test_leaves_no_intermediate_process(visit, visits):
    """A daemon leaves nothing of the process that called setsid() for it.

    The first child leads the session until the second is forked, and has to exit then: left
    waiting, or left a zombie, it can acquire a terminal for them all, and a service manager may
    take it for the daemon.  A daemon that leads its own session has no such process; that is
    judged by TTY-3, which an intermediate process fails too.

    Control: a daemon whose first child waits instead of exiting.

    Mend: _exit() in the first child as soon as the second fork() has returned.
    """
    left_by_control = visits.of("intermediate-stays").see("left")
    leader, left = visit.see("leader"), visit.see("left")

    assume(left_by_control, "the first child that waits was not seen")
    require(not left, f"the process that called setsid() is still there: {leader}")


@clause(
    "PAR-1",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 8"),
        ARTICLE.at("what a daemon is: directly under init"),
    ),
)
def test_is_adopted(inheritance):
    """A daemon is a child of init, or of the nearest reaper, and of nobody who started it.

    Whoever is its parent is told of its end and has to wait for it: a shell or an agent that never
    does collects zombies, and one that ends may take its children with it.  The parent is compared
    with the reaper of the world that the launch happened in, never with the number 1, which is
    wrong under a user's service manager and in containers (Perl/perl5 #16233).  The daemon's top
    process is judged: workers have their master for a parent.

    Control: plain `cmd &`, a child of the shell.

    Mend: fork(), and let the parent exit.
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
    )


@clause(
    "PAR-2",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 15"), ARTICLE.at("rule 2")),
    formerly=("SES-4",),
)
def test_launcher_returns(prompt):
    """A daemon gives the prompt back: the process that was started ends by itself.

    A launcher that stays hangs the script, the ssh command and the boot that started it; for a
    `Type=forking` unit it is a start that times out (frida/frida-core #429).  Once it has ended
    the shell has no job left, and `wait` returns.  How long a start may take is policy:
    `--start-timeout`.  Of a program that stays in the foreground nothing else is judged.

    Control: plain `cmd &`, whose process runs on.

    Mend: exit() in the parent of the first fork() once the daemon is ready.
    """
    plain, returned = prompt.returns_to_control(), prompt.returns()

    assume(not plain, "the process of plain `cmd &` ended")
    require(returned, prompt.last_seen)


@clause(
    "PAR-3",
    foreground=REQUIRED,
    source=(
        SYSTEMD_SERVICE.at("Type=simple, exec, notify"),
        DAEMON_7.at("New-Style Daemons"),
    ),
)
def test_stays_the_main_process(launch, control):
    """A daemon that is started in the foreground stays the process that was started.

    A service manager, a container and a supervisor take the end of the process that they started
    for the end of the service: a program that detaches itself there is restarted for ever, or the
    container ends (joan2937/pigpio #92, Supervisor/supervisor #578).  It is started as they start
    it: session leader, no terminal, descriptors 0 to 2 on /dev/null.

    Control: the reference daemon without its foreground option, which detaches itself.

    Mend: do not fork in the foreground mode; or declare Type=forking and judge it as sysv.
    """
    control_stayed = control.once("reference", _stayed, stays=True)
    daemon = launch()

    stayed = _stayed(daemon)

    assume(not control_stayed, "the reference stayed in the foreground without being told to")
    require(stayed, f"the process that was started ended; the daemon is {daemon.main}")


def _stayed(daemon):
    stayed = daemon.main.pid == daemon.start.launch.pid
    daemon.see("the process that was started", "is the daemon" if stayed else "ended")
    return stayed
