"""INS: one daemon, and what makes it the only one."""

from daemonspec import (
    DAEMON_7,
    LSB_FUNCTIONS,
    RECOMMENDED,
    applies,
    assume,
    clause,
    require,
)


@clause(
    "INS-1",
    since="0.1.0",
    sysv=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_second_start_makes_no_second_instance(second_start):
    """Refuses to run twice, and the first instance keeps working.

    Wrong: The daemon is started a second time, and a second instance stays, or the first one stops
    serving.

    Why: Two instances write the same files and answer each other's requests, and a stop ends only
    one of them (collectd #815, frr #2983).

    Test: The daemon is started twice. The exit status of the second start is not judged: init
    scripts need 0, most programs return a failure. No process of it may be left once it has had
    time to fail. A daemon can enforce a single instance by its pidfile, by a declared socket or by
    a port on which it listens. If it has none of these, it is not judged.

    Control: The same daemon that removes the pidfile and socket of a running instance.

    Mend: Call flock(2) on the pidfile and keep the descriptor open. Exit if another process holds
    the lock.
    """
    refused_in_control = second_start.of("takes-over-blindly").was_refused
    second = second_start.of_target()
    applies(
        second.exclusive,
        "it has no pidfile, port or declared socket to enforce a single instance",
        "needs-pidfile",
    )

    refused = second.was_refused

    assume(not refused_in_control, "the control started no second instance")
    require(
        refused,
        f"started twice, with {second.exclusive}: processes of the second start: "
        f"{', '.join(map(str, second.newcomers)) or 'none'}; "
        f"the first instance: {second.first_seen}",
        facts=["second-instance" if second.newcomers else "first-harmed"],
    )


@clause("INS-3", since="0.1.0", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 12"),))
def test_lock_is_more_than_a_number(second_start, target):
    """Enforces a single instance with a lock, not with a number.

    Wrong: The daemon decides by the number in its pidfile whether another instance is running.

    Why: A lock and a bound socket end with the daemon and not before. A number in a file can be
    wrong either way. A file that was locked before the fork with fcntl(2) is not locked any more
    once the parent has exited (fcntl_locking(2)).

    Test: The harness writes the number of a dead process over the one in the running daemon's
    pidfile, and starts the daemon again. No process of that start may stay.

    Control: The same daemon that compares the number in the file with living processes.

    Mend: Call flock(2) after the last fork, on a descriptor that stays open.
    """
    applies(target.pidfile, "it declares no pidfile", "needs-pidfile")
    stayed_of_control = second_start.of("trusts-the-number-in-the-pidfile").stayed_beside_altered
    second = second_start.of_target()
    applies(
        second.altered is not None, "its second start is not refused, which is INS-1", "is:INS-1"
    )

    stayed = second.stayed_beside_altered

    assume(stayed_of_control, "the control refused a second instance all the same")
    require(
        not stayed,
        "with the pid of a dead process in its pidfile, a second instance stays: "
        f"{', '.join(map(str, stayed))}",
        facts=["second-instance"],
    )


@clause(
    "INS-4",
    since="0.1.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"),),
)
def test_starts_after_a_crash(killing):
    """Starts again after a crash without manual cleanup.

    Wrong: After SIGKILL the daemon does not start until its pidfile, lock file or socket is
    deleted by hand.

    Why: SIGKILL, the out-of-memory killer and a power failure leave these files behind. A daemon
    that takes them for a running instance stays down until an administrator deletes them
    (knsd/daemonize #20, mbpfan #52).

    Test: Every process of the daemon is killed, and the daemon is started again.

    Control: The same daemon that refuses to start if there is a pidfile.

    Mend: Trust locks and refused connections, never the existence of a file. unlink() a stale
    socket before bind().

    Unit: RuntimeDirectory=mydaemon, which systemd removes at each stop.
    """
    blocked_in_control = killing.of("is-blocked-by-its-leftovers").blocked

    blocked = killing.of_target().blocked

    assume(blocked_in_control, "the control started all the same")
    require(not blocked, f"after SIGKILL of every process: {blocked}", facts=["not-started"])
