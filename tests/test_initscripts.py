"""Init scripts as targets: how one is found, what is refused, and what odd ones come to."""

import os

import pytest

from daemonspec.experiments.script_lives import Life
from daemonspec.experiments.script_starts import Bare, Unprivileged
from daemonspec.initscript import UNKNOWN_VERB, Step
from daemonspec.model import DIALECTS, facts_of
from daemonspec.targets import TargetError, resolve
from running import one_after_another

SCRIPT = "#!/bin/sh\nexit 0\n"


def written(path, text=SCRIPT, mode=0o755):
    """Write a script and return its path as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, errors="surrogateescape")
    path.chmod(mode)
    return str(path)


def test_script_is_known_by_its_directory(tmp_path):
    """Through a link to it as well: /etc/rc2.d/S01foo is how it is run at boot."""
    script = written(tmp_path / "init.d" / "foo")
    link = tmp_path / "rc2.d" / "S01foo"
    link.parent.mkdir()
    link.symlink_to(script)

    for text in (script, "./init.d/foo", str(link)):
        target = resolve(text, tmp_path)
        assert target.profile in DIALECTS
        assert target.start == (target.script, "start")


def test_script_of_a_source_package_is_installed(tmp_path):
    """debian/foo.init may not be executed; what a package makes of it may."""
    written(tmp_path / "foo.init", mode=0o644)

    target = resolve("./foo.init", tmp_path)

    assert (target.name, target.script, target.origin) == (
        "foo", "{dir}/foo", str(tmp_path / "foo.init")
    )  # fmt: skip
    assert target.files["{dir}/foo"].mode == 0o755


def test_script_with_its_verb_is_a_command_line(tmp_path):
    """So the daemon that it leaves can be judged as any other."""
    script = written(tmp_path / "init.d" / "foo")

    target = resolve(f"{script} start", tmp_path)

    assert (target.script, target.profile) == (None, "sysv")


def test_description_of_a_script_says_more(tmp_path):
    """Its start is the script without a verb; with one it is a command line."""
    script = written(tmp_path / "init.d" / "foo")
    (tmp_path / "foo.toml").write_text(f'start = "{script}"\nbefore = "true"\n')
    (tmp_path / "line.toml").write_text(f'start = "{script} start"\n')

    of_script, of_line = (resolve(name, tmp_path) for name in ("foo.toml", "line.toml"))

    assert (of_script.script, of_script.before) == (script, "true")
    assert of_script.start == (script, "start") and of_script.profile in DIALECTS
    assert (of_line.script, of_line.profile) == (None, "sysv")


REFUSED = {
    "init.d/missing": (None, "does not exist"),
    "init.d/directory": (os.mkdir, "is a directory"),
    "init.d/quiet": (lambda path: written(path, mode=0o644), "not executable; try: chmod +x"),
    "init.d/empty": (lambda path: written(path, " \n"), "is empty"),
    "init.d/binary": (lambda path: written(path, "\x7fELF\0\0"), "is no script: it is binary"),
    "missing.init": (None, "No such file or directory"),
    "directory.init": (os.mkdir, "is no file"),
    "fifo.init": (os.mkfifo, "is no file"),
    "huge.init": (lambda path: written(path, "#" * (2 << 20)), "larger than 1 MiB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_that_is_no_script_is_refused(name, tmp_path):
    make, said = REFUSED[name]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if make:
        make(path)

    with pytest.raises(TargetError) as refused:
        resolve(f"./{name}", tmp_path)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_other_profiles_are_refused():
    runs = one_after_another(
        [
            ["--target=reference-script.init", "--profile=foreground"],
            ["--target=reference", "--profile=lsb"],
        ]
    )

    assert [run.status for run in runs] == [4, 4]
    assert "reference-script.init is judged as debian or lsb" in runs[0].output
    assert "reference is judged as sysv or foreground or article" in runs[1].output


# -- which verbs a script knows -------------------------------------------------------------------


def step(verb, status=2, text="usage: x {start|stop|restart}", before=(), after=()):
    return Step(verb, status, text, before, after)


def life(unknown, **known):
    """Return a Life of the answers to the verbs, when the service runs."""
    steps = {f"{name.replace('_', '-')}, running": one for name, one in known.items()}
    return Life("target", (), {"unknown verb, running": unknown, **steps}, ())


UNKNOWN = step(UNKNOWN_VERB)
NAMES_IT = step(UNKNOWN_VERB, text=f"no action {UNKNOWN_VERB}; there are start, stop, restart")
SILENT = step(UNKNOWN_VERB, 0, "")
ANSWERS = {
    "as to an unknown verb": (UNKNOWN, step("force-reload"), False),
    "as to one, by its name": (
        NAMES_IT, step("restart", text="no action restart; there are start, stop, restart"), False,
    ),
    "another status": (UNKNOWN, step("restart", 7), True),
    "another text": (UNKNOWN, step("restart", text="no pidfile"), True),
    "silent success, which may be a signal": (SILENT, step("force-reload", 0, ""), True),
    "silent success that restarts nothing": (SILENT, step("restart", 0, ""), False),
}  # fmt: skip


@pytest.mark.parametrize("how", ANSWERS)
def test_verb_is_known_by_its_answer(how):
    unknown, answer, known = ANSWERS[how]

    assert life(unknown, **{answer.verb: answer}).accepts(answer.verb) is known


# -- how an error is reported ---------------------------------------------------------------------

HOW = {
    "succeeds": (0, "usage"), "hangs": (None, "usage"), "silent": (2, " \n"), "8": (8, "usage"),
    "99": (99, "usage"), "200": (200, "usage"), "": (100, "usage"),
}  # fmt: skip


@pytest.mark.parametrize("how", HOW)
def test_error_is_reported_alike_in_each_place(how):
    """By an unknown verb, by none and by an ordinary user's start; each has its own words."""
    status, text = HOW[how]
    well = {"unknown verb, running": UNKNOWN, "no verb, running": step("")}
    for name, one in well.items():
        answer = step(one.verb, status, text)
        seen = Life("target", (), {**well, name: answer}, ())
        fact = f"{name.partition(',')[0].replace(' ', '-')}-{how}"
        assert facts_of(*seen.error_faults) == ((fact,) if how else ())

    seen = Unprivileged("target", (), step("start", status, text))
    assert facts_of(*seen.faults) == ((f"unprivileged-{how}",) if how else ())


# -- odd ones -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scripts_can_run(containment):
    """Skip, by name, where no init script can be run."""
    if containment not in ("root", "user"):
        pytest.skip(f"init scripts: containment {containment} has no mounts")


# A helper that is left alone beside the service, and that no stop ends.
HELPED = """\
file=/run/helped.pid
case $1 in
    start) [ -e $file ] && exit 0
        sleep 4711 >/dev/null 2>&1 & tail -f /dev/null >/dev/null 2>&1 & echo $! >$file ;;
    stop) [ ! -e $file ] || kill $(cat $file); rm -f $file ;;
    restart | force-reload) "$0" stop; "$0" start ;;
    *) echo usage >&2; exit 2 ;;
esac
"""
# What a script says, the status of the run, and what the run says.
ODD = {
    "hangs": ("while :; do sleep 1; done", 4, "its start did not return"),
    "fails": ("# \udcff is no UTF-8\necho it is full >&2; exit 1", 4, "it is full"),
    "is-disabled": ("echo not enabled in /etc/default/x", 6, "need a service that is enabled"),
    "ends-at-once": (
        "(sleep 0.05 &) ; echo Starting x.",
        4,
        "status 0, and the daemon ended",
    ),
    "leaves-a-helper": (HELPED, 0, "2 judged: 2 hold"),
    "has-no-verbs": ("(exec sleep 4711 >/dev/null 2>&1 &)", 1, "LSB-1"),
}


def test_odd_scripts_come_to_a_sentence(scripts_can_run, tmp_path):
    """No traceback, and the status that says whose doing it is."""
    clauses = [f"--clause=LSB-{number}" for number in (1, 2)]
    lists = []
    for name, (text, _, _) in ODD.items():
        written(tmp_path / f"{name}.init", f"#!/bin/sh\n{text}\n")
        lists.append([f"--target={tmp_path}/{name}.init", "--start-timeout=0.5", *clauses])

    runs = dict(zip(ODD, one_after_another(lists), strict=True))

    for name, (_, status, said) in ODD.items():
        output = " ".join(runs[name].output.split())
        assert (runs[name].status, said in output) == (status, True), output
        assert "Traceback" not in output


def test_dialects_differ_where_the_package_was_removed():
    """Debian Policy has such a script exit with status 0, the LSB with 5."""
    up = (object(),)
    empty = step("start", 0, "", after=up), step("stop", 0, "")
    seen = Bare("target", (), empty, None, ("/usr/sbin/x", step("start", 0, "")))

    assert facts_of(*seen.faults((0, 5))) == ()
    assert facts_of(*seen.faults((5,))) == ("not-installed-0",)
