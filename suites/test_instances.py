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
    sysv=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"), LSB_FUNCTIONS.at("start_daemon")),
)
def test_second_start_makes_no_second_instance(second_start):
    """A daemon that is started twice is there once, and the first keeps working.

    Two instances write the same files and answer for each other; a stop ends one of them
    (collectd #815, frr #2983).  Whether the second start says 0, as an init
    script has to, or fails, as most programs do, is not judged; that nothing of it stays is, when
    it has had the time to fail.  A daemon may be the only one by its pidfile or by a socket, one
    that it declares or a port that it listens on; one that has neither is not asked.

    Control: the same daemon that removes pidfile and socket of whoever has them.

    Mend: flock(2) the pidfile and keep the descriptor; exit when somebody else holds the lock.
    """
    refused_in_control = second_start.of("takes-over-blindly").was_refused
    second = second_start.of_target()
    applies(second.exclusive, "it has no pidfile, port or declared socket to be the only one by")

    refused = second.was_refused

    assume(not refused_in_control, "the control started no second instance")
    require(
        refused,
        f"started twice, with {second.exclusive}: of the second start there is "
        f"{', '.join(map(str, second.newcomers)) or 'nothing'}; the first: {second.first_seen}",
    )


@clause("INS-3", sysv=RECOMMENDED, source=(DAEMON_7.at("SysV Daemons, step 12"),))
def test_lock_is_more_than_a_number(second_start, target):
    """A daemon is the only one by something that it holds, and not by what a file says.

    A lock and a bound socket end with the daemon and not before; a number in a file can be wrong
    either way.  One that was locked before the fork with fcntl(2) is not locked any more once the
    parent has exited (fcntl_locking(2)).  The harness overwrites the pidfile of the running daemon
    in place with the number of a dead process, and starts it again: nothing may stay of that.

    Control: the same daemon that compares the number in the file with living processes.

    Mend: flock(2) after the last fork, on a descriptor that stays open.
    """
    applies(target.pidfile, "it declares no pidfile")
    stayed_of_control = second_start.of("trusts-the-number-in-the-pidfile").stayed_beside_altered
    second = second_start.of_target()
    applies(second.altered is not None, "its second start is not refused, which is INS-1")

    stayed = second.stayed_beside_altered

    assume(stayed_of_control, "the control refused a second instance all the same")
    require(
        not stayed,
        f"with a dead process in its pidfile, a second instance: {', '.join(map(str, stayed))}",
    )


@clause(
    "INS-4",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(DAEMON_7.at("SysV Daemons, step 12"),),
)
def test_starts_after_a_crash(killing):
    """A daemon that was killed starts again without anybody cleaning up.

    SIGKILL, the memory killer and a power failure leave pidfile, lock file and socket behind.  A
    daemon that takes their being there for its running stays down until somebody comes
    (knsd/daemonize #20, mbpfan #52).  Every process is killed, and it is started again.

    Control: the same daemon that refuses to start when there is a pidfile.

    Mend: believe locks and refused connections, never that a file exists; unlink a stale socket.
    """
    blocked_in_control = killing.of("is-blocked-by-its-leftovers").blocked

    blocked = killing.of_target().blocked

    assume(blocked_in_control, "the control started all the same")
    require(not blocked, f"after SIGKILL of every process: {blocked}")
