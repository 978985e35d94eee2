"""What every self-test may ask for, and what is said of those that were left out."""

import itertools
import sys
from collections import Counter
from pathlib import Path

import pytest

# pytest's importlib mode makes no test directory importable; `running` is shared by all of them.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from daemonspec.laboratory import find_containment
from daemonspec.targets import embedded
from daemonspec.world.fork_server import ForkServer
from daemonspec.world.launch import Line
from daemonspec.world.world import Refused
from inside import ENVIRONMENT
from running import ChildRun


def pytest_addoption(parser):
    text = (
        "judge every mutant by every property, and not only by those that are near its defect, and "
        "the zoo in every containment"
    )
    parser.addoption("--whole-matrix", action="store_true", help=text)


def pytest_configure(config):
    config.addinivalue_line("markers", "long: its file takes minutes, and is begun first")


@pytest.fixture(scope="session")
def containment():
    """The best containment of this machine, by name; without any, the test is left out."""
    try:
        return find_containment()[0]
    except Refused as why:
        pytest.skip(f"no world can be made here: {why}")


@pytest.fixture(scope="session")
def own_place(containment):
    """Left out, by name, where a world has no directories and no network of its own."""
    if containment not in ("root", "user"):
        pytest.skip("needs directories and a network of its own: containment root or user")


@pytest.fixture(scope="session")
def judge(containment, tmp_path_factory):
    """A function that judges with a child pytest, given its options, and returns the Run."""
    directory = tmp_path_factory.mktemp("verdicts")
    numbers = itertools.count()

    def run(*options, **how):
        return ChildRun(*options, json=directory / f"{next(numbers)}.json", **how).wait()

    return run


@pytest.fixture(scope="session")
def server(containment):
    """A fork server in the best containment of this machine."""
    made = ForkServer(containment)
    yield made
    made.close()


@pytest.fixture
def world(server, tmp_path):
    """A world in which tmp_path can be seen."""
    with server.world(keep=[str(tmp_path)]) as made:
        yield made


@pytest.fixture
def line(world, tmp_path):
    """A line in a world, its launch directory tmp_path."""
    made = Line(world, ENVIRONMENT, str(tmp_path), lambda kind: None)
    yield made
    made.close()


@pytest.fixture(scope="session")
def compiler():
    """The C compiler's path; without one, the test is left out."""
    found = embedded.compiler()
    if found is None:
        pytest.skip("needs a C compiler (cc)")
    return found


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With -n, send each file to one worker: what its tests share is then made once.

    In the order of the collection: see pytest_collection_modifyitems().  The runs that are killed
    share nothing; one by one they fill up whoever has nothing to do.  The zoo has a part for each
    containment.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            if "test_zoo" in nodeid:
                way, *_ = nodeid.partition("[")[2].rstrip("]").split("-")
                return f"test_zoo {way}"
            return nodeid if "test_nothing_left" in nodeid else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """Begin with the files that are marked `long`, so that no worker is left alone with one.

    Those with many tests come next, as pytest-xdist does it by itself.
    """
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, -tests[item.path]))


def pytest_terminal_summary(terminalreporter):
    """Name what was left out: a count alone hides which machine never ran what.

    Several cases of one test that have one reason are one line.
    """
    cases = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        cases.setdefault((report.nodeid.partition("[")[0], reason), []).append(report.nodeid)
    for (test, reason), nodes in cases.items():
        what = nodes[0] if len(nodes) == 1 else f"{test}, {len(nodes)} cases"
        terminalreporter.write_line(f"left out: {what}: {reason}")
