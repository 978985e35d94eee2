"""UMK, CWD: what else a launcher leaves behind."""

from daemonspec import (
    ARTICLE,
    DAEMON_3,
    DAEMON_7,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
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
    "inherited".  A daemon that only tightens what it got (sshd ORs 022 into it) passes.

    Control: plain `cmd &`, which has whatever umask the launcher had.

    Mend: call umask() with the value you mean, after the first fork; in a unit file, UMask=.
    """
    plain = inheritance.plain_first.of_main("umask"), inheritance.plain_second.of_main("umask")
    first, second = inheritance.first.of_main("umask"), inheritance.second.of_main("umask")

    assume(plain == (0o015, 0o053), f"the control's umasks: {plain[0]:04o}, {plain[1]:04o}")
    require(
        first == second or all(mask & 0o022 == 0o022 for mask in (first, second)),
        f"umask follows the launcher: {first:04o} under 0015, {second:04o} under 0053",
    )


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
