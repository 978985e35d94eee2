"""UMK, CWD, ENV: what else a launcher leaves behind."""

from daemonspec import (
    ARTICLE,
    CWE_732,
    DAEMON_3,
    DAEMON_7,
    INFORMATION,
    LSB_INIT,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
    START_STOP_DAEMON,
    SYSTEMD_EXEC,
    applies,
    assume,
    clause,
    facts_of,
    require,
)


@clause(
    "UMK-1",
    since="0.1.0",
    revised="0.2.0",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 10"), ARTICLE.at("rule 7"), PEP_3143.at("umask")),
)
def test_umask_is_not_inherited(inheritance):
    """Does not inherit its caller's umask.

    Wrong: A process of the daemon has the umask of the shell, cron job or script that started it.

    Why: The umask narrows or opens the mode of every file that the daemon creates. The same
    package then behaves differently when it is started from cron and from a login shell.

    Test: The daemon is started under 0015 and under 0053. No program picks these for itself, so
    seeing one of them means "inherited". Each process counts, because a worker that was forked
    before the daemon set its umask writes files as well. A helper with a umask of its own passes,
    and so does a daemon that only tightens what it got (sshd adds 022 to it).

    Control: Plain `cmd &`, which has the umask of its shell.

    Mend: Call umask() with the value that you mean, after the first fork and before any worker is
    forked.

    Unit: UMask=0022, which is the default.
    """
    plain = inheritance.plain_first.of_main("umask"), inheritance.plain_second.of_main("umask")
    following = inheritance.following_umasks()

    assume(plain == (0o015, 0o053), f"the control's umasks: {plain[0]:04o}, {plain[1]:04o}")
    require(
        not following,
        f"umask follows the caller's: {'; '.join(following)}",
        facts=facts_of(*following),
    )


@clause(
    "UMK-2",
    since="0.1.0",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(CWE_732, START_STOP_DAEMON.at("--pidfile")),
)
def test_creates_no_world_writable_file(launch, control):
    """Creates no world-writable file.

    Wrong: The daemon creates a regular file that every user may write.

    Why: umask(0) followed by fopen() makes files of mode 0666. A pidfile like that lets any user
    choose which process the administrator's `kill` hits, and start-stop-daemon refuses to act on
    it, so the daemon cannot be stopped (proftpd/proftpd #1015). uwsgi's --daemonize made one
    (unbit/uwsgi #2752).

    Test: The files count that appeared in the world's directories between the start and one use of
    the service. Sockets do not count. Files that are open only under a umask that a caller chose
    are UMK-1's: this start has 022.

    Control: A daemon that writes a state file with open() under umask 0.

    Mend: Pass the mode to open(2), 0644 or less, or keep a umask of 022 or more.

    Unit: UMask=0027 helps only as long as the daemon does not change it.
    """
    open_to_all = control.once("creates-a-world-writable-file", _open_to_all)
    assume(open_to_all, "the control's file of mode 0666 was not seen")
    daemon = launch()

    created = daemon.files_created()

    applies(created, "it creates no regular file", "no-such-thing")
    writable = [one for one in created if one.world_writable]
    require(
        not writable,
        f"every user may write {', '.join(map(str, writable))}",
        facts=[one.fact for one in writable],
    )


def _open_to_all(daemon):
    return any(one.world_writable for one in daemon.files_created())


@clause(
    "UMK-3",
    since="0.1.0",
    sysv=INFORMATION,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 10"), ARTICLE.at("rule 7"), PEP_3143.at("umask")),
)
def test_umask_is_zero(inheritance):
    """Has umask 0.

    Wrong: The daemon's umask is not 0, so the mode of a file is not the one that its code says.

    Why: The documents ask for 0, and it is right for a program that passes a mode to every call
    that makes a file. With fopen() it makes files that every user may write, which is UMK-2. Many
    daemons use 022 or 027 instead. For that reason this is only information, except in the profile
    `article`. UMK-1 judges that the umask does not depend on the caller.

    Test: The umask of the main process is read.

    Control: Plain `cmd &`, which has its shell's 0015.

    Mend: Call umask(0) after the second fork, and pass a mode to every open(), mkdir() and
    mknod().

    Unit: UMask=0000.
    """
    plain = inheritance.plain_first.of_main("umask")
    mask = inheritance.first.of_main("umask")

    assume(plain == 0o015, f"the control's umask is {plain:04o}")
    require(mask == 0, f"the umask is {mask:04o}", facts=[f"{mask:04o}"])


@clause(
    "CWD-1",
    since="0.1.0",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 11"),
        ARTICLE.at("rule 6"),
        DAEMON_3.at("nochdir"),
        PEP_3143.at("working_directory"),
    ),
)
def test_does_not_pin_the_launch_directory(launch, terminal, control):
    """Does not keep the launch file system busy.

    Wrong: The daemon's working directory, or a file that it has open, is on the file system that
    it was started from, so this cannot be unmounted.

    Why: umount(2) answers EBUSY as long as a process has its working directory there: the USB
    stick, the chroot or the container cannot be removed (Yelp/dumb-init #210).

    Test: The daemon is started in a mount of its own. The shell leaves it, and the harness
    unmounts it. A launcher that stays there, which is PAR-2, does not count against the daemon.

    Control: Plain `cmd &` started in the same directory, under which the unmount is refused.

    Mend: Call chdir("/") after the first fork, once every relative path has been resolved.

    Unit: WorkingDirectory=/, which is the default.
    """
    terminal.leave_directory()
    plain = control.in_background(terminal)
    free_under_control = terminal.unmount_directory()
    plain.end()
    daemon = launch(terminal)

    free = terminal.unmount_directory()

    assume(not free_under_control, "the directory could be unmounted under the control")
    holders = daemon.in_directory(terminal.directory)
    require(
        free or (daemon.launcher_stays and not holders),
        "umount(2) of the launch directory fails with EBUSY: "
        f"{', '.join(holders) or 'its holder cannot be seen'}",
        facts=["busy"],
    )


@clause(
    "CWD-2",
    since="0.1.0",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 11"),
        ARTICLE.at("rule 6"),
        PEP_3143.at("working_directory"),
    ),
)
def test_does_not_stay_in_the_launch_directory(inheritance):
    """Does not stay in the directory it was started from.

    Wrong: The daemon's working directory is the one that its caller happened to be in, or lies
    below it.

    Why: Relative paths in the configuration, core files and the programs that the daemon starts
    depend on it. The same daemon writes its files into root's home today, and tomorrow into a
    release directory that the next deployment removes.

    Test: The working directory of the main process is read. A directory that the daemon chooses
    itself is as good as /: its data directory, its spool. CWD-1 judges what the directory means
    for umount(2).

    Control: Plain `cmd &`, which stays where the shell was.

    Mend: Call chdir("/"), or go to the daemon's own directory, and check what chdir() returns.
    `daemonspec explain CWD-1` has the code.

    Unit: WorkingDirectory=/var/lib/mydaemon.
    """
    plain = inheritance.plain_first.of_main("working directory")
    daemon = inheritance.first.of_main("working directory")

    launch_directory = inheritance.first.launch_directory
    assume(plain.name == inheritance.plain_first.launch_directory, f"the control is in {plain}")
    assume(hasattr(daemon, "name"), f"its working directory is {daemon}", "unreadable")
    require(
        not f"{daemon.name}/".startswith(f"{launch_directory}/"),
        f"stays in the directory that it was started from ({daemon})",
        facts=["launch-directory"],
    )


@clause(
    "CWD-3",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=SYSTEMD_EXEC.at("Process Exit Codes, 200/CHDIR"),
)
def test_needs_its_working_directory(inheritance, attempt):
    """Does not start elsewhere when its directory is missing.

    Wrong: The daemon's own directory is missing, and the daemon works in the directory that it was
    started from instead.

    Why: It does so if the result of chdir() is not checked. The daemon reports success, keeps that
    file system busy, and writes its files where no administrator looks for them. The article's own
    code does it, with /tmp/httpd.

    Test: If the daemon was seen to work in a directory of its own, that directory is removed, and
    everything beside it stays. Then the start has to fail, or the daemon has to be anywhere but in
    the launch directory.

    Control: A daemon that goes to a directory of its own and does not check the result.

    Mend: If chdir() fails, print why and exit with a status other than 0.

    Unit: WorkingDirectory= makes systemd check it: 200/CHDIR.
    """
    own = inheritance.own_directory()
    applies(own.path, own.why_not, "no-such-thing")
    strayed = attempt.of_control(
        "ignores-a-missing-directory", "nothing special", _strays, missing="/usr/share/misc"
    )
    assume(strayed, "the control did not stay in the launch directory")

    started = attempt("nothing special", missing=own.path)

    require(not started.strays, f"without {own.path}: {started.last_seen}", facts=["strays"])


def _strays(attempt):
    return attempt.strays


@clause(
    "ENV-2",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 4"), LSB_INIT.at("Init Script Actions")),
)
def test_starts_without_environment(attempt):
    """Starts with an empty environment.

    Wrong: The daemon does not start, or does not serve, without variables such as HOME, USER, TERM
    or PATH.

    Why: At boot, from cron and from a service manager there is no HOME, no USER, no TERM and
    hardly a PATH. A daemon that works in its author's shell and needs one of them fails there, and
    only there.

    Test: The start is like any other, but with no environment variables at all.

    Control: A daemon that looks up HOME, and starts only if there is one.

    Mend: Take paths from the configuration or from getpwuid(), and give every getenv() a default.

    Unit: Environment= for each variable that the daemon really needs.
    """
    needy = attempt.of_control("needs-home", "an empty environment", _serves)
    assume(not needy, "a daemon that needs HOME started without it")

    started = attempt("an empty environment")

    serves, seen = started.serves, started.last_seen
    require(serves, f"with an empty environment: {seen}", facts=facts_of(seen))


def _serves(attempt):
    return attempt.serves
