"""Keys typed at a terminal: what they reach, who says so, and after which key a daemon was gone."""

import pytest

from daemonspec.experiments import keyboard
from daemonspec.world import processes
from daemonspec.world.world import GaveUp
from inside import SOON, running

KEYS = {"\x03": "SIGINT", "\x1c": "SIGQUIT", "\x1a": "SIGTSTP"}
# A job in the shell's own process group.  What bash traps is at its default after exec.
PLAIN = "set +m; { trap : INT QUIT; exec sleep 4711; } & set -m"
FIRST_KEY = {
    "ends-at-ctrl-c": "after ^C in the script: ",
    "ends-at-ctrl-backslash": "after ^\\ in the script: ",
    "stops-at-ctrl-z": "after ^Z in the script: ",
    "ends-at-ctrl-c-at-the-prompt": "after ^C at the prompt: ",
    "ends-at-ctrl-backslash-at-the-prompt": "after ^\\ at the prompt: ",
    "ends-at-ctrl-z-at-the-prompt": "after ^Z at the prompt: ",
}


def test_witness_feels_each_key_at_the_prompt(line):
    """It is in the shell's own process group, which is the foreground there."""
    pid, word = line.post_witness()
    (witness,) = processes.look(line.world, [pid])
    assert witness.stat.pgrp == line.shell.pid == line.terminal.foreground()

    for key, name in [*KEYS.items(), *KEYS.items()]:
        mark = line.terminal.mark
        line.terminal.type(key)
        line.wait_until_shown(f"{word} {name}", mark, SOON)


def test_key_that_no_witness_felt_is_no_proof(line, monkeypatch):
    """Nobody of that word is there: whom the key did not reach has not survived it."""
    monkeypatch.setattr(keyboard, "_FEEL_SECONDS", 0.2)

    with pytest.raises(GaveUp):
        keyboard._shows(line, "^C", "nobody")


def test_jobs_are_in_groups_of_their_own_beside_the_witness(line):
    """Job control is on again: what is started at the prompt is as far from the keys as ever."""
    line.post_witness()

    line.start(["/bin/sleep", "4711"], background=True)

    (job,) = running(line.world, "/bin/sleep 4711")
    assert job.stat.pgrp == job.pid


@pytest.mark.parametrize(("key", "ends"), [("\x03", True), ("\x1c", True), ("\x1a", False)])
def test_plain_program_in_the_shells_group(line, key, ends):
    """^C and ^\\ end it; ^Z does not stop it: a session leader's group is orphaned (get_signal)."""
    _, word = line.post_witness()
    line.shell.run(PLAIN)
    line.world.rest(SOON)
    (plain,) = running(line.world, "sleep 4711")
    assert plain.stat.pgrp == line.shell.pid
    mark = line.terminal.mark

    line.terminal.type(key)

    line.wait_until_shown(f"{word} {KEYS[key]}", mark, SOON)
    line.world.rest(SOON)
    left = processes.look(line.world, [plain.pid])
    assert [one.stat.state for one in left if one.alive] == ([] if ends else ["S"])


def test_says_after_which_key_it_was_gone(judge):
    """That key and no other: what has ended feels nothing more."""
    run = judge("-n2", "--clause=TTY-7", *(f"--target={name}" for name in FIRST_KEY))

    for name, start in FIRST_KEY.items():
        message = run.verdict("TTY-7", name)["message"]
        assert message.startswith(start), message
        assert message.count("after ^") == 1, message
