"""CHD: the daemon as a parent."""

from daemonspec import ARTICLE, PEP_3143, REQUIRED, applies, assume, clause, require


@clause(
    "CHD-1",
    sysv=REQUIRED,
    foreground=REQUIRED,
    article=REQUIRED,
    source=(ARTICLE.at("rule 8"), PEP_3143.at("signal_map, SIGCLD")),
)
def test_reaps_its_children(launch, control):
    """A daemon leaves no zombies.

    A child that ended keeps its pid until its parent waits for it; a daemon that never does fills
    the process table: 5,456 of 5,944 processes were zombies of one (Extra-Chill/homeboy #12728).
    A child of the daemon is killed, or its service is used where that makes it fork.  A zombie may
    be there for a moment; the same one still there at the deadline, after the service was used
    once more, is what accumulates.

    Control: the same daemon without waitpid(), whose killed worker stays a zombie.

    Mend: waitpid(-1, ..., WNOHANG) in a loop on SIGCHLD, or SIG_IGN for SIGCHLD where no status
    is wanted.
    """
    left_by_control = control.once("never-waits", _leaves_a_zombie)
    daemon = launch()

    ended = daemon.end_children()
    applies(ended, "it has no child processes, and using its declared service makes none")
    left = daemon.zombies()
    applies(daemon.process() is not None, f"{ended}, and it ended with it: nobody is left to reap")

    assume(left_by_control, "the program that never waits left no zombie")
    require(not left, f"{ended}; zombies: {', '.join(map(str, left))}")


def _leaves_a_zombie(daemon):
    daemon.end_children()
    return bool(daemon.zombies_at_rest())
