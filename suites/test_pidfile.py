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
    require,
)


@clause(
    "PIDF-1",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 12 and 14"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_is_there_at_return(held_start, target):
    """A daemon's pidfile is there when its launcher returns.

    A start script that reads the file next finds none, and so does a service manager: "Can't open
    PID file ... (yet?)" (systemd/systemd #16636, nghttp2 #375).  Whoever
    the launcher forks is held until the launcher waits for him, and the moment it has ended every
    other process is stopped: what is missing then was missing for the caller too.  Time stamps
    would not do: they are coarse, and say when a file was written last, not since when it is
    there.  A file that comes within the moment that stopping takes is still seen.

    Control: the same daemon whose launcher returns right after the first fork.

    Mend: write the pidfile, then tell the launcher through a pipe, and let it exit only then.
    """
    applies(target.pidfile, "it declares no pidfile")
    control = held_start.of("returns-before-it-is-ready").pidfile

    pidfile = held_start.of_target().pidfile

    assume(control is None, "the pidfile of a launcher that does not wait was there as well")
    require(
        pidfile is not None and pidfile.text,
        f"when the launcher had returned 0, {target.pidfile} was "
        f"{'empty' if pidfile else 'not there'}",
    )


@clause(
    "PIDF-2",
    sysv=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 12"),
        FHS_RUN,
        LSB_FUNCTIONS.at("pidofproc: the first line"),
    ),
)
def test_pidfile_names_the_main_process(stopping, target):
    """A daemon's pidfile has, on its first line, the pid of a living process of the daemon.

    Whoever stops, reloads or watches the daemon goes by this number; one of a process that is gone
    belongs to a stranger sooner or later: "PID ... does not belong to service" (TigerVNC
    #1313, containers/podman #15032).  The usual mistake is to write it between the two forks.
    More lines, and a missing newline, are accepted: readers have to be lenient (FHS).  So is a NUL
    after the number, which pgpool writes: systemd, start-stop-daemon, `pgrep -F`, `kill $(cat ...)`
    and pidofproc all take it.  Deluge's `21;20073` is not: start-stop-daemon reads 21 there, and
    the other four refuse the line.

    Control: the same daemon that writes the number of its parent, which is gone.

    Mend: write getpid() in the process that stays, after the last fork, followed by a newline.
    """
    applies(target.pidfile, "it declares no pidfile")
    named_by_control = stopping.of("writes-the-intermediate-pid").pidfile_names_it
    stop = stopping.of_target()

    names_it = stop.pidfile_names_it

    assume(not named_by_control, "the pid of the intermediate process counts as the daemon's")
    require(
        names_it,
        f"{target.pidfile} is not there"
        if stop.pidfile is None
        else f"the first line of {stop.pidfile.path} is no process of it: {stop.pidfile}",
    )


@clause(
    "PIDF-3",
    sysv=REQUIRED,
    source=(
        START_STOP_DAEMON.at("--pidfile"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_is_not_world_writable(stopping, target):
    """A daemon's pidfile cannot be written by everybody.

    Whoever can write it chooses which process root kills at the next stop.  start-stop-daemon
    refuses such a file, and the daemon cannot be stopped any more (proftpd #1015).  The launcher's
    umask is 022: that a file is world-writable only under another one is UMK-1's.

    Control: the same daemon that makes it with mode 0666.

    Mend: open() it with mode 0644 and set the umask before; umask(0) and fopen() make it 0666.
    """
    applies(target.pidfile, "it declares no pidfile")
    control = stopping.of("makes-a-world-writable-pidfile").pidfile
    pidfile = stopping.of_target().pidfile
    applies(pidfile, f"{target.pidfile} is not there")

    assume(control.mode & 0o002, f"the control's pidfile has mode {control.mode & 0o7777:04o}")
    require(
        not pidfile.mode & 0o002,
        f"{pidfile.path} has mode {pidfile.mode & 0o7777:04o}: everybody can write it",
    )


@clause(
    "PIDF-6",
    sysv=RECOMMENDED,
    source=(
        DAEMON_7.at("SysV Daemons, step 12"),
        LSB_FUNCTIONS.at("start_daemon"),
    ),
)
def test_stale_pidfile_is_harmless(stale_starts, target):
    """A daemon starts over a pidfile of an earlier life, and harms nobody whom it names.

    After a crash or a reboot the file is still there; its number may be free, or somebody else's,
    and a full disk leaves it empty.  A daemon that believes it does not come up any more until
    somebody deletes the file (pilotprotocol #405: it held `0`; collectd/collectd
    #815).  The number of a dead process is INS-4's.  The living stranger is a process of the
    harness that has to be there after the start and after the stop.

    Control: the same daemon that takes any living process for itself.

    Mend: hold flock(2) on the pidfile, and believe the lock, never the number.
    """
    applies(target.pidfile, "it declares no pidfile")
    harm_in_control = stale_starts.of("takes-a-stranger-for-itself").harm

    harm = stale_starts.of_target().harm

    assume(len(harm_in_control) == 1, f"the control: {'; '.join(harm_in_control) or 'no harm'}")
    require(not harm, f"a pidfile was left by an earlier life: {'; '.join(harm)}")


@clause(
    "PIDF-7",
    sysv=RECOMMENDED,
    source=(LSB_FUNCTIONS.at("killproc"), SYSTEMD_SERVICE.at("PIDFile=")),
)
def test_pidfile_is_removed(stopping, target):
    """A daemon that was stopped leaves no pidfile that names it.

    A number that is left behind is taken at its word: the next status says "dead, but pidfile
    exists", and the next stop hits whoever got the pid (finit #489).  An empty file
    names nobody and is accepted: a daemon without privileges may be unable to remove it.

    Control: the same daemon that does not remove it.

    Mend: unlink() it last, in the handler's main loop; truncate it where unlink is not allowed.
    """
    applies(target.pidfile, "it declares no pidfile")
    left_by_control = stopping.of("leaves-its-pidfile").pidfile_left
    stop = stopping.of_target()
    applies(stop.pidfile, f"{target.pidfile} is not there")

    left = stop.pidfile_left

    assume(left_by_control, "the pidfile that was not removed was gone as well")
    require(left is None, f"{left and left.path} is still there and says {left and left.text!r}")


@clause(
    "PIDF-8",
    sysv=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"),),
)
def test_refused_start_spares_the_pidfile(second_start, target):
    """A daemon whose second start is refused leaves the running one's pidfile alone.

    Written before anything is known, or removed on the way out, it no longer names the daemon that
    runs: nothing that reads it can stop or reload that one.  Content and inode are compared: a
    file of the same content, put in the place of the first, is without its lock.

    Control: the same daemon that writes the file first, and notices the other by its socket.

    Mend: take the lock before writing; remove the file only if this process has written it.
    """
    applies(target.pidfile, "it declares no pidfile")
    damage_by_control = second_start.of("damages-the-pidfile-when-refused").damage
    second = second_start.of_target()
    applies(second.pidfile, f"{target.pidfile} is not there")
    applies(second.was_refused, "its second start is not refused, which is INS-1")

    damage = second.damage

    assume(damage_by_control, "the control left the pidfile alone")
    require(not damage, f"{second.pidfile.path} after a refused second start: {damage}")


@clause(
    "PIDF-9",
    sysv=RECOMMENDED,
    source=(
        START_STOP_DAEMON.at("--pidfile"),
        SYSTEMD_SERVICE.at("PIDFile="),
    ),
)
def test_pidfile_belongs_to_its_starter(stopping, target):
    """A daemon's pidfile is owned by whoever started it, and nobody else's to write.

    A service user that can write the file, as owner or through its group, can have root kill any
    process by it (CVE-2017-11747 of tinyproxy, CVE-2017-12847 of nagios, Icinga/icinga2 #5991).
    That everybody can is PIDF-3.

    Control: the same daemon that makes it with mode 0664.

    Mend: write it with mode 0644 before dropping privileges.
    """
    applies(target.pidfile, "it declares no pidfile")
    control = stopping.of("makes-a-group-writable-pidfile").pidfile
    pidfile = stopping.of_target().pidfile
    applies(pidfile, f"{target.pidfile} is not there")

    assume(control.mode & 0o020, f"the control's pidfile has mode {control.mode & 0o7777:04o}")
    require(
        pidfile.belongs_to_starter and pidfile.mode & 0o022 != 0o020,
        f"{pidfile.path} has mode {pidfile.mode & 0o7777:04o} and belongs to uid {pidfile.uid}",
    )
