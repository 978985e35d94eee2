"""LSB: a service as an init script starts, stops and describes it."""

from daemonspec import (
    DAEMON_7,
    DEBIAN_POLICY,
    LSB_FUNCTIONS,
    LSB_INIT,
    RECOMMENDED,
    REQUIRED,
    START_STOP_DAEMON,
    applies,
    assume,
    clause,
    facts_of,
    require,
)

_LSB = LSB_INIT.at("Init Script Actions")


@clause("LSB-1", since="0.2.0", lsb=REQUIRED, debian=REQUIRED, source=(_LSB, DEBIAN_POLICY))
def test_verbs_are_accepted(script_life):
    """Accepts start, stop, restart and force-reload.

    Wrong: The script answers one of the four as it answers a verb that does not exist.

    Why: Package upgrades call `invoke-rc.d NAME restart`, and configuration management calls
    force-reload. Where the verb is missing the old program keeps running after the upgrade
    (xtreemfs #177, Unitech/pm2 #468).

    Test: The service is started. restart and force-reload must not be answered like a verb that
    does not exist, by status and text, without any effect. stop must stop it.

    Control: A script without force-reload.

    Mend: Write force-reload as a reload where the daemon has one, else as a restart.
    """
    missing_of_control = script_life.of("lacks-force-reload.init").missing_verbs

    missing = script_life.of_target().missing_verbs

    assume(missing_of_control, "the control knew force-reload")
    require(not missing, "; ".join(missing), facts=facts_of(*missing))


@clause("LSB-2", since="0.2.0", lsb=REQUIRED, debian=REQUIRED, source=(_LSB, DEBIAN_POLICY))
def test_start_and_stop_may_be_repeated(script_life):
    """Starts what runs and stops what is stopped without harm.

    Wrong: A second start runs a second copy or fails, a second stop fails, or a stop leaves
    processes.

    Why: Boot, upgrades and cluster managers start what runs already and stop what does not run.
    Pacemaker takes a failed stop for a reason to fence the node ("Pacemaker Explained", appendix
    on LSB compliance). In Debian 12 the scripts of supervisor 4.2.5 and icecast2 2.4.4 fail when
    the service runs; ten scripts of LibreEcho started a second copy (#106).

    Test: start, start again, stop, stop again. Each must exit with status 0. After the second
    start there may be no more processes than after the first; after a stop none.

    Control: A script that starts a second copy.

    Mend: Check for the running daemon first: start-stop-daemon --start --oknodo --pidfile --exec,
    and --stop --oknodo --retry for stop.
    """
    faults_of_control = script_life.of("starts-a-second-copy.init").repetition_faults

    faults = script_life.of_target().repetition_faults

    assume(faults_of_control, "the control started no second copy")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "LSB-3", since="0.2.0", lsb=REQUIRED, debian=RECOMMENDED,
    source=(_LSB, START_STOP_DAEMON.at("EXIT STATUS, --status")),
)  # fmt: skip
def test_status_is_true(script_life, script_crash):
    """Reports by the status of `status` whether the daemon runs.

    Wrong: status reports 0 for a daemon that does not run, another status for one that does, or
    the verb is missing.

    Why: Cluster managers, monitoring and configuration management act on this number alone. A
    script that says 0 for a dead daemon keeps it dead; one that says 3 has it started twice
    (naemon-core #309, basho/node_package #31).

    Test: status is asked before the first start (3 is right), when the daemon runs (0), after
    every process of it was killed by SIGKILL (1 where it left a pidfile, 2 where it left a lock,
    else 1 or 3), and after a stop (3).

    Control: A script whose status is 0 while there is a pidfile.

    Mend: Use start-stop-daemon --status --pidfile FILE --exec PROGRAM, which has these numbers.
    """
    control = script_crash.of("trusts-its-pidfile.init").status_faults
    faults = script_life.of_target().status_faults
    crash_faults = script_crash.of_target().status_faults

    faults = faults if "status-missing" in facts_of(*faults) else faults + crash_faults

    assume(control, "the control's status was right")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("LSB-4", since="0.2.0", lsb=RECOMMENDED, debian=RECOMMENDED, source=_LSB)
def test_errors_have_a_status(script_life, unprivileged_script_start):
    """Reports errors by its status, with a message.

    Wrong: An unknown verb, no verb or a start by an ordinary user exits with status 0, or without
    a word.

    Why: A typing mistake in a cron job, or a forgotten sudo in a deployment, looks like success: so
    it does with the scripts of cron, atd, memcached and snmpd in Debian 12.

    Test: With the service running the script gets a verb that does not exist, and none. In a new
    world an ordinary user starts it. The status must be 1 to 7 (2 invalid argument, 3
    unimplemented, 4 insufficient privilege, 1 for anything) or 100 to 199, something must be
    printed, and nothing may be started or stopped. An ordinary user's start may succeed.

    Control: A script that exits with status 0 whatever happened.

    Mend: End the case statement with `*) echo "Usage: ..." >&2; exit 2`, and hand the status of
    the daemon's start on.
    """
    control = script_life.of("always-succeeds.init").error_faults
    unprivileged = unprivileged_script_start.of("always-succeeds.init")
    faults = script_life.of_target().error_faults
    faults = faults + unprivileged_script_start.of_target().faults

    assume(control, "the control reported an error")
    assume(
        unprivileged.faults or not unprivileged.was_made,
        "the control reported that an ordinary user may not start it",
    )
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("LSB-5", since="0.2.0", lsb=REQUIRED, debian=REQUIRED, source=(_LSB, DEBIAN_POLICY))
def test_namesakes_are_left_alone(script_namesake):
    """Leaves processes of the same name alone.

    Wrong: The script finds its daemon by name: it kills another user's process, or takes it for
    the daemon.

    Why: Whoever runs a process of that name, in a container or for a test, loses it at the next
    upgrade; or the service does not start because of it. A stop of tftpd-hpa in Debian 12 ends
    everybody's in.tftpd; a script that has its daemon's name ends itself (OpenOverlayRouter/oor
    #9).

    Test: Another program of the daemon's name runs as an ordinary user. The script is asked for
    status, stop, start, restart and stop. The other process must live, the daemon must start, and
    status may not take the one for the other.

    Control: A script that kills by name.

    Mend: Match by pidfile and program: start-stop-daemon --pidfile FILE --exec PROGRAM. Never use
    killall, pkill NAME or --name alone.
    """
    faults_of_control = script_namesake.of("kills-by-name.init").faults

    faults = script_namesake.of_target().faults

    assume(faults_of_control, "the control left its namesake alone")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("LSB-6", since="0.2.0", lsb=REQUIRED, debian=REQUIRED, source=(_LSB, DEBIAN_POLICY))
def test_restart_ends_in_the_right_state(script_life):
    """Restarts into the state that the verb promises.

    Wrong: After restart or force-reload the daemon does not run, runs twice, or has lost its
    sockets; try-restart starts what was stopped.

    Why: restart is what an upgrade does. A stop that returns before the port is free makes the
    start that follows fail, now and then. The script of supervisor 4.2.5 in Debian 12 stops the
    daemon, starts none, and exits with status 0.

    Test: force-reload, try-restart and restart when the service runs, try-restart and restart when
    it is stopped. Each must exit with status 0. Afterwards the service runs, once and on as many
    TCP sockets as before, but for try-restart when it was stopped. Verbs that the script does not
    know are judged by LSB-1; try-restart is optional.

    Control: A script whose restart only restarts what runs.

    Mend: Write restart as stop and start, and have stop wait until the daemon has ended
    (start-stop-daemon --stop --retry).
    """
    faults_of_control = script_life.of("restarts-only-what-runs.init").restart_faults

    faults = script_life.of_target().restart_faults

    assume(faults_of_control, "the control started")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("LSB-7", since="0.2.0", lsb=RECOMMENDED, debian=RECOMMENDED, source=(_LSB, DEBIAN_POLICY))
def test_little_is_needed(bare_script_start, target):
    """Needs no environment and no defaults, and survives removal.

    Wrong: The script fails with an empty environment, without its file in /etc/default, or
    obscurely when the package was removed and the script stayed as configuration.

    Why: At boot there is no PATH and no HOME. Administrators delete files in /etc/default. After
    `apt remove` each boot runs the script without the program, and that of bind9 9.18 fails then.

    Test: start and stop under `env -i`. A start without its files in /etc/default: status 0. A
    start after all files of its packages but for /etc were removed (dpkg-query -L; without a
    package its program alone): status 5, and by Debian Policy also 0.

    Control: A script that needs PATH.

    Mend: Set PATH at the top. Read defaults by `[ -r FILE ] && . FILE`. Begin with
    `[ -x PROGRAM ] || exit 0` in Debian, `|| exit 5` elsewhere.
    """
    not_installed = (0, 5) if target.profile == "debian" else (5,)
    faults_of_control = bare_script_start.of("needs-its-environment.init").faults(not_installed)

    faults = bare_script_start.of_target().faults(not_installed)

    assume(faults_of_control, "the control started without PATH")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "LSB-8", since="0.2.0", lsb=REQUIRED, debian=REQUIRED,
    source=(LSB_FUNCTIONS.at("pidofproc, start_daemon"), DAEMON_7.at("SysV Daemons, step 12")),
)  # fmt: skip
def test_crash_does_not_block_a_start(script_crash):
    """Starts again after a crash.

    Wrong: The pidfile, lock or socket that a killed daemon left keeps the script from starting it.

    Why: After a crash or a power cut nobody removes files by hand. The service stays down until
    somebody looks (Monitorix #68, packetfence #121).

    Test: The service is started, all its processes are killed by SIGKILL, and it is started again.

    Control: A script that does nothing while there is a pidfile.

    Mend: Ask whether the process of the pidfile is alive and is the daemon: start-stop-daemon
    --pidfile FILE --exec PROGRAM.
    """
    fault_of_control = script_crash.of("trusts-its-pidfile.init").start_fault

    fault = script_crash.of_target().start_fault

    assume(fault_of_control, "the control started")
    require(not fault, f"after SIGKILL: {fault}", facts=["stays-down"])


@clause(
    "LSB-9", since="0.2.0", lsb=RECOMMENDED, debian=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"), START_STOP_DAEMON.at("--pidfile")),
)  # fmt: skip
def test_old_number_is_not_trusted(script_successor):
    """Leaves the process alone that has the daemon's old number.

    Wrong: The script signals whatever process the pidfile names, or takes it for the daemon.

    Why: After a crash, and after a boot where the pidfile survives, its number belongs to another
    process. A stop then kills that one, as root (OpenIPC/firmware #2325). In Debian 12 even the
    status of xinetd sends it SIGUSR1, and apache2, dbus and memcached do not start.

    Test: The daemon is killed, and the pidfile that it left gets the number of another process,
    of another program. The script is asked for status, stop and start. That process must live, the
    daemon must start, and status may not be 0. A daemon without a pidfile is not judged.

    Control: A script that asks only whether a process of that number is alive.

    Mend: Compare the program too, also for status: start-stop-daemon --pidfile FILE --exec PROGRAM.
    pidofproc and status_of_proc -p of Debian's lsb-base do not.
    """
    control = script_successor.of("trusts-the-number-in-its-pidfile.init").faults

    faults = script_successor.of_target().faults

    assume(control, "the control left the other process alone")
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("LSB-10", since="0.2.0", lsb=REQUIRED, debian=REQUIRED, source=_LSB)
def test_failed_start_is_reported(obstructed_script_start):
    """Reports a start that failed.

    Wrong: start exits with status 0, and no daemon runs.

    Why: Boot goes on, the upgrade succeeds, the cluster manager is content, and no process answers.
    In Debian 12 the scripts of ssh, redis-server, memcached, unbound and icecast2 do so.

    Test: Each TCP port that the daemon listens on is taken by another process, and the service is
    started. Status 0 is right only where the daemon runs all the same.

    Control: A script that exits with status 0 whatever the daemon's start said.

    Mend: Hand the status of the daemon's own start on. With start-stop-daemon --background nobody
    learns it: use the daemon's own way to detach, or --notify-await.
    """
    lie_of_control = obstructed_script_start.of("always-succeeds.init").lie
    start = obstructed_script_start.of_target()
    applies(start.taken, "it listens on no TCP port that could be taken", "no-such-thing")

    lie = start.lie

    assume(lie_of_control, "the control reported the failure")
    require(not lie, f"its ports taken: {lie}", facts=["failed-start-succeeds"])
