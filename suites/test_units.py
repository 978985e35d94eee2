"""UNI: a service as its package ships it, started by the real systemd."""

from daemonspec import (
    RECOMMENDED,
    REQUIRED,
    SD_LISTEN_FDS,
    SD_NOTIFY,
    SYSTEMD_KILL,
    SYSTEMD_SERVICE,
    SYSTEMD_SOCKET,
    applies,
    assume,
    clause,
    facts_of,
    require,
)


@clause("UNI-1", since="0.2.0", unit=REQUIRED, source=SYSTEMD_SERVICE.at("Type="))
def test_serves_once_started(held_unit_start):
    """Serves once its start has succeeded.

    Wrong: The service reports that it has started, and listens later.

    Why: What is ordered after the unit starts as soon as systemd counts it as started, and finds no
    process at the port: now and then on a busy machine, and never on the author's.

    Test: Each listen(2) of the service waits until systemd has handled everything else. The unit
    must still be starting then. With Type=notify, forking and dbus the service itself says when it
    has started; the other types are judged by UNI-15.

    Control: A unit whose wrapper reports READY=1 and then starts the daemon.

    Mend: Send READY=1 after the last listen(2). With Type=forking, let the launcher exit after it.
    """
    early_control = held_unit_start.of("tells-that-it-is-ready-too-early.service").premature
    start = held_unit_start.of_target()
    applies(start.tells, f"Type={start.type} promises nothing", "is:UNI-15")

    premature = start.premature

    assume(early_control, "the control was still starting while its listen(2) was held")
    require(
        not premature,
        f"systemd counts it as started before it listens: {', '.join(premature)}",
        facts=["started-before-it-listens"],
    )


@clause(
    "UNI-15", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_SERVICE.at("Type=, simple and exec")
)
def test_tells_when_it_serves(held_unit_start):
    """Has a Type= that tells when it serves.

    Wrong: The unit counts as started before the daemon listens, by its Type=.

    Why: With Type=simple a unit counts as started once its process was forked, with Type=exec once
    its program runs. What is ordered after it must retry, and a start that fails has succeeded
    first.

    Test: Each listen(2) of the service waits, as for UNI-1, and systemd is asked for the state.

    Control: The reference with Type=simple.

    Mend: Use Type=notify and sd_notify(3), and send READY=1 after the last listen(2). Or ship a
    .socket unit, which listens before the service starts.

    Unit: Type=notify
    """
    control = held_unit_start.of("promises-nothing.service")
    start = held_unit_start.of_target()

    tells = start.tells or not start.premature

    assume(not control.tells and control.premature, "the control had to listen first")
    require(
        tells,
        f"Type={start.type}: it counts as started before it listens",
        facts=[f"type-{start.type}"],
    )


@clause("UNI-2", since="0.2.0", unit=REQUIRED, source=SYSTEMD_SERVICE.at("Type=; RemainAfterExit="))
def test_failed_start_is_failed(obstructed_unit_start):
    """Is failed, not active, when it cannot start.

    Wrong: The daemon cannot start, and systemd shows the unit as active.

    Why: Monitoring is content with "active", and no process answers. Units that a generator writes
    for init scripts have RemainAfterExit=yes, and a `-` before a command hides its exit status.

    Test: The harness takes the TCP ports on which the service listens, and starts it. When systemd
    has no job left, the unit must not be active without the daemon. A daemon that stays all the
    same, on other sockets or until the port is free, is not at fault.

    Control: A unit with RemainAfterExit=yes whose command has a `-` in front.

    Mend: Leave both out, and let the exit status of the launcher tell.
    """
    lie_of_control = obstructed_unit_start.of("is-active-when-it-failed.service").lie

    lie = obstructed_unit_start.of_target().lie

    assume(lie_of_control, "the control was not active")
    require(not lie, f"its ports taken, systemd shows it as {lie}", facts=["active"])


@clause(
    "UNI-3", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_SERVICE.at("PIDFile=; GuessMainPID=")
)
def test_main_process_serves(unit_life):
    """Has the process that serves as its main process.

    Wrong: systemd watches a process as the main one that does not serve, or knows none.

    Why: systemd signals the main process for a reload, and takes its end for the end of the
    service. A shell that waits for the daemon, or a wrong guess among several processes, breaks
    Restart=, reload and the state that is shown (TigerVNC #1313, sympa #773).

    Test: The service is started. Its main process must hold one of the TCP sockets on which the
    service listens. A master process that opens the sockets for its workers does.

    Control: A unit whose shell stays in front of the daemon.

    Mend: Use `exec` in the wrapper. With Type=forking, set PIDFile=.
    """
    strangers_of_control = unit_life.of("wraps-its-daemon-in-a-shell.service").strangers

    strangers = unit_life.of_target().strangers

    assume(strangers_of_control, "the control's main process held its socket")
    require(
        not strangers,
        f"the main process holds no socket: {'; '.join(strangers)}",
        facts=["main-process-does-not-listen"],
    )


@clause("UNI-4", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_SERVICE.at("PIDFile="))
def test_pidfile_is_there(unit_life):
    """Has its PIDFile= when its launcher exits.

    Wrong: The launcher exits before the pidfile is there, or the file names another process.

    Why: systemd logs "Can't open PID file (yet?) after start" and waits. If the file never comes,
    the start fails at its timeout (fapolicyd #206, accel-ppp #120, ksmbd-tools #195).

    Test: The service is started. systemd must not have logged anything about its pidfile, and the
    file must hold the number of the main process.

    Control: The reference that writes its pidfile 160 ms after its launcher has exited.

    Mend: Write the pidfile before the launcher exits. Or use Type=notify without a pidfile.
    """
    complaints_of_control = unit_life.of("writes-its-pidfile-too-late.service").complaints

    complaints = unit_life.of_target().complaints

    assume(complaints_of_control, "systemd did not mind the control's late pidfile")
    require(not complaints, "; ".join(complaints), facts=["pidfile"])


@clause(
    "UNI-5",
    since="0.2.0",
    unit=REQUIRED,
    source=(SYSTEMD_KILL, SYSTEMD_SERVICE.at("SuccessExitStatus=")),
)
def test_stops_cleanly(unit_stop):
    """Stops cleanly, without SIGKILL, and leaves nothing.

    Wrong: The stop times out, needs SIGKILL, leaves processes, or leaves the unit failed.

    Why: A stop that waits for its timeout holds up each reboot and each upgrade. SIGKILL loses what
    was not written. A stop whose exit status counts as a failure raises an alarm.

    Test: The service is started, a client connects to each of its TCP ports, and the service is
    stopped, together with the sockets that would start it again. Processes may stay where KillMode=
    is process or none. A stop that took four fifths of TimeoutStopSec= or more, and was not ended
    by SIGKILL, is not judged: it times out by chance.

    Control: A unit whose stop command fails.

    Mend: End at SIGTERM within TimeoutStopSec=. Exit with status 0, or declare
    SuccessExitStatus=143.
    """
    faults_of_control = unit_stop.of("fails-when-it-is-stopped.service").faults

    faults = unit_stop.of_target().faults

    assume(faults_of_control, "the control stopped cleanly")
    require(not faults, f"systemctl stop: {'; '.join(faults)}", facts=["stop"])


@clause("UNI-6", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_SERVICE.at("ExecReload="))
def test_reload_keeps_it(unit_reload):
    """Keeps serving as the same process when reloaded.

    Wrong: A reload ends or replaces the main process, or the service does not serve after it.

    Why: Such a reload is a restart: connections are lost, and systemd follows a process that is not
    there any more.

    Test: The service is started and reloaded by systemctl. A unit without ExecReload= is not
    judged.

    Control: A unit whose ExecReload= ends the daemon.

    Mend: Read the configuration again in the running process.
    """
    faults_of_control = unit_reload.of("ends-at-its-reload.service").faults

    faults = unit_reload.of_target().faults

    assume(faults_of_control, "the control was not changed by its reload")
    require(not faults, f"systemctl reload: {'; '.join(faults)}", facts=["reload"])


@clause("UNI-7", since="0.2.0", unit=REQUIRED, source=SYSTEMD_SERVICE.at("Restart="))
def test_comes_back_from_a_crash(unit_crash):
    """Comes back from a crash, by itself or at a start.

    Wrong: After a crash the service does not start again.

    Why: A pidfile, a socket or a lock that the dead daemon left keeps the next one from starting,
    and after a crash no administrator is there to remove them.

    Test: The main process is killed by SIGKILL. With a Restart= that covers SIGKILL systemd must
    bring the service back, else the next start must.

    Control: The reference that refuses to start while there is a pidfile.

    Mend: Take over a pidfile whose lock is free and a socket that refuses connections. Or use
    RuntimeDirectory=, which systemd empties.
    """
    fault_of_control = unit_crash.of("is-blocked-by-its-crash.service").fault

    fault = unit_crash.of_target().fault

    assume(fault_of_control, "the control came back")
    require(not fault, f"after SIGKILL to its main process: {fault}", facts=["crash"])


@clause(
    "UNI-8", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_SERVICE.at("Restart=; RestartSec=")
)
def test_restarts_ten_times(unit_restarts):
    """Restarts ten times in a row.

    Wrong: One of ten restarts fails.

    Why: An address still in use, a leftover in the way or a process of the last life show at the
    second restart or at the fifth: in an upgrade, or under configuration management.

    Test: The service is restarted ten times. The start limit is reset before each restart, so it
    does not count.

    Control: A unit that has room for five starts.

    Mend: Set SO_REUSEADDR on TCP sockets. Remove at the end what was made at the start. Let
    ExecStop= wait for the end.
    """
    fault_of_control = unit_restarts.of("runs-out-of-starts.service").fault

    fault = unit_restarts.of_target().fault

    assume(fault_of_control, "the control restarted ten times")
    require(not fault, fault, facts=["restart"])


@clause(
    "UNI-9",
    since="0.2.0",
    unit=RECOMMENDED,
    source=(
        SD_NOTIFY.at("READY=1, RELOADING=1, STOPPING=1, WATCHDOG=1"),
        SYSTEMD_SERVICE.at("NotifyAccess="),
    ),
)
def test_tells_its_state(unit_messages):
    """Tells systemd its state, and is heard.

    Wrong: A Type=notify service does not say that it reloads, that it is done, that it stops or
    that it lives; or a process says so whose messages systemd refuses.

    Why: Without READY=1 after RELOADING=1 each reload hangs until its timeout (caddy #7597,
    maddy #848). Without RELOADING=1 `systemctl reload` returns before the new configuration is in
    use. A WatchdogSec= that is not answered ends the service again and again.

    Test: The service is started, reloaded and stopped while systemd logs each message that it gets.
    RELOADING=1 and then READY=1 must come at a reload, and STOPPING=1 at the stop. Where
    WatchdogSec= is declared, a second start has a short one, which must be answered. UNI-1 judges
    whether READY=1 comes too early.

    Control: A unit that says RELOADING=1 and then nothing.

    Mend: Call sd_notify(3) in the main process, or set NotifyAccess=all. Send READY=1 after each
    reload, also after one that failed.

    Unit: NotifyAccess=main
    """
    faults = unit_messages.of_target().faults  # first: of most units there is nothing to judge

    faults_of_control = unit_messages.of("never-ends-its-reload.service").faults

    assume(faults_of_control, "the control said that its reload is done")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "UNI-10",
    since="0.2.0",
    unit=RECOMMENDED,
    source=(
        SD_LISTEN_FDS.at("DESCRIPTION"),
        SYSTEMD_SOCKET.at("DESCRIPTION"),
    ),
)
def test_takes_its_sockets(unit_sockets):
    """Takes its sockets from the .socket unit, and no others.

    Wrong: The service makes a socket of its own, removes the one that it was given, or takes
    descriptors that are meant for another process.

    Why: systemd listens, and clients wait in a queue that no process reads. If the service removes
    the socket's path at its end, no client can come until the .socket unit is restarted
    (gitea #20490, go-systemd #71).

    Test: A client comes to each stream socket of the .socket unit before the service runs. Its
    connection must be accepted. The service is stopped: the path must still be there, and the next
    client must be served too. Then it is started without its socket, with LISTEN_FDS=1 and the
    LISTEN_PID of another process: it must start as it does without them.

    Control: A unit that removes the socket that it was given.

    Mend: Use sd_listen_fds(3), which compares LISTEN_PID with getpid(). Remove only a path that the
    daemon itself has bound.
    """
    faults = unit_sockets.of_target().faults  # first: of most units there is nothing to judge

    faults_of_control = unit_sockets.of("removes-its-given-socket.service").faults

    assume(faults_of_control, "the control's socket stayed")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("UNI-14", since="0.2.0", unit=RECOMMENDED, source=SYSTEMD_KILL.at("KillSignal="))
def test_stops_while_it_starts(early_unit_stop):
    """Stops when it is asked to while it starts.

    Wrong: A SIGTERM that comes while the service starts is lost.

    Why: A boot is broken off, a dependency fails, an administrator changes the plan. If the signal
    comes before its handler and is lost, the stop waits for its timeout.

    Test: Each of the first calls of listen(2) waits while systemctl asks for the stop. The service
    must end without SIGKILL.

    Control: The reference that ignores SIGTERM until it listens.

    Mend: Install the handler first, or leave SIGTERM alone until the start is done.
    """
    faults_of_control = early_unit_stop.of("drops-a-stop-while-it-starts.service").faults

    faults = early_unit_stop.of_target().faults

    assume(faults_of_control, "the control stopped")
    require(not faults, "; ".join(faults), facts=["stop-while-it-starts"])
