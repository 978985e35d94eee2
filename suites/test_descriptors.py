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
    facts_of,
    require,
)


@clause(
    "FDS-1",
    since="0.1.0",
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
    """Keeps 0, 1 and 2 open, and none on its launch terminal.

    Wrong: Descriptor 0, 1 or 2 of the daemon is closed, or still leads to what the daemon was
    started from, or 0 is not on /dev/null, or 1 or 2 cannot be written.

    Why: On the launch terminal they keep the terminal from closing, and each message of the daemon
    appears in a user's shell (yrutschle/sslh #468). Closed they are worse: the next file that the
    daemon opens gets the number, and a library's message to "stderr" is written into it. An LMDB
    database was corrupted like this (monero-project/monero #6147).

    Test: The three descriptors of each process are read after a start at a terminal. 1 and 2 may
    lead to /dev/null, to a log or to a logger, and must be open for writing.

    Control: Plain `cmd &`, whose three lead to the terminal.

    Mend: Open /dev/null for reading and writing, and dup2() it to 0, 1 and 2 after the last
    message to the user.

    Unit: StandardInput=null and StandardOutput=journal, with the daemon in its foreground mode.
    """
    plain = inheritance.plain_first.streams()
    streams = inheritance.first.streams()

    assume(plain.on_terminal == [0, 1, 2], f"the control's streams: {plain}")
    faults = streams.faults
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause(
    "FDS-2",
    since="0.1.0",
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
    """Closes the descriptors that it inherits.

    Wrong: The daemon still has a descriptor open that was open in the process that started it.

    Why: A pipe that it keeps never ends for its reader: the `ssh host startd`, the CI job and the
    `$(...)` that started it hang (OpenRC/openrc #239, bazelbuild/bazel #19309). A lock that it
    keeps is never free (haproxy held the lock on descriptor 9: brooklyncentral/clocker #382).

    Test: The write ends of pipes are left open at 3 and 7, where the first free numbers are, at
    254 and 256, on both sides of what a fixed table closes, at 300, and at 1024, under a limit of
    4096. A second launch has locks at 3 and 300, files at 7 and 1024, a terminal other than the
    launch terminal at 254 and a pipe at 256. A pipe, a lock and a terminal are judged by their
    effect: whether the reader sees the end, the lock can be taken, the terminal is free. A plain
    file has no such effect, and its holder is read from /proc where that is possible. The file at
    1024 was opened before the limit was lowered to 1024: a loop up to the limit, which daemon(7)
    allows, cannot know of it. It is evidence and fails no daemon.

    Control: Plain `cmd &`, which keeps them all.

    Mend: Call close_range(3, ~0U, 0), or close everything that /proc/self/fd lists, before the
    daemon opens anything.

    Unit: systemd passes 0, 1 and 2 alone, and the sockets of a socket unit.
    """
    tables, facts = [], []
    for name, (plain, daemon) in zip(("first", "second"), inheritance.launches, strict=True):
        assume(plain.still_held() == plain.baits, f"the control closed some: kept {plain.held}")
        held = daemon.wrongly_held()
        if held:
            tables.append(f"in the {name} launch {daemon.table_of(held)}")
            facts += [one.fact for one in held]

    require(not tables, f"inherited and not closed: {'; '.join(tables)}", facts)


@clause(
    "FDS-5",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 1"), CLOSE_RANGE_2),
)
def test_does_not_go_through_all_numbers(high_limit):
    """Does not close every number up to the limit, one by one.

    Wrong: The daemon calls close() or fcntl() for each descriptor number up to the limit.

    Why: Under a limit of 1,024 that costs nothing. Containers and service managers give 1,048,576,
    or a thousand times that: the start then takes seconds, or minutes of full load (rsyslog #5158,
    postsrsd #122, fail2ban #3334).

    Test: No time is measured. The daemon is started under the highest limit that this machine
    allows, and the kernel reports whether a process calls close() or fcntl() on the last number
    below it, which no process has open. A loop over what /proc/self/fd lists, close_range(2), and
    a table of a fixed size do not reach that number.

    Control: The same daemon, which closes every number up to the hard limit.

    Mend: Call close_range(3, ~0U, 0), or close what /proc/self/fd lists. `daemonspec explain
    FDS-2` has the code.

    Unit: LimitNOFILE=1024 hides the defect.
    """
    all_by_control = high_limit.of("closes-every-number").goes_through_all
    start = high_limit.of_target()

    through_all = start.goes_through_all

    assume(all_by_control, "the control's loop was not seen")
    require(
        not through_all,
        f"it calls close() or fcntl() on each number up to the limit of {start.limit:,}",
        facts=["goes-through-all"],
    )


@clause(
    "FDS-6",
    since="0.1.0",
    sysv=REQUIRED,
    article=REQUIRED,
    source=(
        DAEMON_7.at("SysV Daemons, steps 1 and 9"),
        ARTICLE.at("rule 5, the code's last lines"),
        DAEMON_3.at("noclose"),
    ),
)
def test_command_substitution_ends(capture, plain_capture):
    """Lets `$(daemon)` and `ssh host daemon` return.

    Wrong: The daemon keeps its standard output or error, or a copy of it, so `x=$(daemon)`,
    `daemon | cat` and `ssh host daemon` do not return when the launcher exits.

    Why: They return when the last descriptor of the pipe is closed. The script, the ssh command or
    the CI job that started the daemon hangs (OpenRC/openrc #239, haskell/process #70). At a
    terminal the defect cannot be seen.

    Test: The target is started as `x=$(target 2>&1)`. Once its launcher has exited, the daemon is
    up and every process is at rest, the prompt is back, or never will be.

    Control: `x=$(cmd &)`, which hangs.

    Mend: dup2() /dev/null onto 0, 1 and 2 wherever they lead (FDS-1), and close what is above them
    (FDS-2).
    """
    captured = capture()

    applies(captured.launcher_ended, "its launcher does not exit, which PAR-2 judges", "is:PAR-2")
    assume(not plain_capture.ended, "`x=$(cmd &)` returned")
    who = "; ".join(captured.holders) or "the process that holds the pipe cannot be seen"
    require(
        captured.ended,
        f"`x=$(target 2>&1)` still hangs after the launcher exited: {who}",
        facts=["hangs"],
    )


@clause(
    "FDS-8",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 9"), PEP_3143.at("stdin, stdout, stderr")),
)
def test_starts_without_standard_descriptors(bare_start, bare_control):
    """Puts no file of its own at 0, 1 or 2 if these are closed.

    Wrong: The daemon is started with 0, 1 and 2 closed, and one of its files, sockets or pipes
    gets such a number.

    Why: Some programs start daemons like that. The first file that the daemon opens is then its
    "standard error", which a library writes to, or it is lost when the daemon puts /dev/null onto
    0, 1 and 2 (bmc/daemonize #34). An LMDB database was corrupted like this (monero-project/monero
    #6147).

    Test: The daemon is started with the three closed. At these numbers it may have what it has
    there after an ordinary start, such as its log, and it may refuse to start. If its launcher
    exits with status 0, it has to serve.

    Control: A daemon that replaces only those of the three that are open.

    Mend: Before anything else is opened, open /dev/null until the number is above 2, and close
    that one.

    Unit: systemd always opens the three.
    """
    applies(not bare_start.refused, f"it refuses to start: {bare_start.refused}", "no-such-thing")
    assume(
        bare_control.faults, "the daemon that replaces only what is open has nothing at 0, 1 and 2"
    )
    faults = bare_start.faults
    require(not faults, "; ".join(faults), facts=facts_of(*faults))


@clause("FDS-9", since="0.1.0", sysv=RECOMMENDED, foreground=RECOMMENDED, source=CWE_403)
def test_programs_get_no_private_descriptors(hooked):
    """Passes no private descriptors to its hooks and jobs.

    Wrong: A program that the daemon starts inherits a descriptor of the daemon's own.

    Why: A hook that inherits a listening socket keeps the port when the daemon is restarted. A
    lock stays held, and a file that root opened is open in a program that runs as another user.

    Test: The harness's own program, which opens nothing, stands where the daemon's configuration
    names a hook. What it has open above 2 and shares with a process of the daemon counts; of a
    pipe only the same end. A descriptor that the daemon passes on purpose cannot be told apart.

    Control: The same daemon, whose listening socket is not close-on-exec.

    Mend: Use O_CLOEXEC, SOCK_CLOEXEC and pipe2() wherever a descriptor is created, or call
    close_range(3, ~0U, 0) between fork() and exec().
    """
    target = hooked.of_target()
    handed_on_by_control = hooked.of("hands-its-descriptors-on").descriptors

    handed_on = target.descriptors

    assume(handed_on_by_control, "the hook of the control did not have the listening socket")
    require(
        not handed_on,
        f"started by the daemon: {'; '.join(handed_on)}",
        facts=facts_of(*handed_on),
    )
