"""A pytest plugin for mutate.py: keeps which lines each verdict rests on, or compares verdicts.

    pytest -p survey --survey=FILE     write {node: {outcome, seconds, lines: {path: [number]}}}
    pytest -p survey --expect=FILE     {node: outcome}; ends with DIFFERS at the first difference

The lines are those of the files that mutations.py changes.  What several checks share is run by one
of them: its lines count for each.  "" is the look at the targets before anything is judged.  An
outcome says as well how many worlds a check left open, which no verdict shows.
"""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from daemonspec.laboratory import Laboratory
from daemonspec.world.world import World
from mutations import files
from running import ROOT

DIFFERS = 7  # an exit status of our own


def pytest_addoption(parser):
    parser.addoption("--survey", type=Path, default=None, metavar="FILE")
    parser.addoption("--expect", type=Path, default=None, metavar="FILE")


def pytest_configure(config):
    if config.option.survey:
        config.pluginmanager.register(_Survey(config.option.survey))
    if config.option.expect:
        config.pluginmanager.register(_Comparison(json.loads(config.option.expect.read_text())))


class _Watching:
    """Calls ended(node, outcome, seconds) after each check."""

    def __init__(self):
        self.open = _open_worlds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.outcome, began = "nothing", time.monotonic()
        self.begin()
        done = yield
        if self.open:
            self.outcome += f", {len(self.open)} worlds left open"
            self.open.clear()
        self.ended(item.nodeid, self.outcome, time.monotonic() - began)
        return done

    def pytest_runtest_logreport(self, report):
        part = getattr(report, "part", None)
        if part is not None:
            self.outcome = part["verdicts"][0]["outcome"]

    def begin(self):
        """Before each check."""


def _open_worlds():
    """Return the set of the worlds that are there, which goes on being true."""
    found, furnished, close = set(), World.wait_until_furnished, World.close

    def opened(world):
        found.add(world)
        furnished(world)

    def closed(world):
        found.discard(world)
        close(world)

    World.wait_until_furnished, World.close = opened, closed
    return found


class _Survey(_Watching):
    def __init__(self, path):
        super().__init__()
        self.path = path
        self.found = {}
        self.files = {str(ROOT / one): one for one in files()}
        self.lines = set()  # (path, number) of what is going on
        self.kept = {}  # key of Laboratory.shared() -> its lines
        self._keep_what_is_shared()
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def _trace(self, frame, event, argument):
        if frame.f_code.co_filename not in self.files:
            return None
        return self._trace_line

    def _trace_line(self, frame, event, argument):
        self.lines.add((self.files[frame.f_code.co_filename], frame.f_lineno))
        return self._trace_line

    def _keep_what_is_shared(self):
        shared = Laboratory.shared

        def keeping(laboratory, key, make):
            outer = self.lines

            def made():
                self.lines = self.kept[key] = set()
                return make()

            try:
                return shared(laboratory, key, made)
            finally:
                self.lines = outer
                outer |= self.kept.get(key, set())

        Laboratory.shared = keeping

    def begin(self):
        self.lines = set()

    def ended(self, node, outcome, seconds):
        lines = {}
        for path, number in sorted(self.lines):
            lines.setdefault(path, []).append(number)
        self.found[node] = {"outcome": outcome, "seconds": seconds, "lines": lines}

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self):
        began = time.monotonic()
        yield
        self.ended("", "", time.monotonic() - began)

    def pytest_sessionfinish(self):
        self.path.write_text(json.dumps(self.found))


class _Comparison(_Watching):
    def __init__(self, expected):
        super().__init__()
        self.expected = expected

    def ended(self, node, outcome, seconds):
        if outcome != self.expected[node]:
            pytest.exit(f"{node}: {outcome}, and not {self.expected[node]}", returncode=DIFFERS)
