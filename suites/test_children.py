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
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(ARTICLE.at("rule 8"), PEP_3143.at("Correct daemon behaviour: SIGCLD")),
)
def test_reaps_its_children(launch, control):
    """A daemon leaves no zombies.

    A child that ended keeps its pid until its parent waits for it; a daemon that never does fills
    the process table: 5,456 of 5,944 processes were zombies of one (Extra-Chill/homeboy #12728).
    A child of the daemon is killed, and one that its declared exercise makes; without a child its
    service is used as well, where that makes it fork.  A zombie may be there for a moment; the
    same one still there at the deadline, after the daemon was put to work once more, is what
    accumulates.

    Control: the same daemon without waitpid(), whose killed worker stays a zombie.

    Mend: waitpid(-1, ..., WNOHANG) in a loop on SIGCHLD, or SIG_IGN for SIGCHLD where no status
    is wanted.
    """
    left_by_control = control.once("never-waits", _leaves_a_zombie)
    daemon = launch()

    ended = daemon.end_children()
    applies(ended, f"it has no child processes, and {_NO_OCCASION}")
    left = daemon.zombies()
    applies(daemon.process() is not None, f"{ended}, and it ended with it: nobody is left to reap")

    assume(left_by_control, "the program that never waits left no zombie")
    require(not left, f"{ended}; zombies: {', '.join(map(str, left))}")


def _leaves_a_zombie(daemon):
    daemon.end_children()
    return bool(daemon.zombies_at_rest())


@clause(
    "CHD-2",
    sysv=RECOMMENDED,
    foreground=RECOMMENDED,
    source=(WAIT_2.at("NOTES, SIGCHLD set to SIG_IGN"), DAEMON_7.at("SysV Daemons, step 2")),
)
def test_sees_its_children_end(attempt):
    """A daemon that was launched with SIGCHLD ignored learns of its children's ends all the same.

    Ignored, SIGCHLD makes the kernel bury children unseen: wait() answers ECHILD, no handler runs,
    and the disposition passes through exec().  Started by a program that does so, daemons took
    ECHILD for an error and gave up (gdnsd/gdnsd #243, baskerville/bspwm #1534), or never replaced
    a worker that was gone.  Children of the daemon are made to end as for CHD-1.  Then it has to
    serve, to have as many children as before and to come to rest, and without a child the exercise
    has to succeed, unless that is not so after a start with SIGCHLD at its default either.  The
    article, whose eighth rule is to ignore SIGCHLD, asks the opposite.

    Control: a daemon that leaves SIGCHLD ignored where it found it so, and misses its worker.

    Mend: signal(SIGCHLD, SIG_DFL), or a handler, before the first fork().
    """
    missed = attempt.of_control("leaves-sigchld-ignored", "SIGCHLD ignored", _misses_a_child)
    assume(missed, "the control replaced its worker although SIGCHLD was ignored")
    started = attempt("SIGCHLD ignored")

    wrong = started.loses_a_child()

    applies(wrong is not None, f"it has no child processes, and {_NO_OCCASION}")
    anyway = attempt("nothing special").loses_a_child() if wrong else None
    applies(not wrong or wrong.keys() - (anyway or {}), f"so it is by default too: {anyway}")
    require(not wrong, f"launched with SIGCHLD ignored: {'; '.join(wrong.values())}")


def _misses_a_child(attempt):
    return attempt.misses_a_child()


@clause("CHD-4", foreground=INFORMATION, source=WAIT_2.at("NOTES"), formerly=("CHD-3",))
def test_reaps_children_that_it_did_not_make(adopted):
    """A daemon reaps children that it did not make.

    A process keeps its children over exec(): what a wrapper script started with `&` before its
    `exec daemon` is the daemon's child, and as PID 1 of a container every orphan is.  Nothing
    obliges a daemon to wait for them, and many wait only for those that they made; then they need
    an init in front of them (docker run --init).  The daemon is started by a shell that has a
    child, which is ended once the daemon is up; its service is used, and the child has to be gone.

    Control: the same daemon that waits for its own worker alone.

    Mend: waitpid(-1, ..., WNOHANG) in a loop on SIGCHLD.
    """
    left_by_control = adopted.of("waits-for-its-own-children").zombies

    left = adopted.of_target().zombies

    assume(left_by_control, "the child of the control was reaped")
    require(not left, f"a child from before exec() stays: {', '.join(map(str, left))}")
