"""The suite is whole and the same however it was installed, and wherever it is run.

Environments are made without network: a venv without pip, into which the dependencies of this one
are linked, each distribution by itself, so that nothing else that is installed here is seen.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from daemonspec import __version__
from daemonspec.options import GROUPS, OPTIONS
from running import ROOT, clauses

pytest.importorskip("hatchling", reason="needs hatchling: pip install -e '.[test]'")
pytest.importorskip("pip", reason="needs pip")
from packaging.requirements import Requirement

DATA = ("suites", "targets", "docs", "tox.ini")
QUICK = "--clause=STP-1"  # where the question is which code runs, not what it finds
DESTROYS = "raise SystemExit('hostile')\n"
SHADOWED = ("pytest", "_pytest", "xdist", "execnet", "pluggy", "pexpect", "psutil", "daemonspec",
            "json", "socket", "subprocess", "tempfile", "sitecustomize")  # fmt: skip
BUSY = """\
import os
def pytest_collection_modifyitems(items):
    if "BUSY" in os.environ:
        items.clear()
"""


class Environment:
    """A venv with the suite's dependencies, and what is installed into it."""

    def __init__(self, directory):
        venv.create(directory, with_pip=False, symlinks=True)
        self.bin = directory / "bin"
        self.site = Path(sysconfig.get_path("purelib", "venv", {"base": str(directory)}))
        for distribution in _dependencies():
            files = distribution.files or pytest.skip(f"no files known of {distribution.name}")
            for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
                (self.site / top).symlink_to(distribution.locate_file(top))
        script = self.bin / "pytest"
        script.write_text(f"#!{self.bin}/python\nimport pytest, sys\nsys.exit(pytest.main())\n")
        script.chmod(0o755)

    def install(self, wheel):
        """Install a wheel; return self."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.bin / "python")]
        _done([*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)])
        return self

    def run(self, name, *words, at, **variables):
        """Run a program of it, in a directory; return the CompletedProcess, output as one text.

        Nothing of this process's environment is handed on but PATH and HOME: the rest is
        `variables`.
        """
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [str(self.bin / name), *words], cwd=at, env={**kept, "COLUMNS": "80", **variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120, check=False,
        )  # fmt: skip


def _dependencies():
    """Return the distributions that the suite needs, and what those need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found, wanted = {}, list(project["dependencies"])
    while wanted:
        requirement = Requirement(wanted.pop())
        if requirement.name in found:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found[requirement.name] = metadata.distribution(requirement.name)
            wanted += found[requirement.name].requires or []
    return found.values()


def _done(command, **how):
    """Run a command that has to succeed; return what it printed."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, check=False, **how,
    )  # fmt: skip
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def _build(what, source, directory):
    """Have the build backend make a "wheel", "sdist" or "editable" of a tree; return the file."""
    call = f"import sys, hatchling.build as b; b.build_{what}(sys.argv[1])"
    directory.mkdir()
    _done([sys.executable, "-c", call, str(directory)], cwd=source)
    (made,) = directory.iterdir()
    return made


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of this tree: what is run in it leaves nothing in the original."""
    copy = tmp_path_factory.mktemp("a checkout") / "daemonspec"
    for name in ("fixtures", *DATA):
        original = ROOT / name
        if original.is_dir():
            shutil.copytree(original, copy / name)
        else:
            shutil.copy(original, copy)
    tops = ("conftest.py", "pyproject.toml", "README.md", "LICENSE", ".gitignore")
    for name in tops:
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    """The wheel, built by pip from a tree in which Python and pytest have run."""
    _done([sys.executable, "-m", "compileall", "-q", *(str(checkout / name) for name in DATA[:2])])
    directory = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    _done([*pip, "--no-index", "-w", str(directory), str(checkout)])
    (made,) = directory.iterdir()
    return made


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An Environment in which nothing of ours is installed."""
    return Environment(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An Environment in which the wheel is installed."""
    return Environment(tmp_path_factory.mktemp("installed")).install(wheel)


def _names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        beside = re.compile(r"^[^/]*\.(dist-info|data)/")  # the second has the manual page
        return {name for name in archive.namelist() if not beside.match(name)}


# -- what is packed -------------------------------------------------------------------------------


def test_wheel_holds_what_the_checkout_holds_and_nothing_else(wheel, checkout):
    def files(top, below):
        found = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
        kept = [path for path in found if "__pycache__" not in path.parts]
        return {f"{below}{path.relative_to(top.parent)}" for path in kept}

    expected = files(checkout / "fixtures" / "daemonspec", "")
    for name in DATA:
        expected |= files(checkout / name, "daemonspec/_data/")

    assert _names(wheel) == expected
    assert {Path(name).suffix for name in expected if "/targets/" in name} >= {".c", ".py", ".toml"}


def test_wheel_has_a_manual_page_and_a_completion(wheel):
    with zipfile.ZipFile(wheel) as archive:
        found = {name.partition(".data/data/")[2]: name for name in archive.namelist()}
        page = archive.read(found["share/man/man1/daemonspec.1"]).decode()

    assert "share/bash-completion/completions/daemonspec" in found
    assert page.startswith(".TH DAEMONSPEC 1")


def test_sdist_is_enough_to_build_the_wheel(wheel, checkout, tmp_path):
    _done(["tar", "xf", _build("sdist", checkout, tmp_path / "sdist")], cwd=tmp_path)

    again = _build("wheel", tmp_path / f"daemonspec-{__version__}", tmp_path / "wheel")

    assert _names(again) == _names(wheel)


# -- where it runs --------------------------------------------------------------------------------


def test_bare_checkout(containment, bare, checkout):
    run = bare.run("pytest", "--target=reference", QUICK, at=checkout)

    assert run.returncode == 0, run.stdout
    assert "reference: no failure" in run.stdout


def test_editable(containment, checkout, tmp_path):
    editable = Environment(tmp_path / "venv").install(
        _build("editable", checkout, tmp_path / "wheel")
    )
    for name, words, at in (
        ("pytest", ["--target=reference"], checkout / "suites"),
        ("daemonspec", ["run", "reference"], tmp_path),
    ):
        run = editable.run(name, *words, QUICK, at=at)

        assert run.returncode == 0, run.stdout
        assert f"rootdir: {checkout}" in run.stdout
        assert "reference: no failure" in run.stdout


def test_wheel_in_an_empty_directory(containment, installed, tmp_path):
    run = installed.run("daemonspec", "run", "reference", "-n", "2", at=tmp_path)
    failing = installed.run("daemonspec", "run", "never-calls-setsid", "--clause=SES", at=tmp_path)

    assert run.returncode == 0, run.stdout
    assert "reference: conforms" in run.stdout
    assert f"rootdir: {installed.site / 'daemonspec' / '_data'}" in run.stdout
    assert failing.returncode == 1, failing.stdout
    assert "fail (SES-1" in failing.stdout
    assert list(tmp_path.iterdir()) == []
    assert {path.name for path in (installed.site / "daemonspec" / "_data").iterdir()} == set(DATA)


def test_relative_target_is_relative_to_the_caller(containment, installed, tmp_path):
    here = tmp_path / "with a space"
    here.mkdir()
    program = (ROOT / "targets/reference/reference.py").read_text()
    (here / "mydaemon").write_text(f"#!{installed.bin}/python\n{program}")
    (here / "mydaemon").chmod(0o755)
    (here / "mine.toml").write_text('start = "./mydaemon"\n')

    run = installed.run(
        "daemonspec", "run", "./mydaemon", "-n", "2", QUICK, "mine.toml", "--json=out.json", at=here
    )

    assert run.returncode == 0, run.stdout
    verdicts = json.loads((here / "out.json").read_text())["verdicts"]
    assert sorted((one["target"], one["outcome"]) for one in verdicts) == [
        ("mine", "pass"),
        ("mydaemon", "pass"),
    ]


def test_wheel_and_checkout_are_never_mixed(containment, installed, checkout):
    """Whose harness pytest imports depends on when it applies `pythonpath`: from 9 on, early."""
    for at in (checkout, checkout / "suites"):
        run = installed.run("pytest", "--target=reference", "--show", QUICK, at=at)

        if run.returncode:
            _assert_refused(run)
        else:
            assert f"{checkout}/targets" in run.stdout
            assert str(installed.site / "daemonspec") not in run.stdout


def test_wheel_inside_a_checkout_is_refused(installed, checkout):
    for at in (checkout, checkout / "suites", checkout / "docs"):
        _assert_refused(installed.run("pytest", "-o", "pythonpath=", at=at))


def _assert_refused(run):
    assert run.returncode == 4, run.stdout
    assert "two daemonspecs" in run.stdout
    assert "Traceback" not in run.stdout


def test_what_is_installed_is_run_inside_a_checkout_too(containment, installed, checkout):
    run = installed.run("daemonspec", "run", "reference", QUICK, at=checkout)

    assert run.returncode == 0, run.stdout
    assert f"rootdir: {installed.site / 'daemonspec' / '_data'}" in run.stdout


def test_other_projects_are_left_alone(wheel, tmp_path):
    """The environment lies inside the project, as most do: its suites are none of the project's."""
    environment = Environment(tmp_path / ".venv").install(wheel)
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")

    run = environment.run("pytest", at=tmp_path)

    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
    assert "target:" not in run.stdout


# -- pytest --target=... in other projects --------------------------------------------------------

# A plugin as pytest-json is, and one that has a --target of its own, as pytest-embedded has.
OWNS_JSON = """\
def pytest_addoption(parser):
    for name in ("--json", "--clause", "--level"):
        parser.addoption(name)
"""
OWNS_TARGET = "def pytest_addoption(parser):\n    parser.addoption('--target')\n"
CHANGES_ALL = """\
import os
os.environ["OF_THE_CONFTEST"] = "yes"
os.chdir("/")
print("conftest.py was here")
if "FAILS" in os.environ:
    raise SystemExit("hostile")
"""


@pytest.fixture(scope="module")
def beside_a_plugin(wheel, tmp_path_factory):
    """An Environment with the wheel, and with a plugin that owns some of its options."""
    made = Environment(tmp_path_factory.mktemp("beside-a-plugin")).install(wheel)
    _add_plugin(made, "owns_json", OWNS_JSON)
    return made


@pytest.fixture
def project(tmp_path):
    """The directory of a project of somebody else's, with settings, a conftest.py and a test."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -q -k nothing\n")
    (tmp_path / "conftest.py").write_text(CHANGES_ALL)
    (tmp_path / "test_own.py").write_text(
        "def test_nothing(pytestconfig):\n    assert pytestconfig.option.target == 'esp32'\n"
    )
    return tmp_path


@pytest.mark.parametrize("fails", [{}, {"FAILS": "yes"}], ids=["busy", "hostile"])
def test_pytest_hands_over(containment, beside_a_plugin, project, fails):
    words = ["--target", "reference", "-n", "2", "--clause", "STP-1", "--show", "--junitxml=x.xml"]

    run = beside_a_plugin.run("pytest", *words, at=project, **fails)

    assert run.returncode == 0, run.stdout
    assert "reference: no failure" in run.stdout
    assert "OF_THE_CONFTEST" not in run.stdout
    assert ("was here" in run.stdout) == bool(fails), "pytest shows what a failing one printed"
    assert 'tests="1"' in (project / "x.xml").read_text()


def test_status_is_that_of_the_run_handed_over_to(containment, beside_a_plugin, project):
    for words, status, said in (
        (["--target=never-calls-setsid", "--clause=SES"], 1, "fail (SES-1"),
        (["--target=./nothing"], 4, f"{project}/nothing does not exist"),
        (["--target=reference", "test_own.py"], 4, "no program 'test_own.py' in PATH"),
        (["--target=reference", "--claus=TTY"], 4, "no such option; did you mean --clause?"),
    ):
        run = beside_a_plugin.run("pytest", *words, at=project)

        assert run.returncode == status, run.stdout
        assert said in run.stdout
        assert "Traceback" not in run.stdout


def test_target_of_another_plugin_is_left_alone(wheel, project):
    environment = Environment(project / ".venv").install(wheel)
    _add_plugin(environment, "owns_target", OWNS_TARGET)

    run = environment.run("pytest", "--target=esp32", at=project)

    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout


def test_program_that_calls_pytest_is_not_replaced(beside_a_plugin, project):
    call = "import pytest; print('status', int(pytest.main(['--target=reference'])))"

    run = beside_a_plugin.run("python", "-c", call, at=project)

    assert "judges in a process of its own" in run.stdout
    assert run.stdout.endswith("status 4\n")


# -- what cannot change a run ---------------------------------------------------------------------


def test_directory_and_settings_change_nothing(containment, wheel, tmp_path):
    environment = Environment(tmp_path / "venv").install(wheel)
    hostile = _make_hostile(environment, tmp_path)
    variables = {name: value for _, _, set_here in hostile for name, value in set_here.items()}

    for workers in ("-n0", "-n2"):
        run = environment.run(
            "daemonspec", "run", "reference", workers, QUICK, at=tmp_path / "busy", **variables
        )
        assert run.returncode == 0, run.stdout
        assert "reference: no failure" in run.stdout

    # Control: each of them changes a pytest that is not shut off from it, and it alone does.
    suites = str(environment.site / "daemonspec/_data/suites")
    words = ["-m", "pytest", "--collect-only", "-q", QUICK, suites]
    normal = environment.run("python", *words, at=tmp_path / "empty")
    assert "::test_ends_when_asked" in normal.stdout
    for what, at, set_here in hostile:
        run = environment.run("python", *words, at=at, **set_here)
        assert "::test_ends_when_asked" not in run.stdout, f"{what} changes nothing:\n{run.stdout}"


def _make_hostile(environment, directory):
    """Return [(what it is, the directory to be in, the variables to have), ...]."""
    busy, modules, empty = (directory / name for name in ("busy", "modules", "empty"))
    for made in (busy, modules, empty):
        made.mkdir()
    for name in SHADOWED:
        (busy / f"{name}.py").write_text(DESTROYS)
    (busy / "conftest.py").write_text(DESTROYS)
    (busy / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    for name in ("pytest", "xdist", "pexpect"):
        (modules / f"{name}.py").write_text(DESTROYS)
    _add_plugin(environment, "busy", BUSY)
    return [
        ("a directory with modules and settings of its own", busy, {}),
        ("a plugin that is installed", empty, {"BUSY": "yes"}),
        ("PYTEST_ADDOPTS", empty, {"PYTEST_ADDOPTS": "-k nothing"}),
        ("PYTEST_PLUGINS", empty, {"PYTEST_PLUGINS": "none_such"}),
        ("PYTHONPATH", empty, {"PYTHONPATH": str(modules)}),
    ]


def _add_plugin(environment, name, text):
    """Install a module as a plugin that every pytest of an Environment loads."""
    (environment.site / f"{name}.py").write_text(text)
    about = environment.site / f"{name}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[pytest11]\n{name} = {name}\n")


def test_target_has_the_environment_of_the_caller(containment, installed, tmp_path):
    """What the harness is shut off from is the target's all the same."""
    callers = {"PYTHONPATH": "/of/the/caller", "PYTHONUNBUFFERED": "1", "OTHER": "too"}

    run = installed.run("daemonspec", "run", "reference", "--show", QUICK, at=tmp_path, **callers)

    shown = {line.strip() for line in run.stdout.splitlines()}
    assert {f"{name}={value}" for name, value in callers.items()} <= shown, run.stdout
    ours = ("PYTHON", "PYTEST", "DAEMONSPEC")
    assert {line.partition("=")[0] for line in shown if line.startswith(ours)} <= callers.keys()


# -- the command ----------------------------------------------------------------------------------


def test_list_names_every_property(installed, tmp_path):
    table = installed.run("daemonspec", "list", at=tmp_path)
    document = installed.run("daemonspec", "list", "--json", at=tmp_path)

    listed = {one["id"]: one for one in json.loads(document.stdout)}
    assert listed.keys() == clauses().keys()
    assert [line.split()[0] for line in table.stdout.splitlines()[1:]] == list(listed)
    for one in listed.values():
        assert one["title"] in table.stdout
        assert one["levels"] and all(source["link"] for source in one["sources"])


def test_explain_prints_the_page(installed, tmp_path):
    run = installed.run("daemonspec", "explain", "tty-5", at=tmp_path)

    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("TTY-5  Survives the hangup of its terminal\n")
    for part in ("required in sysv", "https://peps.python.org/pep-3143/", "Control: Plain `cmd &`"):
        assert part in run.stdout
    written = next(line for line in run.stdout.splitlines() if line.endswith("docs/article.md"))
    assert (tmp_path / written.strip()).is_file()


def test_explain_lists_an_area(installed, tmp_path):
    run = installed.run("daemonspec", "explain", "tty", "UMK-1", at=tmp_path)

    of_the_area = [one for one in clauses() if one.startswith("TTY-")]
    assert run.stdout.startswith(f"TTY: {len(of_the_area)} properties")
    for one in (*of_the_area, "judge them: daemonspec run TARGET --clause=TTY", "UMK-1  "):
        assert f"\n{one}" in run.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rnu ./d", "no command 'rnu'; did you mean run?"),
        ("./d", "no command './d'; did you mean: daemonspec run ./d?"),
        ("explain TTX-5", "TTX-5: no such property; did you mean TTY-5?"),
        ("explain TTY-99", "TTY-99: no such property; TTY has TTY-1, "),
        ("run reference --profile=SYSV", "auto; did you mean sysv?"),
        ("run reference --clause SESS-1", "--clause=SESS-1: no such property; did you mean SES-1?"),
        ("run refernce", "no embedded target of that name; did you mean reference?"),
        ("run reference --lveel=all", "--lveel=all: no such option; did you mean --level?"),
    ],
)
def test_near_names_are_offered(installed, tmp_path, line, said):
    run = installed.run("daemonspec", *line.split(), at=tmp_path)

    assert run.returncode == 4, run.stdout
    assert said in " ".join(run.stdout.split())
    assert "Traceback" not in run.stdout


def test_help_names_every_option_of_the_suites_own(installed, tmp_path):
    run = installed.run("daemonspec", "run", "--help", at=tmp_path)

    assert run.returncode == 0, run.stdout
    for option in OPTIONS:
        assert f"\n  {option.name}" in run.stdout or option.name == "--target"
    for group in GROUPS:
        assert f"\n{group}:\n" in run.stdout


def test_module_is_the_command(installed, tmp_path):
    """Modules of the current directory do not stand in for the library's."""
    for name in ("argparse", "json", "textwrap"):
        (tmp_path / f"{name}.py").write_text(DESTROYS)

    run = installed.run("python", "-m", "daemonspec", "explain", "TTY-5", at=tmp_path)
    command = installed.run("daemonspec", "explain", "TTY-5", at=tmp_path)

    assert run.returncode == 0, run.stdout
    assert run.stdout == command.stdout


def test_doctor_says_what_can_be_judged(containment, installed, tmp_path):
    run = installed.run("daemonspec", "doctor", at=tmp_path)

    assert run.returncode == 0, run.stdout
    assert f"containment: {containment}" in run.stdout


@pytest.mark.parametrize(
    "line",
    ["", "judge", "./d", "run", "list --jsno", "list TTY-5", "explain", "explain TTY-0 TTY-5"],
)
def test_bad_use_is_one_line(installed, tmp_path, line):
    run = installed.run("daemonspec", *line.split(), at=tmp_path)

    assert run.returncode == 4, run.stdout
    assert run.stdout.startswith("daemonspec")
    assert run.stdout.count("\n") == 1
    assert "Traceback" not in run.stdout


def test_word_after_an_option_is_a_target(installed, tmp_path):
    """A program that pytest took for a test would be imported, and so run in the harness."""
    (tmp_path / "b.py").write_text("open('imported', 'w')\n")

    run = installed.run("daemonspec", "run", "reference", "-v", "./b.py", QUICK, at=tmp_path)

    assert run.returncode == 4, run.stdout
    assert "b.py is not executable" in run.stdout
    assert not (tmp_path / "imported").exists()


def test_version(installed, tmp_path):
    run = installed.run("daemonspec", "--version", at=tmp_path)

    assert run.stdout == f"daemonspec {__version__}\n"
