"""CHD: the daemon as a parent."""

from daemonspec import (
    ARTICLE,
    DAEMON_7,
    INFORMATION,
    PEP_3143,
    RECOMMENDED,
    REQUIRED,
    WAIT_2,
    applies,
    assume,
    clause,
    require,
)

_NO_OCCASION = "its declared service and exercise, if any, make none that is seen"


@clause(
    "CHD-1",
    since="0.1.0",
    revised="0.2.0",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(ARTICLE.at("rule 8"), PEP_3143.at("Correct daemon behaviour: SIGCLD")),
)
def test_reaps_its_children(launch, control):
    """Leaves no zombies.

    Wrong: A child of the daemon ends, and stays a zombie because the daemon never waits for it.

    Why: A zombie keeps its pid. A daemon that never waits fills the process table: 5,456 of 5,944
    processes were zombies of one daemon (Extra-Chill/homeboy #12728).

    Test: A child of the daemon is killed, and one that its declared exercise creates. If it has no
    child, its service is used as well, in case that makes it fork. A zombie may be there for a
    moment. It is one that accumulates if it is still there at the deadline, after the daemon was
    given more work.

    Control: The same daemon without waitpid(), whose killed worker stays a zombie.

    Mend: Call waitpid(-1, ..., WNOHANG) in a loop on SIGCHLD. If no status is needed, set SIGCHLD
    to SIG_IGN.
    """
    left_by_control = control.once("never-waits", _leaves_a_zombie)
    daemon = launch()

    ended = daemon.end_children()
    applies(ended, f"it has no child processes, and {_NO_OCCASION}", "needs-exercise")
    left = daemon.zombies()
    applies(
        daemon.process() is not None,
        f"{ended}, and it ended with it: no process is left to reap",
        "gone",
    )

    assume(left_by_control, "the program that never waits left no zombie")
    require(
        not left,
        f"{ended}; zombies: {', '.join(map(str, left))}",
        facts=[one.role for one in left],
    )


def _leaves_a_zombie(daemon):
    daemon.end_children()
    return bool(daemon.zombies_at_rest())


@clause(
    "CHD-2",
    since="0.1.0",
    revised="0.2.0",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(WAIT_2.at("NOTES, SIGCHLD set to SIG_IGN"), DAEMON_7.at("SysV Daemons, step 2")),
)
def test_sees_its_children_end(attempt):
    """Sees its children end when it starts with SIGCHLD ignored.

    Wrong: The daemon was started by a program that ignores SIGCHLD. It does not replace a child
    that ended, takes ECHILD for an error, or stops working.

    Why: While SIGCHLD is ignored, the kernel reaps children by itself: wait() fails with ECHILD
    and no handler runs. exec() passes this on. Daemons that were started like that took ECHILD for
    an error and ended (gdnsd/gdnsd #243, baskerville/bspwm #1534), or never replaced a worker that
    was gone.

    Test: Children of the daemon are ended as for CHD-1. Then it has to serve, to have as many
    children as before, and to come to rest. Without a child the exercise has to succeed. What goes
    wrong with SIGCHLD at its default as well does not count: if the child is not replaced, all
    are ended, in both cases, and as many have to be replaced. The article asks for the opposite:
    its eighth rule is to ignore SIGCHLD.

    Control: A daemon that leaves SIGCHLD ignored as it was, and misses its worker's end.

    Mend: Call signal(SIGCHLD, SIG_DFL), or install a handler, before the first fork().
    """
    missed = attempt.of_control("leaves-sigchld-ignored", "SIGCHLD ignored", _misses_a_child)
    assume(missed, "the control replaced its worker although SIGCHLD was ignored")

    wrong, anyway = attempt.of_lost_children("SIGCHLD ignored")

    applies(wrong is not None, f"it has no child processes, and {_NO_OCCASION}", "needs-exercise")
    new = wrong.keys() - anyway
    applies(
        not wrong or new, f"the same happens with SIGCHLD at its default: {anyway}", "no-such-thing"
    )
    require(not wrong, f"started with SIGCHLD ignored: {'; '.join(wrong.values())}", facts=new)


def _misses_a_child(attempt):
    return attempt.misses_a_child()


@clause(
    "CHD-4", since="0.1.0", foreground=INFORMATION, source=WAIT_2.at("NOTES"), formerly=("CHD-3",)
)
def test_reaps_children_that_it_did_not_make(adopted):
    """Reaps children that it did not create.

    Wrong: A child that the daemon had before exec() ends, and stays a zombie.

    Why: A process keeps its children over exec(). What a wrapper script started with `&` before
    its `exec daemon` is the daemon's child, and for PID 1 of a container every orphan is. Nothing
    requires a daemon to wait for them, and many wait only for children that they created. These
    need an init in front of them (docker run --init).

    Test: The daemon is started by a shell that has a child. The child is ended once the daemon is
    up, the service is used, and the child has to be gone.

    Control: The same daemon that waits for its own worker alone.

    Mend: Call waitpid(-1, ..., WNOHANG) in a loop on SIGCHLD.
    """
    left_by_control = adopted.of("waits-for-its-own-children").zombies

    left = adopted.of_target().zombies

    assume(left_by_control, "the child of the control was reaped")
    require(
        not left,
        f"a child from before exec() stays a zombie: {', '.join(map(str, left))}",
        facts=["zombie"],
    )
