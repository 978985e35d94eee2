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
    require,
)


@clause(
    "UMK-1",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 10"), ARTICLE.at("rule 7"), PEP_3143.at("umask")),
)
def test_umask_is_not_inherited(inheritance):
    """A daemon's umask does not depend on who started it.

    An inherited umask silently narrows, or opens, the mode of every file the daemon creates: the
    same package then behaves differently when started from cron and from a login shell.  The
    launches use 0015 and 0053 because no program picks those for itself: seeing one of them means
    "inherited".  Each process counts, because a worker that was forked before the daemon set its
    umask writes files as well.  A helper with a umask of its own passes, and so does a daemon that
    only tightens what it got (sshd ORs 022 into it).

    Control: plain `cmd &`, which has whatever umask the launcher had.

    Mend: call umask() with the value you mean, after the first fork; in a unit file, UMask=.
    """
    plain = inheritance.plain_first.of_main("umask"), inheritance.plain_second.of_main("umask")
    following = inheritance.following_umasks()

    assume(plain == (0o015, 0o053), f"the control's umasks: {plain[0]:04o}, {plain[1]:04o}")
    require(not following, f"umask follows the launcher: {'; '.join(following)}")


@clause(
    "UMK-2",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(CWE_732, START_STOP_DAEMON.at("--pidfile")),
)
def test_creates_no_world_writable_file(launch, control):
    """A daemon creates no regular file that everybody may write.

    umask(0) followed by fopen() makes files of mode 0666.  A pidfile like that lets any user
    choose whom the administrator's `kill` hits, and start-stop-daemon refuses to act on it, so that
    the daemon cannot be stopped (proftpd/proftpd #1015); uwsgi's --daemonize made one
    (unbit/uwsgi #2752).  Judged is what appeared in the world's directories between the start and
    one use of the service.  Sockets are another matter, and files under a umask that a launcher
    chose are UMK-1's: this start has 022.

    Control: a daemon that writes a state file with open() under umask 0.

    Mend: pass the mode to open(2), 0644 or less; or keep a umask of 022 or more.
    """
    open_to_all = control.once("creates-a-world-writable-file", _open_to_all)
    assume(open_to_all, "the program that creates a file of mode 0666 was not seen to")
    daemon = launch()

    created = daemon.files_created()

    applies(created, "it creates no regular file")
    writable = [one for one in created if one.world_writable]
    require(not writable, f"everybody may write {', '.join(map(str, writable))}")


def _open_to_all(daemon):
    return any(one.world_writable for one in daemon.files_created())


@clause(
    "UMK-3",
    sysv=INFORMATION,
    article=REQUIRED,
    source=(DAEMON_7.at("SysV Daemons, step 10"), ARTICLE.at("rule 7"), PEP_3143.at("umask")),
)
def test_umask_is_zero(inheritance):
    """A daemon's umask is 0, so that the mode of a file is the one that its code says.

    It is what the documents name, and it is right for a program that passes a mode to every call
    that makes a file.  With fopen() and its like it makes files that everybody may write, which is
    UMK-2; many daemons take 022 or 027 instead, and that is why the number is no more than
    information but for the article.  That it does not depend on the launcher is UMK-1.

    Control: plain `cmd &`, which has the launcher's 0015.

    Mend: umask(0) after the second fork, and a mode at every open(), mkdir() and mknod().
    """
    plain = inheritance.plain_first.of_main("umask")
    mask = inheritance.first.of_main("umask")

    assume(plain == 0o015, f"the control's umask is {plain:04o}")
    require(mask == 0, f"the umask is {mask:04o}")


@clause(
    "CWD-1",
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
    """A daemon does not keep the file system that it was started from busy.

    As long as a process has its working directory on a mount, umount(2) answers EBUSY: the USB
    stick, the chroot or the container cannot be taken away (Yelp/dumb-init #210).  The launch
    happens in a mount of its own; the shell leaves it, and the harness unmounts it.

    A launcher that stays there, which is PAR-2, is not held against the daemon.

    Control: plain `cmd &` started in the same directory, under which the unmount is refused.

    Mend: chdir("/") after the first fork, once every relative path has been resolved.
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
        f"umount(2) answers EBUSY for the launch directory: {', '.join(holders) or 'unseen'}",
    )


@clause(
    "CWD-2",
    sysv=RECOMMENDED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 11"),
        ARTICLE.at("rule 6"),
        PEP_3143.at("working_directory"),
    ),
)
def test_does_not_stay_in_the_launch_directory(inheritance):
    """A daemon's working directory is / or one of its own, not where somebody happened to be.

    Relative paths in its configuration, core files and the children that it starts depend on it:
    the same daemon writes its files into root's home today and into a release directory, which the
    next deployment removes, tomorrow.  A directory that the daemon itself chooses is as good as /:
    its data directory, its spool.  What it means for umount(2) is CWD-1.

    Control: plain `cmd &`, which stays where the shell was.

    Mend: chdir("/"), or to the daemon's own directory, and look at what chdir() returns.
    """
    plain = inheritance.plain_first.of_main("working directory")
    daemon = inheritance.first.of_main("working directory")

    launch_directory = inheritance.first.launch_directory
    assume(plain.name == inheritance.plain_first.launch_directory, f"the control is in {plain}")
    assume(hasattr(daemon, "name"), f"its working directory is {daemon}")
    require(
        not f"{daemon.name}/".startswith(f"{launch_directory}/"),
        f"stays in the directory that it was started from ({daemon})",
    )


@clause(
    "CWD-3",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=SYSTEMD_EXEC.at("Process Exit Codes, 200/CHDIR"),
)
def test_needs_its_working_directory(inheritance, attempt):
    """A daemon whose own working directory is missing does not start somewhere else.

    chdir() that nobody looks at leaves the daemon where it was launched: it says that it is up,
    keeps that file system busy, and writes its files where nobody looks for them.  The article's
    own code does it, with /tmp/httpd.  Where the daemon was seen to work in a directory of its
    own, that directory is taken away, and everything beside it stays: the start has to fail, or
    the daemon to be anywhere but in the launch directory.

    Control: a daemon that goes to a directory of its own and does not look at the result.

    Mend: if (chdir(path) < 0), say so and exit with another status than 0.
    """
    own = inheritance.own_directory()
    applies(own.path, own.why_not)
    strayed = attempt.of_control(
        "ignores-a-missing-directory", "nothing special", _strays, missing="/usr/share/misc"
    )
    assume(strayed, "the control did not stay in the launch directory")

    started = attempt("nothing special", missing=own.path)

    require(not started.strays, f"without {own.path}: {started.last_seen}")


def _strays(attempt):
    return attempt.strays


@clause(
    "ENV-2",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    article=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 4"), LSB_INIT.at("Init Script Actions")),
)
def test_starts_without_environment(attempt):
    """A daemon starts with an empty environment.

    At boot, from cron and from a service manager there is no HOME, no USER, no TERM and hardly a
    PATH: a daemon that works from its author's shell and needs one of them fails there, and only
    there.  The launch is like any other, but nothing is in the environment.

    Control: a daemon that looks up HOME, and starts only where there is one.

    Mend: take paths from the configuration or from getpwuid(), and give every getenv() a default.
    """
    needy = attempt.of_control("needs-home", "an empty environment", _serves)
    assume(not needy, "a daemon that needs HOME started without it")

    started = attempt("an empty environment")

    require(started.serves, f"with an empty environment: {started.last_seen}")


def _serves(attempt):
    return attempt.serves
