"""What runs inside of a world stands alone, and experiments stand on top."""

import shutil
import subprocess
import sys

import pytest

from daemonspec.world.fork_server import loading
from running import HARNESS
from test_layering import _by_name, _imports, _of_project, _python, _touches

# What the bare interpreters may import.  Each module is copied by each fork of the fork server.
STANDARD = {
    "_json", "_signal", "_socket", "ctypes", "errno", "fcntl", "gc", "os", "resource", "select",
    "stat", "struct", "sys", "termios", "time",
}  # fmt: skip
# For the text of a crash alone.
AT_THE_END = {"traceback"}
MOST_MODULES = 50  # of others, in the fork server: 44; 73 with a seeded subprocess
# What both sides of the border use: how to speak, of which containment, and of which places.
CROSSING = {"wire", "containment", "paths"}

inside = pytest.mark.parametrize("path", _python(HARNESS / "inside"), ids=_by_name)
below = pytest.mark.parametrize(
    "path",
    [path for path in _python(HARNESS) if path.parent.name != "experiments"],
    ids=_by_name,
)


@inside
def test_what_runs_inside_imports_the_kernel_alone(path):
    """It is ours in a world: a module of the harness there would drag pytest's half along."""
    tops = {name.partition(".")[0] for name in _imports(path)}

    assert tops <= STANDARD | AT_THE_END | {"daemonspec"}
    assert _touches(_of_project(path), ("inside", "kernel")) == _of_project(path)


@pytest.mark.parametrize("path", _python(HARNESS / "kernel"), ids=_by_name)
def test_kernel_imports_little(path):
    """The fork server and every world have it."""
    assert {name.partition(".")[0] for name in _imports(path)} <= STANDARD | {"daemonspec"}


@pytest.mark.parametrize("module", ["server", "trampoline"])
def test_bare_interpreter_loads_little(module):
    """A fork copies the pages of all that is loaded, in every world and for every launch."""
    assert _too_much(module, HARNESS) == set()


def test_fork_server_stays_small():
    """Modules of our own come and go as they are split; what they drag along is held."""
    assert len(_not_ours(_loaded(loading("server", HARNESS)))) <= MOST_MODULES


def test_seeded_import_is_noticed(tmp_path):
    """One line in the warden is enough: what it loads, and what that loads, is seen."""
    package = tmp_path / "daemonspec"
    shutil.copytree(HARNESS, package)
    warden = package / "inside" / "warden.py"
    warden.write_text(
        warden.read_text().replace("\nimport os\n", "\nimport os\nimport subprocess\n")
    )

    assert {"subprocess", "signal", "threading"} <= _too_much("server", package)
    assert len(_not_ours(_loaded(loading("server", package)))) > MOST_MODULES


def _too_much(module, package):
    """Return what a bare interpreter has loaded that is neither ours nor in STANDARD's wake."""
    found = _loaded(loading(module, package)) - _loaded(f"import {', '.join(STANDARD)}\n")
    return _not_ours(found)


def _not_ours(names):
    return {name for name in names if name.partition(".")[0] != "daemonspec"}


def _loaded(text):
    """Return the names of all modules that an interpreter has which ran a program."""
    text += "import sys\nprint(*sys.modules)\n"
    run = subprocess.run([sys.executable, "-ISB", "-c", text], capture_output=True, check=True)
    return set(run.stdout.decode().split())


@below
def test_three_modules_cross_the_border(path):
    """Whoever imports more of `inside` runs it in the wrong process."""
    if path.parent.name == "inside":
        return
    crossing = {name for name in _of_project(path) if name.startswith("inside.")}

    assert {name.split(".")[1] for name in crossing} <= CROSSING


@below
def test_experiments_stand_on_top(path):
    """What experiments are made of does not know any of them."""
    assert _touches(_of_project(path), ("experiments",)) == set() or path.name in (
        "plugin.py",
        "check_fixtures.py",
    )
