"""NTF, ACT: a program that its service manager starts, hears and gives its sockets to."""

from daemonspec import (
    DAEMON_7,
    RECOMMENDED,
    REQUIRED,
    SD_LISTEN_FDS,
    SD_NOTIFY,
    SD_WATCHDOG_ENABLED,
    SYSTEMD_SERVICE,
    assume,
    clause,
    facts_of,
    require,
)

_NEW_STYLE = "New-Style Daemons"


@clause(
    "NTF-1",
    since="0.2.0",
    foreground=REQUIRED,
    source=(SD_NOTIFY.at("READY=1"), SYSTEMD_SERVICE.at("Type=, notify; NotifyAccess=")),
)
def test_says_that_it_is_ready(notifications):
    """Tells its service manager that it is ready once it listens.

    Wrong: The program does not send READY=1, sends it before its last listen(2), or another process
    than the main one sends it.

    Why: systemd waits for READY=1 of such a unit: without it, or where it refuses the sender
    (NotifyAccess=main), the start times out and the service is killed. Where it comes too early,
    what is ordered after the unit finds no process at the port (a first version of
    AdguardTeam/AdGuardHome #7824 sent it before the bind had succeeded).

    Test: The harness is the service manager at NOTIFY_SOCKET, and the kernel tells it who has sent
    each message. Each life-cycle call of the program waits until everybody else has come to rest,
    so it is seen which listen(2) comes after READY=1, however fast the machine is. A target
    that does not declare `notify = true` is not judged.

    Control: The reference that sends READY=1 first.

    Mend: Call sd_notify(0, "READY=1") in the main process, after the last listen(2). Without
    libsystemd: send the text as one datagram to the socket that NOTIFY_SOCKET names.

    Unit: Type=notify
    """
    faults_of_control = notifications.of("says-that-it-is-ready-too-early").start_faults

    faults = notifications.of_target().start_faults

    assume(faults_of_control, "the control listened first")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("NTF-2", since="0.2.0", foreground=REQUIRED, source=SD_NOTIFY.at("RETURN VALUE"))
def test_serves_where_nobody_hears_it(unheard):
    """Serves where its service manager cannot be reached.

    Wrong: The program ends, or does not serve, because it cannot send READY=1.

    Why: In a container, under another supervisor or in a chroot the variable NOTIFY_SOCKET is
    often left over from outside. sd_notify(3) recommends to ignore the result: a program that ends
    because of it serves nowhere but under systemd (geldata/gel #3278).

    Test: The program is started three times: with a NOTIFY_SOCKET that is a path where nothing is,
    an abstract name where nobody listens, and a path of 200 bytes, which no address has room for.
    Each time it must come up and serve, as it does without the variable: so it is started for
    all other properties. A target that does not declare `notify = true` is not judged.

    Control: The reference that ends where it is not heard.

    Mend: Ignore what sd_notify() returns; log it at most. Without libsystemd: compare the length
    with sizeof(sun_path) first, and go on after any error of connect() and sendmsg().
    """
    faults_of_control = unheard.of("ends-when-nobody-hears-it").faults

    faults = unheard.of_target().faults

    assume(faults_of_control, "the control served")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "NTF-3",
    since="0.2.0",
    foreground=RECOMMENDED,
    source=(SD_NOTIFY.at("STOPPING=1"), DAEMON_7.at(_NEW_STYLE)),
)
def test_says_that_it_stops(notifications):
    """Tells its service manager that it stops.

    Wrong: The program ends at SIGTERM and has not sent STOPPING=1.

    Why: A service that ends by itself, and takes its time, is shown as active until it is gone:
    what is started meanwhile talks to one that is about to end (dockerd says so since moby
    #41832).

    Test: The harness is the service manager at NOTIFY_SOCKET, and stops the program as its
    description says. STOPPING=1 must come from its main process before it is gone. A target
    that does not declare `notify = true` is not judged.

    Control: The reference that does not say so.

    Mend: Call sd_notify(0, "STOPPING=1") where the shutdown begins.
    """
    faults_of_control = notifications.of("does-not-say-that-it-stops").stop_faults

    faults = notifications.of_target().stop_faults

    assume(faults_of_control, "the control said that it stops")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "NTF-4",
    since="0.2.0",
    foreground=RECOMMENDED,
    source=(SD_NOTIFY.at("RELOADING=1"), SYSTEMD_SERVICE.at("Type=, notify-reload")),
)
def test_says_that_it_reloads(reloads):
    """Tells its service manager when a reload begins and ends.

    Wrong: The program does not send RELOADING=1 at the reload that it declares, or no READY=1 after
    that, or it ends.

    Why: Without READY=1 after RELOADING=1 each reload hangs until its timeout (caddy #7597,
    maddy #848). Without RELOADING=1 `systemctl reload` returns before the new configuration is in
    use.

    Test: The harness is the service manager at NOTIFY_SOCKET. Once the program has said READY=1 and
    is at rest, it gets the signal, or the command is run, that is declared as its `reload`.
    RELOADING=1 and then READY=1 must come from its main process. The MONOTONIC_USEC that systemd
    wants besides for notify-reload is not looked at. A target that declares no `reload` is not
    judged.

    Control: The reference that does not say that its reload is done.

    Mend: Call sd_notifyf(0, "RELOADING=1\\nMONOTONIC_USEC=%" PRIu64, now) first, with the time of
    CLOCK_MONOTONIC. Send READY=1 after each reload, also after one that failed.

    Unit: Type=notify-reload
    """
    faults_of_control = reloads.of("never-says-that-its-reload-is-done").faults

    faults = reloads.of_target().faults

    assume(faults_of_control, "the control said that its reload is done")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "NTF-5",
    since="0.2.0",
    foreground=REQUIRED,
    source=(SD_WATCHDOG_ENABLED.at("DESCRIPTION"), SYSTEMD_SERVICE.at("WatchdogSec=")),
)
def test_tells_its_watchdog_that_it_lives(watchdog, foreign_watchdog):
    """Tells its own watchdog that it lives, often enough.

    Wrong: The main process sends no WATCHDOG=1, or not within each WATCHDOG_USEC. Or it sends some
    although WATCHDOG_PID is another process's.

    Why: The service manager kills a service whose message does not come: a healthy one is then
    restarted over and over (apache/httpd #728). A helper that does not compare WATCHDOG_PID keeps
    the watchdog quiet while the service hangs.

    Test: The harness is the service manager at NOTIFY_SOCKET, with a WATCHDOG_USEC of a second,
    times --time-scale, and the program's own pid as WATCHDOG_PID. For five such intervals after
    READY=1, one counts as missed where all processes sleep and no timer of theirs is due before
    its end: how busy the machine is, decides nothing. Three may not be missed. With WATCHDOG_PID=1
    no WATCHDOG=1 may come within two intervals. A target that does not declare `watchdog = true` is
    not judged.

    Control: The reference that sends none, and one that does not compare WATCHDOG_PID.

    Mend: Ask sd_watchdog_enabled(3), and call sd_notify(0, "WATCHDOG=1") every half of the time
    that it gives, in the main loop. With sd-event: sd_event_set_watchdog(3).

    Unit: WatchdogSec=30
    """
    faults_of_control = watchdog.of("never-tells-that-it-lives").faults
    foreign_faults_of_control = foreign_watchdog.of("tells-the-watchdog-of-another").faults

    faults = [*watchdog.of_target().faults, *foreign_watchdog.of_target().faults]

    assume(faults_of_control, "the control told that it lives")
    assume(foreign_faults_of_control, "the control did not tell another's watchdog")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "NTF-7",
    since="0.2.0",
    foreground=RECOMMENDED,
    source=SD_NOTIFY.at("unset_environment"),
)
def test_programs_do_not_hear_of_its_manager(told_hooks):
    """Does not tell its hooks and jobs of its service manager.

    Wrong: A program that the daemon starts has its NOTIFY_SOCKET, or its WATCHDOG_USEC.

    Why: The program then speaks for the service. One that says STOPPING=1 of itself gets the
    service stopped and killed (saltstack/salt #50851). Where the manager accepts the main process
    alone, it logs each message of another one as a warning (leptonai/gpud #1232).

    Test: The harness's own program stands where the daemon's configuration names a hook. The daemon
    is started with a NOTIFY_SOCKET, with `watchdog = true` a WATCHDOG_USEC too, and the declared
    exercise makes it start the hook. No variable may be in the hook's environment with the value
    that the daemon got. A target that does not declare `notify = true` is not judged. A daemon that
    tells a program on purpose cannot be told apart.

    Control: The reference that leaves the variable where it is.

    Mend: Call unsetenv() for both between fork() and exec(), or sd_watchdog_enabled(1, ...), and
    sd_notify(1, ...) with the last message.
    """
    handed_on_by_control = told_hooks.of("tells-its-hook-of-its-manager").faults

    handed_on = told_hooks.of_target().faults

    assume(handed_on_by_control, "the hook of the control was not told")
    require(
        not handed_on,
        f"started by the daemon: {'; '.join(handed_on)}",
        facts=facts_of(*handed_on),
    )


@clause(
    "ACT-1",
    since="0.2.0",
    foreground=REQUIRED,
    source=(SD_LISTEN_FDS.at("DESCRIPTION"), DAEMON_7.at(_NEW_STYLE)),
)
def test_serves_given_sockets(activation):
    """Serves the clients of the sockets that it is given.

    Wrong: The program makes sockets of its own, closes those that it was given, or does not accept
    the clients that wait there.

    Why: The service manager listens before the program runs, and clients wait in its queue. A
    program that closes every inherited descriptor resets their connections; one that ignores the
    descriptors finds the address in use, or serves where no client comes (oven-sh/bun #36491).

    Test: The harness listens at each address of [sockets], and a client comes to each. Then the
    program is started with the sockets from descriptor 3 on, LISTEN_FDS, LISTEN_PID and
    LISTEN_FDNAMES, the names in [sockets]. Each client must be accepted, and the sockets must stay
    open. A target that declares no [sockets] is not judged.

    Control: The reference that makes sockets of its own.

    Mend: Use sd_listen_fds(3), or take the descriptors from 3 on where LISTEN_PID is your own pid,
    and close no others before.
    """
    unserved_by_control = activation.of("ignores-the-sockets-that-it-is-given").unserved

    unserved = activation.of_target().unserved

    assume(unserved_by_control, "the control served")
    require(not unserved, "; ".join(unserved), facts=facts_of(*unserved))


@clause("ACT-2", since="0.2.0", foreground=REQUIRED, source=SD_LISTEN_FDS.at("LISTEN_PID"))
def test_leaves_sockets_of_others_alone(foreign_sockets):
    """Leaves descriptors alone that are meant for another process.

    Wrong: The program takes descriptors from 3 on because LISTEN_FDS is set, whatever LISTEN_PID
    says.

    Why: The variables are inherited by all that an activated service starts. A helper that does
    not compare LISTEN_PID takes the service's sockets, or whatever is open at descriptor 3, for
    its own (maoxiaoyue/hypgo #83).

    Test: The program is started with LISTEN_FDS=1 and the LISTEN_PID of process 1, and nothing at
    descriptor 3. It must come up and serve as it does without them. A target that
    declares no [sockets] is not judged.

    Control: The reference that does not compare LISTEN_PID.

    Mend: Use sd_listen_fds(3), or compare LISTEN_PID with getpid().
    """
    taken_by_control = foreign_sockets.of("takes-the-sockets-of-others").taken

    taken = foreign_sockets.of_target().taken

    assume(taken_by_control, "the control came up")
    require(not taken, f"with another process's LISTEN_PID: {taken}", facts=["takes-foreign"])


@clause(
    "ACT-3",
    since="0.2.0",
    foreground=REQUIRED,
    source=(DAEMON_7.at(_NEW_STYLE), SD_LISTEN_FDS.at("NOTES")),
)
def test_leaves_given_sockets_in_place(activation):
    """Leaves the path of a socket that it was given in place.

    Wrong: The program removes the file of the socket when it stops.

    Why: The socket is the service manager's, which goes on listening. Without the path no client
    can come any more, until an administrator restarts the .socket unit (gitea #20490).

    Test: The program is started as for ACT-1 and stopped as its description says. Each path of
    [sockets] must be the same file as before.

    Control: The reference that removes it.

    Mend: Remove only a path that the program itself has bound.
    """
    removed_by_control = activation.of("removes-the-socket-that-it-is-given").removed_sockets

    removed = activation.of_target().removed_sockets

    assume(removed_by_control, "the control left its socket")
    require(not removed, f"its stop removed {', '.join(removed)}", facts=["socket-removed"])


@clause("ACT-4", since="0.2.0", foreground=RECOMMENDED, source=SD_LISTEN_FDS.at("DESCRIPTION"))
def test_programs_get_no_given_sockets(given_hooks):
    """Passes no given socket to its hooks and jobs.

    Wrong: A program that the daemon starts has a socket that the service manager gave to the
    daemon, or the variables that tell of it: LISTEN_FDS, LISTEN_PID or LISTEN_FDNAMES.

    Why: These sockets are open after exec() by design, unlike those that a library makes. A hook
    that has one keeps it when the service has ended, and clients wait where no process accepts
    them (dotnet/aspnetcore #29189). By the variables a helper takes descriptors for its own that
    are something else by then.

    Test: The harness's own program, which opens nothing, stands where the daemon's configuration
    names a hook. The daemon is started with its sockets as for ACT-1, and the declared exercise
    makes it start the hook. A target that declares no [sockets] is not judged. A daemon that passes
    them on purpose cannot be told apart.

    Control: The reference that leaves these sockets open in its hook.

    Mend: Use sd_listen_fds(1), which sets FD_CLOEXEC and unsets the variables. Else do both
    yourself once the sockets are yours.
    """
    handed_on_by_control = given_hooks.of("hands-its-given-sockets-on").faults

    handed_on = given_hooks.of_target().faults

    assume(handed_on_by_control, "the hook of the control had no socket")
    require(
        not handed_on,
        f"started by the daemon: {'; '.join(handed_on)}",
        facts=facts_of(*handed_on),
    )
