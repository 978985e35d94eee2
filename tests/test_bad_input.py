"""What cannot be judged is refused in one clear sentence, with status 4 and no traceback."""

import os

import pytest

from daemonspec.targets import words
from running import ChildRun, one_after_another, surroundings

USAGE = 4

# Options, and what is said of them.
OPTIONS = {
    "--target=": "--target= is empty; give a program, a command line, a name or a .toml",
    "--target={place}/nothing": "{place}/nothing does not exist",
    "--target=./nothing": "nothing does not exist",
    "--target=nosuchprogram": "no program 'nosuchprogram' in PATH, and no embedded target of that "
    "name: article, ",
    "--target=conftest.py": "did you mean ./conftest.py?",
    "--target={place}/not-executable": "not executable; try: chmod +x {place}/not-executable",
    "--target={place}/directory": "{place}/directory is a directory; name the program in it",
    "--target=sleep 1 | cat": "'|' is shell syntax; put the line into: sh -c '...'",
    "--target=sleep 1 > /dev/null": "'>' is shell syntax",
    "--target=sleep 1; sleep 2": "';' is shell syntax",
    "--target=sleep 1 && sleep 2": "'&&' is shell syntax",
    "--target=(sleep 1)": "'(' is shell syntax",
    "--target=sleep 'one": "No closing quotation",
    "--target=&": "no command",
    "--clause=TTY-99": "--clause=TTY-99: no such property; TTY has TTY-1, TTY-3, TTY-5",
    "--clause=TTX-5": "--clause=TTX-5: no such property; did you mean TTY-5?",
    "--clause=XYZ": "--clause=XYZ: no such property; areas are ACT, CHD, ",
    "--clause=": "--clause=: no such property; areas are ACT, CHD, ",
    "--clause=STA-7,STA-8": "one property or area each; write --clause=STA-7 --clause=STA-8",
    "--profile=bsd": "--profile=bsd: allowed are sysv, foreground, article",
    "--level=all": "--level=all: allowed are required, recommended",
    "--containment=docker": "--containment=docker: allowed are root, user, partial, none",
    "--start-timeout=soon": "--start-timeout=soon: must be a number above 0",
    "--start-timeout=0": "--start-timeout=0: must be a number above 0",
    "--stop-timeout=-1": "--stop-timeout=-1: must be a number above 0",
    "--stop-timeout=nan": "--stop-timeout=nan: must be a number above 0",
    "--process-limit=0": "--process-limit=0: must be a whole number above 0",
    "--memory-limit=1.5": "--memory-limit=1.5: must be a whole number above 0",
    "--time-scale=inf": "--time-scale=inf: must be a number above 0",
    "--time-scale=": "--time-scale=: must be a number above 0",
    "--sweep=0": "--sweep=0: allowed are full, off, or a number above 0",
    "--sweep=some": "--sweep=some: allowed are full, off, or a number above 0",
    "--report-json={place}/none/run.json": "--report-json={place}/none/run.json: No such file",
    "--report-json={place}/directory": "--report-json={place}/directory: Is a directory",
}

# Targets that do not come up: what they say themselves, and the sentence after it.
NOT_UP = {
    "--target={place}/complains": (
        "no configuration at /etc/x.conf",
        "complains: {place}/complains exited with status 3",
    ),
    "--target={place}/killed": ("Killed", "killed: {place}/killed exited with status 137"),
    "--target={place}/no-interpreter": (
        "No such file or directory",
        "no-interpreter: {place}/no-interpreter exited with status 127",
    ),
    "--target=/bin/true": ("", "true: /bin/true returned 0 and left no process"),
    "--target=/bin/true &": ("", "true: /bin/true returned 0 and left no process"),
    "--target={place}/stops": ("Stopped", "stops: {place}/stops was stopped by SIGSTOP"),
    "--target={place}/stops-later": ("", "was stopped by SIGSTOP"),
    "--target={place}/never-ready.toml": (
        "hello",
        "/state/never: No such file or directory",
    ),
    "--target={place}/unprepared.toml": (
        "no keys",
        "{place}/unprepared.toml, prepare: 'echo no keys; exit 5' ended with status 5",
    ),
}

START = "start = 'sleep 99 &'\n"
LONG = "/run/" + 200 * "x"  # sun_path of unix(7) has 108 bytes

# Descriptions, and what is said of them; the two without an answer are targets of NOT_UP.
DESCRIPTIONS = {
    "never-ready": ("start = \"sh -c 'echo hello; sleep 99 &'\"\n[ready]\nfile = '{dir}/never'\n",),
    "unprepared": (START + "prepare = 'echo no keys; exit 5'\n",),
    "not-toml": ("start = 'sleep 1'\nstart again\n", "{file}, line 2: not TOML"),
    "not-text": (b"start = '\xff'\n", "{file}: not UTF-8 at byte 9"),
    "empty": ("", "{file}: no key 'start', the command that starts the daemon"),
    "no-start": ("pidfile = '{dir}/pid'\n", "{file}: no key 'start'"),
    "no-command": ("start = ''\n", "{file}, line 1, start: no command"),
    "no-program": (
        "start = 'nosuchdaemon -d'\npackages = ['nosuch-daemon']\n",
        "{file}, line 1, start: no program 'nosuchdaemon' in PATH; it is in: nosuch-daemon",
    ),
    "operators": ("\n\nstart = 'sleep 1 | cat'\n", "{file}, line 3, start: '|' is shell syntax"),
    "unknown-key": (
        START + "\npidfle = 'x'\n",
        "{file}, line 3, pidfle: unknown key; did you mean pidfile?",
    ),
    "unknown-table": (
        START + "[raedy]\nfile = 'x'\n",
        "{file}, line 2, raedy: unknown key; did you mean ready?",
    ),
    "wrong-type": (
        "start = ['sleep', '1']\n",
        "{file}, line 1, start: must be a string, not ['sleep', '1']",
    ),
    "wrong-packages": (
        START + "packages = ['a', 2]\n",
        "{file}, line 2, packages: must be a list of strings, not 2",
    ),
    "wrong-probe-type": (
        START + "[serves]\ntcp = 80\n",
        "{file}, line 3, tcp: in [serves] must be a string, not 80",
    ),
    "unknown-probe": (
        START + "[ready]\nhttp = 'localhost:80'\n",
        "{file}, line 3, http: unknown key in [ready]; allowed are tcp, udp, unix, file",
    ),
    "no-probe": (
        START + "[ready]\nexpect = 'ok'\n",
        "{file}, line 2, ready: needs exactly one of tcp, udp, unix, file, command",
    ),
    "two-probes": (
        START + "[ready]\nfile = '/x'\ncommand = 'true'\n",
        "{file}, line 2, ready: needs exactly one of tcp, udp, unix, file, command",
    ),
    "no-port": (
        START + "[serves]\ntcp = 'localhost'\n",
        "{file}, line 3, tcp: in [serves] must be HOST:PORT, not 'localhost'",
    ),
    "not-a-port": (
        START + "[serves]\ntcp = 'localhost:http'\n",
        "{file}, line 3, tcp: in [serves] must be HOST:PORT, not 'localhost:http'",
    ),
    "no-such-port": (START + "[ready]\ntcp = 'localhost:99999'\n", "{file}, line 3, tcp"),
    "long-path": (START + f"[ready]\nunix = '{LONG}'\n", "{file}, line 3, unix"),
    "nul-in-path": (START + '[ready]\nfile = "/a\\u0000b"\n', "{file}: a NUL character"),
    "relative-file": (
        START + "[files]\n\"etc/x.conf\" = 'y'\n",
        "{file}, line 3, etc/x.conf: must be an absolute path, or begin with {{dir}}/",
    ),
    "file-elsewhere": (
        START + "[files]\n\"{dir}/../../x\" = 'y'\n",
        "{file}, line 3, {{dir}}/../../x: must have no '..' in its path",
    ),
    "pidfile-elsewhere": (START + "pidfile = '/run/../x'\n", "{file}, line 2, pidfile"),
    "relative-pidfile": (START + "pidfile = 'run/x.pid'\n", "{file}, line 2, pidfile"),
    "wrong-content": (
        START + "[files]\n'/etc/x.conf' = 1\n",
        "{file}, line 3, /etc/x.conf: the content of a file must be a string",
    ),
    "file-over-directory": (
        START + "[files]\n\"/etc\" = ''\n",
        "{file}, files, /etc: Is a directory",
    ),
    "no-such-signal": (START + "stop = 'SIGFOO'\n", "{file}, line 2, stop"),
    "no-stop-command": (
        START + "stop = 'nosuchctl stop'\n",
        "{file}, line 2, stop: no program 'nosuchctl' in PATH; give a signal such as SIGTERM, or "
        "a command",
    ),
    "no-exercise": (
        START + "packages = ['nosuch-ctl']\n\nexercise = 'A=1 ./nosuchctl run'\n",
        "{file}, line 4, exercise: {place}/nosuchctl does not exist; it is in: nosuch-ctl",
    ),
    "exercise-not-executable": (
        START + "exercise = './not-executable'\n",
        "{file}, line 2, exercise: {place}/not-executable is not executable; try: chmod +x",
    ),
    "no-prepare": (
        START + 'prepare = """\n# makes a key\nnosuchmake x\n"""\n',
        "{file}, line 2, prepare: no program 'nosuchmake' in PATH; install it, or correct",
    ),
    "no-probe-command": (
        START + "[ready]\ncommand = 'true'\n[serves]\ncommand = 'nosuchping'\n",
        "{file}, line 5, command: no program 'nosuchping' in PATH; install it, or correct",
    ),
    "udp-without-answer": (
        START + "[ready]\nudp = 'localhost:1'\nsend = 'a'\nexpect = 'b'\n"
        "[serves]\nudp = 'localhost:1'\nsend = 'a'\n",
        "{file}, line 7, udp: in [serves] needs `send` and `expect`: only an answer shows",
    ),
    "udp-without-question": (
        START + "[ready]\nudp = 'localhost:1'\nexpect = 'b'\n",
        "{file}, line 3, udp: in [ready] needs `send` and `expect`",
    ),
}
REFUSED = {name: given[1] for name, given in DESCRIPTIONS.items() if given[1:]}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory with everything that a user may point at by mistake."""
    directory = tmp_path_factory.mktemp("mistakes")
    (directory / "directory").mkdir()
    (directory / "not-executable").write_text("#!/bin/sh\n")
    _program(directory / "complains", "#!/bin/sh\necho no configuration at /etc/x.conf >&2; exit 3")
    _program(directory / "killed", "#!/bin/sh\nkill -9 $$")
    _program(directory / "stops", "#!/bin/sh\nkill -STOP $$")
    _program(directory / "stops-later", "#!/bin/sh\nsetsid -f /bin/sh -c 'kill -STOP $$; sleep 99'")
    _program(directory / "no-interpreter", "#!/nowhere/sh")
    for name, (text, *_) in DESCRIPTIONS.items():
        (directory / f"{name}.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return directory


def _program(path, text):
    path.write_text(f"{text}\n")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def refusals(place, containment):
    """{option or name of a description: Run}, each in the order of the tables above."""
    asked = {option: [option.format(place=place)] for option in (*OPTIONS, *NOT_UP)}
    # One property: what is not refused, and should be, is at least judged quickly.
    asked |= {name: ["--clause=PAR-1", f"--target={place}/{name}.toml"] for name in REFUSED}
    runs = one_after_another([["--start-timeout=1", *options] for options in asked.values()])
    return dict(zip(asked, runs, strict=True))


def _said(run):
    """Return what a run says that has to be refused, on one line."""
    assert run.status == USAGE, run.output[-600:]
    for word in ("Traceback", "INTERNALERROR", "HARNESS", "Errno"):
        assert word not in run.output, run.output[-600:]
    return " ".join(run.output.split())


@pytest.mark.parametrize("option", OPTIONS)
def test_option_is_refused(option, refusals, place):
    """The message repeats what was given and says what is allowed."""
    assert OPTIONS[option].format(place=place) in _said(refusals[option])


@pytest.mark.parametrize("name", REFUSED)
def test_description_is_refused(name, refusals, place, request):
    """The message names file, line and key, so that an editor can go there."""
    if name == "file-over-directory":  # nowhere else may a target have a file there at all
        request.getfixturevalue("own_place")
    expected = REFUSED[name].format(file=place / f"{name}.toml", place=place)

    assert expected in _said(refusals[name])


# What /bin/sh runs, and what becomes of it: None where nothing does.
COMMANDS = {
    "kill -TERM 1": None,
    "if true; then kill 1; fi": None,
    "( cd /; kill 1 )": None,
    "</dev/null cat": None,
    "ctl() { kill 1; }; ctl": None,
    "$CTL stop": None,
    "ctl=$(ls -d ./*ctl) stop": None,
    "PATH=/opt/x:$PATH nosuchctl": None,
    "{dir}/made-by-prepare": None,
    "{probe}": None,
    "echo it\\'s": None,
    "./directory/ctl stop": "{place}/directory/ctl stop",
    "A='b c' './directory/ctl' stop": "A='b c' {place}/directory/ctl stop",
}


@pytest.mark.parametrize("line", COMMANDS)
def test_command_is_run(line, place):
    """What the shell understands is not refused; a relative path counts from the description."""
    _program(place / "directory" / "ctl", "#!/bin/sh")

    found = words.find_command(line, place, "stop")

    assert found == (COMMANDS[line] or line).replace("{place}", str(place))


@pytest.mark.parametrize("option", NOT_UP)
def test_target_that_is_not_up(option, refusals, place):
    """Its own words come first, and they are its own: they nearly always name the reason."""
    own, sentence = (text.format(place=place) for text in NOT_UP[option])

    said = _said(refusals[option])

    assert sentence in said
    before = said[: said.index(sentence)]
    assert own in before
    assert ("said:" in before) == bool(own), f"not said by the target: {before}"


def test_each_target_that_is_not_up(place):
    """Where none of several comes up, each is named with its own words."""
    targets = [f"--target={place}/{name}" for name in ("complains", "killed")]
    (run,) = one_after_another([targets])

    said = _said(run)
    for name, text in (("complains", "exited with status 3"), ("killed", "exited with status 137")):
        assert f"{name} said:" in said
        assert f"{name}: {place}/{name} {text}" in said


def test_program_that_ends_in_the_foreground():
    """Its status is what its service manager would see."""
    ends = {"exit 3": "exited with status 3", "kill -SEGV $$": "was killed by SIGSEGV"}
    words = [["--profile=foreground", f"--target=/bin/sh -c '{one}'"] for one in ends]

    for run, how in zip(one_after_another(words), ends.values(), strict=True):
        assert f"{how} and left no process" in _said(run)


def test_missing_description(place):
    """A file that is not there is named."""
    (run,) = one_after_another([[f"--target={place}/missing.toml"]])

    assert f"{place}/missing.toml: No such file or directory" in _said(run)


def test_a_process_of_its_own_says_the_same(refusals, place):
    """The runs above share a process; from the command line it is no different."""
    option = "--target={place}/directory"

    assert _said(ChildRun(option.format(place=place)).wait()) == _said(refusals[option])


def test_space_is_refused():
    """`--target /path` makes pytest look for its settings beside /path, and lose its own."""
    said = _said(ChildRun("--target", "reference").wait())

    assert "--target wants an equals sign: --target=..." in said


@pytest.mark.parametrize("option", ["--clause=TTY-99", "--clause=STA-7,STA-8"])
def test_workers_refuse_as_well(option):
    """Only workers collect the properties: what one of them refuses has to end the whole run."""
    run = ChildRun("-n2", "--target=control", option).wait()

    assert OPTIONS[option] in _said(run)


def test_root_is_refused_to_others():
    """A containment that is asked for is that one or none."""
    if os.geteuid() == 0:
        pytest.skip("needs an ordinary user: root gets the containment `root`")
    run = ChildRun("--target=control", "--containment=root").wait()

    assert run.status == 6 and "root: not run as root" in run.output
    assert "Traceback" not in run.output and "INTERNALERROR" not in run.output


def test_program_in_c_without_a_compiler():
    """An embedded program in C says what it needs."""
    said = _said(ChildRun("--target=daemon3", environment=surroundings(CC="/nowhere/cc")).wait())

    assert "daemon3.c is written in C: install a compiler (cc), or set CC" in said
