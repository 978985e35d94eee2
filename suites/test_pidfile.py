"""PIDF: the file that says which process the daemon is."""

from daemonspec import (
    DAEMON_7,
    FHS_RUN,
    LSB_FUNCTIONS,
    RECOMMENDED,
    REQUIRED,
    START_STOP_DAEMON,
    SYSTEMD_SERVICE,
    applies,
    assume,
    clause,
    facts_of,
    require,
)


@clause(
    "PIDF-1",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 12 and 14"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_is_there_at_return(held_start, target):
    """Has its pidfile in place when its launcher returns.

    Wrong: The launcher exits with status 0 before the daemon's pidfile is there.

    Why: A start script that reads the file next finds none, and so does a service manager: "Can't
    open PID file ... (yet?)" (systemd/systemd #16636, nghttp2 #375).

    Test: Each process that the launcher forks is held until the launcher waits for it. When the
    launcher has exited, every other process is stopped: if the file is missing then, it was
    missing for the caller too. Time stamps would not show it: they are coarse, and give the last
    write of a file, not its first appearance. A file that comes within the moment that stopping
    takes still counts as there.

    Control: The same daemon whose launcher returns right after the first fork.

    Mend: Write the pidfile, then tell the launcher through a pipe, and let it exit only then.

    Unit: Type=notify or Type=exec, which need no pidfile.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    control = held_start.of("returns-before-it-is-ready").pidfile

    pidfile = held_start.of_target().pidfile

    assume(control is None, "the pidfile of a launcher that does not wait was there as well")
    require(
        pidfile is not None and pidfile.text,
        f"when the launcher had exited with status 0, {target.pidfile} was "
        f"{'empty' if pidfile else 'not there'}",
        facts=["empty" if pidfile else "missing"],
    )


@clause(
    "PIDF-2",
    since="0.1.0",
    sysv=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 12"),
        FHS_RUN,
        LSB_FUNCTIONS.at("pidofproc: the first line"),
    ),
)
def test_pidfile_names_the_main_process(stopping, target):
    """Names one of its processes in its pidfile.

    Wrong: The first line of the pidfile is not the pid of a living process of the daemon.

    Why: Scripts that stop, reload or watch the daemon use this number. The pid of a process that
    is gone is given to another process sooner or later: "PID ... does not belong to service"
    (TigerVNC #1313, containers/podman #15032). The usual mistake is to write it between the two
    forks.

    Test: The first line is read and compared with the daemon's processes. More lines and a missing
    newline are accepted, since readers have to be lenient (FHS). So is a NUL after the number,
    which pgpool writes: systemd, start-stop-daemon, `pgrep -F`, `kill $(cat ...)` and pidofproc
    all take it. Deluge's `21;20073` is not: start-stop-daemon reads 21 there, and the other four
    refuse the line.

    Control: The same daemon that writes the number of its parent, which is gone.

    Mend: Write getpid() in the process that stays, after the last fork, followed by a newline.
    `daemonspec explain PIDF-1` has the code.

    Unit: Type=notify or Type=exec, which need no pidfile.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    named_by_control = stopping.of("writes-the-intermediate-pid").pidfile_names_it
    stop = stopping.of_target()

    names_it = stop.pidfile_names_it

    assume(not named_by_control, "the pid of the intermediate process counts as the daemon's")
    require(
        names_it,
        f"{target.pidfile} is not there"
        if stop.pidfile is None
        else f"the first line of {stop.pidfile.path} is the pid of none of its processes: "
        f"{stop.pidfile}",
        facts=["missing" if stop.pidfile is None else "another-process"],
    )


@clause(
    "PIDF-3",
    since="0.1.0",
    sysv=REQUIRED,
    source=(
        START_STOP_DAEMON.at("--pidfile"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_is_not_world_writable(stopping, target):
    """Has a pidfile that is not world-writable.

    Wrong: Every user may write the daemon's pidfile.

    Why: A user who can write it chooses which process root kills at the next stop.
    start-stop-daemon refuses such a file, and the daemon cannot be stopped any more (proftpd
    #1015).

    Test: The mode of the pidfile is read. The caller's umask is 022: a file that is world-writable
    only under another umask is UMK-1's.

    Control: The same daemon that makes it with mode 0666.

    Mend: open() it with mode 0644, and set the umask before. umask(0) with fopen() makes it 0666.

    Unit: UMask=0022, which is the default.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    control = stopping.of("makes-a-world-writable-pidfile").pidfile
    pidfile = stopping.of_target().pidfile
    applies(pidfile, f"{target.pidfile} is not there", "is:PIDF-2")

    assume(control.mode & 0o002, f"the control's pidfile has mode {control.mode & 0o7777:04o}")
    require(
        not pidfile.mode & 0o002,
        f"{pidfile.path} has mode {pidfile.mode & 0o7777:04o}: every user can write it",
        facts=[f"{pidfile.mode & 0o7777:04o}"],
    )


@clause(
    "PIDF-6",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, step 12"),
        LSB_FUNCTIONS.at("start_daemon"),
    ),
)
def test_stale_pidfile_is_harmless(stale_starts, target):
    """Starts over a stale pidfile, and harms no other process.

    Wrong: A pidfile of an earlier run keeps the daemon from starting, or makes it harm the process
    that the file names.

    Why: After a crash or a reboot the file is still there. Its number may be free, or belong to
    another process by now, and a full disk leaves the file empty. A daemon that trusts it does not
    come up until an administrator deletes it (pilotprotocol #405: it contained `0`;
    collectd/collectd #815).

    Test: The daemon is started over an empty pidfile, one with invalid text, and one with the pid
    of a living process of the harness. That process has to be there after the start and after the
    stop. INS-4 tries the number of a dead process.

    Control: The same daemon that takes any living process for itself.

    Mend: Hold flock(2) on the pidfile, and trust the lock, never the number.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    harm_in_control = stale_starts.of("takes-a-stranger-for-itself").harm

    harm = stale_starts.of_target().harm

    assume(len(harm_in_control) == 1, f"the control: {'; '.join(harm_in_control) or 'no harm'}")
    require(
        not harm,
        f"with a pidfile of an earlier run: {'; '.join(harm)}",
        facts=facts_of(*harm),
    )


@clause(
    "PIDF-7",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(LSB_FUNCTIONS.at("killproc"), SYSTEMD_SERVICE.at("PIDFile=")),
)
def test_pidfile_is_removed(stopping, target):
    """Removes its pidfile when it is stopped.

    Wrong: The daemon was stopped, and its pidfile still names it.

    Why: The next status says "dead, but pidfile exists", and the next stop hits the process that
    got the pid (finit #489).

    Test: The daemon is stopped as it declares, and the file is read. An empty file names no
    process and is accepted: a daemon without privileges may be unable to remove it.

    Control: The same daemon that does not remove it.

    Mend: Call unlink() last, when the main loop has ended. Truncate the file if unlink() is not
    allowed.

    Unit: PIDFile= makes systemd remove the file.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    left_by_control = stopping.of("leaves-its-pidfile").pidfile_left
    stop = stopping.of_target()
    applies(stop.pidfile, f"{target.pidfile} is not there", "is:PIDF-2")

    left = stop.pidfile_left

    assume(left_by_control, "the pidfile that was not removed was gone as well")
    require(
        left is None,
        f"{left and left.path} is still there and says {left and left.text!r}",
        facts=["left"],
    )


@clause(
    "PIDF-8",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"),),
)
def test_refused_start_spares_the_pidfile(second_start, target):
    """Leaves a running instance's pidfile alone.

    Wrong: A second start is refused, and has changed, replaced or removed the pidfile of the
    running instance.

    Why: It happens if the file is written before the check, or removed on the way out. The file no
    longer names the daemon that runs, so no script can stop or reload it.

    Test: The daemon is started twice, and content and inode of the file are compared. A file with
    the same content, put in the place of the first, is without its lock.

    Control: The same daemon that writes the file first, and notices the other by its socket.

    Mend: Take the lock before writing. Remove the file only if this process has written it.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    damage_by_control = second_start.of("damages-the-pidfile-when-refused").damage
    second = second_start.of_target()
    applies(second.pidfile, f"{target.pidfile} is not there", "is:PIDF-2")
    applies(second.was_refused, "its second start is not refused, which is INS-1", "is:INS-1")

    damage = second.damage

    assume(damage_by_control, "the control left the pidfile alone")
    require(
        not damage,
        f"{second.pidfile.path} after a refused second start: {damage}",
        facts=facts_of(*filter(None, [damage])),
    )


@clause(
    "PIDF-9",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(
        START_STOP_DAEMON.at("--pidfile"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_belongs_to_its_starter(stopping, target):
    """Has a pidfile that only the user who started it can write.

    Wrong: The pidfile belongs to another user than the one who started the daemon, or its group
    may write it.

    Why: A service user that can write the file, as owner or through its group, can make root kill
    any process (CVE-2017-11747 of tinyproxy, CVE-2017-12847 of nagios, Icinga/icinga2 #5991).

    Test: Owner and mode of the pidfile are read. PIDF-3 judges that it is not world-writable.

    Control: The same daemon that makes it with mode 0664.

    Mend: Write it with mode 0644, before dropping privileges.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    control = stopping.of("makes-a-group-writable-pidfile").pidfile
    pidfile = stopping.of_target().pidfile
    applies(pidfile, f"{target.pidfile} is not there", "is:PIDF-2")

    assume(control.mode & 0o020, f"the control's pidfile has mode {control.mode & 0o7777:04o}")
    group_may_write = pidfile.mode & 0o022 == 0o020
    require(
        pidfile.belongs_to_starter and not group_may_write,
        f"{pidfile.path} has mode {pidfile.mode & 0o7777:04o} and belongs to uid {pidfile.uid}",
        facts=["group-writable"] * group_may_write
        + ["of-another-user"] * (not pidfile.belongs_to_starter),
    )
