"""What checks share follows from what they ask for: no start is made twice for an omission."""

import ast
import re

import pytest

from daemonspec import experiments, sharing
from daemonspec.experiment import COSTS
from running import HARNESS, ChildRun
from test_layering import _names, _python, _tree

KEEPS = {"Experiment", "shared"}  # what makes a start once, and keeps it


def _fixtures():
    """Yield (name of its decorator, the function) of every fixture of the harness."""
    for path in [*_python(HARNESS / "experiments"), HARNESS / "check_fixtures.py"]:
        for node in ast.walk(_tree(path)):
            for one in getattr(node, "decorator_list", ()):
                decorator = getattr(one, "func", one)
                name = getattr(decorator, "id", getattr(decorator, "attr", ""))
                if name in ("fixture", "experiment"):
                    yield name, node


@pytest.mark.parametrize(
    "decorator, function", list(_fixtures()), ids=lambda one: getattr(one, "name", "")
)
def test_what_keeps_its_starts_is_an_experiment(decorator, function):
    """One that only pytest knows is made once by each worker."""
    assert bool(_names(function) & KEEPS) == (decorator == "experiment")


def test_every_module_of_experiments_is_registered():
    """A new experiment is found by being there."""
    found = {path.stem for path in _python(HARNESS / "experiments")} - {"__init__"}

    assert {name.rpartition(".")[2] for name in experiments.MODULES} == found


def test_fixtures_are_named_in_the_ids():
    """The scheduler has the ID alone to go by."""
    first, *others = sorted(COSTS)[:3]
    node = f"suites/test_x.py::test_y[g++{sharing.suffix([first, 'laboratory', *others])}]"

    assert sharing.shares(node)
    assert not sharing.shares("suites/test_x.py::test_y[g++]")


def test_checks_with_a_common_experiment_are_of_one_group():
    """At any remove: the second shares one start with the first, and another with the third."""
    ids = ["a[x+stopping]", "b[x+stopping+visit]", "c[x+visit]", "d[y+visit]", "e[x]", "f[x]"]
    found = sharing.groups(ids)

    assert found["a[x+stopping]"] == found["b[x+stopping+visit]"] == found["c[x+visit]"]
    assert len(set(found.values())) == 4


def test_expensive_experiments_come_first():
    """Whoever begins the attacks last ends last."""
    assert sharing.cost(["keys", "laboratory"]) > sharing.cost(["stopping"]) == sharing.cost([])


def test_two_workers_start_no_more_than_one():
    """Each start of all properties but the attacks is made by one of them."""
    starts = []
    for workers in ("-n0", "-n2"):
        run = ChildRun("--target=reference-c", "--sweep=off", workers).wait()
        starts.append(int(re.search(r"verdicts from (\d+) starts", run.output)[1]))

    assert 0 < starts[1] <= starts[0]
