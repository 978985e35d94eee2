"""The stand-in shell of the sweeps is as good as bash: both give the same tables.

No difference is put up with.  A hangup that finds bash waiting for its job interrupts the wait;
bash then sends its job SIGHUP, waits for nobody any more, and dies of the signal itself (strace),
so that the job's status is process 1's to take, as it is with the stand-in.
"""

import pytest

import real_bash
from daemonspec import verdicts
from daemonspec.attack.player import Player
from daemonspec.attack.results import DOWN, MISSED, UP
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.targets import embedded
from daemonspec.world import fork_server
from daemonspec.world.conducted import LIFE, CannotConduct, Conducted
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.probes import substitute
from inside import SOON

pytestmark = pytest.mark.long

COMPILED = ("reference-c", "daemon3", "article")
SUBJECTS = COMPILED if embedded.compiler() else (*COMPILED, "reference")
STIMULI = {
    "hung up": ("hang up", None),
    "^C": ("type", "^C"),
    "^\\": ("type", "^\\"),
    "^Z": ("type", "^Z"),
}
KILLED_BY = {"hung up": "SIGHUP", "^C": "SIGINT", "^\\": "SIGQUIT"}


@pytest.fixture(scope="module")
def under_stand_in(containment):
    """A Laboratory as the sweeps have it."""
    made = Laboratory(Settings(containment))
    yield made
    made.close()


@pytest.fixture(scope="module")
def under_bash(containment):
    """A Laboratory whose shells are bash."""
    made = Laboratory(Settings(containment))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fork_server, "_BOOT", real_bash.boot(fork_server._BOOT))
        made._server = ForkServer(containment)
    yield made
    made.close()


def _play(laboratory, target):
    """Return (story, table, shown): {(number, place, name, what was done): (came, last word)}.

    shown: what the terminal showed of the undisturbed start.
    """
    player = Player(laboratory, target, "control")  # whose leftovers are given no time to go
    try:
        story = player.story("shell", LIFE)
    except verdicts.Unsupported as why:
        pytest.skip(str(why))
    table = {}
    for how, do in STIMULI.items():
        for number in range(1, len(story.calls) + 1):
            one = player.point(story, LIFE, number, how, do, is_patient=False)
            assert not one.unruly
            last_word, _, _ = one.seen.partition(",")  # what follows has pids in it
            table[number, one.place, one.name, how] = one.came, last_word
    return story, table, player.launches[0].said


@pytest.mark.parametrize("name", SUBJECTS)
def test_bash_gives_the_table_of_the_stand_in(name, under_stand_in, under_bash, request):
    """At each call of the start the terminal hangs up, or ^C, ^\\ or ^Z and `fg` are typed.

    Before it has done anything a start is killed by all of them but ^Z: they come to bash's job.
    """
    if name in COMPILED:
        request.getfixturevalue("compiler")
    target = embedded.load(name)

    ours, expected, _ = _play(under_stand_in, target)
    theirs, found, shown = _play(under_bash, target)

    assert "[bash says status=0 jobs=0]" in shown
    assert (theirs.calls, theirs.came) == (ours.calls, UP)
    assert found == expected
    assert MISSED not in {came for came, _ in found.values()}
    killed = {how: found[1, 0, "execve", how] for how in KILLED_BY}
    assert killed == {how: (DOWN, f"killed by {name}") for how, name in KILLED_BY.items()}


def test_fg_is_typed_at_bash(under_bash):
    """It is bash that says that its job was stopped, and bash that takes it up again."""
    target = embedded.load("reference")
    line = under_bash.line(target)
    try:
        words = [substitute(line.world, word) for word in target.start]
        conducted = Conducted(line, words, "shell", LIFE)
        played = conducted.play(SOON, at=(0, 1), do=("type", "^Z"))
    except CannotConduct as why:
        pytest.skip(str(why))
    finally:
        line.close()

    stopped, _, continued = played.said.partition("status=148 jobs=1] fg\n")
    assert "Stopped" in stopped
    assert words[0] in continued.splitlines()[0]  # `fg` names what it takes up
    assert continued.endswith("[bash says status=0 jobs=0] ")
