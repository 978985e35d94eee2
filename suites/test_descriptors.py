"""FDS: what the daemon has open, and what it should not have."""

from daemonspec import (
    ARTICLE,
    CLOSE_RANGE_2,
    CWE_403,
    DAEMON_3,
    DAEMON_7,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
    applies,
    assume,
    clause,
    require,
)


@clause(
    "FDS-1",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 9"),
        ARTICLE.at("rule 5, the code's last lines"),
        PEP_3143.at("stdin, stdout, stderr"),
        DAEMON_3.at("noclose"),
    ),
)
def test_standard_streams_lead_elsewhere(inheritance):
    """A daemon has descriptors 0, 1 and 2 open, 0 on /dev/null and none on what started it.

    On the launcher's terminal they keep the terminal from closing, and every message of the daemon
    appears in somebody's shell (yrutschle/sslh #468).  Merely closed they are worse: the next file
    that the daemon opens gets the number, and a library's message to "stderr" is written into it;
    an LMDB database was corrupted so (monero-project/monero #6147).  Descriptors 1 and 2 may lead
    to /dev/null, to a log or to a logger, and must be open for writing.

    Control: plain `cmd &`, whose three lead to the terminal.

    Mend: open /dev/null read-write and dup2() it to 0, 1 and 2, after the last message.
    """
    plain = inheritance.plain_first.streams()
    streams = inheritance.first.streams()

    assume(plain.on_terminal == [0, 1, 2], f"the control's streams: {plain}")
    require(not streams.faults, "; ".join(streams.faults))


@clause(
    "FDS-2",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, step 1"),
        ARTICLE.at("rule 5"),
        PEP_3143.at("files_preserve"),
    ),
    formerly=("FDS-3", "FDS-4", "FDS-7"),
)
def test_inherited_descriptors_are_closed(inheritance):
    """A daemon closes the descriptors that it inherits.

    A pipe that it keeps never ends for its reader: the `ssh host startd`, the CI job and the
    `$(...)` that started it hang (OpenRC/openrc #239, bazelbuild/bazel #19309); a lock that it
    keeps is never free (haproxy held flock 9: brooklyncentral/clocker #382).  The write ends of
    pipes are left at 3 and 7, where the first free numbers are, at 254 and 256, on both sides of
    what a fixed table closes, at 300, and at 1024, under a limit of 4096.  In a second launch it
    is locks at 3 and 300, files at 7 and 1024, a terminal that is not the launching one at 254
    and a pipe at 256.

    A pipe, a lock and a terminal decide by their effect: the reader sees the end, the lock can be
    taken, the terminal is free, or not.  A plain file has no such effect, and who holds it is read
    from /proc, where that can be read.  The file at 1024 was opened before the limit was lowered
    to 1024: a loop up to the limit, which daemon(7) allows, cannot know of it.  It is evidence and
    fails nobody.

    Control: plain `cmd &`, which keeps them all.

    Mend: close_range(3, ~0U, 0), or close everything that /proc/self/fd lists.
    """
    tables = []
    for name, (plain, daemon) in zip(("first", "second"), inheritance.launches, strict=True):
        assume(plain.still_held() == plain.baits, f"the control closed some: kept {plain.held}")
        held = daemon.wrongly_held()
        if held:
            tables.append(f"in the {name} launch {daemon.table_of(held)}")

    require(not tables, f"inherited and not closed: {'; '.join(tables)}")


@clause(
    "FDS-5",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 1"), CLOSE_RANGE_2),
)
def test_does_not_go_through_all_numbers(high_limit):
    """A daemon does not go through all descriptor numbers up to the limit, one call each.

    A loop over all numbers up to the limit, one close() each, is nothing under 1,024.  Containers
    and service managers give 1,048,576, or a thousand times that: the start then takes seconds,
    or minutes of full load (rsyslog #5158, postsrsd #122, fail2ban #3334).  Nothing is measured:
    it is started under the highest limit to be had here, and the kernel tells whether anybody
    makes close() or fcntl() on the last number below it, which nobody has open.  A loop over what
    /proc/self/fd lists, close_range(2), and a table of its own size do not come there.

    Control: the same daemon, which closes every number up to the hard limit.

    Mend: close_range(3, ~0U, 0), or close what /proc/self/fd lists.
    """
    all_by_control = high_limit.of("closes-every-number").goes_through_all
    start = high_limit.of_target()

    through_all = start.goes_through_all

    assume(all_by_control, "the loop of the control was not seen")
    require(
        not through_all,
        f"it goes through all {start.limit:,} numbers up to the limit, one call each",
    )


@clause(
    "FDS-6",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 1 and 9"),
        ARTICLE.at("rule 5, the code's last lines"),
        DAEMON_3.at("noclose"),
    ),
)
def test_command_substitution_ends(capture, plain_capture):
    """A daemon lets `x=$(daemon)`, `daemon | cat` and `ssh host daemon` end with its launcher.

    They end when the last descriptor of the pipe is closed, and not when the launcher does: a
    daemon that keeps its standard output or error, or a copy of it, hangs the script, the ssh
    command and the CI job that started it (OpenRC/openrc #239, haskell/process #70).  In a terminal
    nothing of it is to be seen.  The target is started as `x=$(target 2>&1)`; once its launcher has
    ended, the daemon is up and everybody is at rest, the prompt is back or never will be.

    Control: `x=$(cmd &)`, which hangs.

    Mend: dup2() /dev/null onto 0, 1 and 2 wherever they lead, and close what is above them.
    """
    captured = capture()

    applies(captured.launcher_ended, "its launcher does not end, which PAR-2 judges")
    assume(not plain_capture.ended, "`x=$(cmd &)` returned")
    who = "; ".join(captured.holders) or "who holds the pipe is unseen"
    require(captured.ended, f"`x=$(target 2>&1)` hangs after the launcher's end: {who}")


@clause(
    "FDS-8",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 9"), PEP_3143.at("stdin, stdout, stderr")),
)
def test_starts_without_standard_descriptors(bare_start, bare_control):
    """A daemon that is started with 0, 1 and 2 closed puts none of its own files there.

    Some launchers close the three.  The first file, socket or pipe that a program opens then is
    its "standard error", which a library writes to, or is lost when the daemon puts /dev/null onto
    0, 1 and 2 (bmc/daemonize #34); an LMDB database was corrupted so (monero-project/monero
    #6147).  It may have at these numbers what it has there after an ordinary start, such as its
    log, and it may refuse to start; when its launcher says 0, it has to serve.

    Control: a daemon that replaces only those of the three that are open.

    Mend: open /dev/null until a number above 2 comes back, before anything else is opened.
    """
    applies(not bare_start.refused, f"it refuses to start: {bare_start.refused}")
    assume(
        bare_control.faults, "the daemon that replaces only what is open has nothing at 0, 1 and 2"
    )
    require(not bare_start.faults, "; ".join(bare_start.faults))


@clause("FDS-9", sysv=RECOMMENDED, foreground=RECOMMENDED, source=CWE_403)
def test_programs_get_no_private_descriptors(hooked):
    """A daemon keeps its own descriptors from the hooks and jobs that it starts.

    A listening socket that a hook inherits keeps the port when the daemon is restarted, a lock
    stays held, and a file that root opened is open in a program that runs as somebody else.  The
    harness's own program, which opens nothing, stands where the daemon's configuration names a
    hook; counted is what it has above 2 that a process of the daemon has as well, of a pipe the
    same end.  A daemon that passes one of its own on purpose is not told apart.

    Control: the same daemon, whose listening socket is not close-on-exec.

    Mend: O_CLOEXEC, SOCK_CLOEXEC and pipe2() wherever a descriptor is made; or close_range(3, ~0U,
    0) between fork() and exec().
    """
    target = hooked.of_target()
    handed_on_by_control = hooked.of("hands-its-descriptors-on").descriptors

    handed_on = target.descriptors

    assume(handed_on_by_control, "the hook of the control did not have the listening socket")
    require(not handed_on, f"started by the daemon: {'; '.join(handed_on)}")
