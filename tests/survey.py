"""A pytest plugin for mutate.py: keeps which lines each verdict rests on, or compares verdicts.

    pytest -p survey --survey=FILE     write {node: {outcome, seconds, lines: {path: [number]}}}
    pytest -p survey --expect=FILE     {node: outcome}; ends with DIFFERS at the first difference

The lines are those of the files that mutations.py changes.  What several checks share is run by one
of them: its lines count for each.  "" is the look at the targets before anything is judged.
"""

import json
import sys
import threading
import time
from pathlib import Path

import pytest

from daemonspec.laboratory import Laboratory
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


class _Survey:
    def __init__(self, path):
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

    def _keep(self, node, outcome, began):
        lines = {}
        for path, number in sorted(self.lines):
            lines.setdefault(path, []).append(number)
        seconds = time.monotonic() - began
        self.found[node] = {"outcome": outcome, "seconds": seconds, "lines": lines}
        self.lines = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionstart(self):
        began = time.monotonic()
        yield
        self._keep("", "", began)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.lines, self.outcome, began = set(), "nothing", time.monotonic()
        done = yield
        self._keep(item.nodeid, self.outcome, began)
        return done

    def pytest_runtest_logreport(self, report):
        self.outcome = getattr(report, "verdict", {}).get("outcome", self.outcome)

    def pytest_sessionfinish(self):
        self.path.write_text(json.dumps(self.found))


class _Comparison:
    def __init__(self, expected):
        self.expected = expected

    def pytest_runtest_logreport(self, report):
        found = getattr(report, "verdict", {}).get("outcome")
        wanted = self.expected[report.nodeid]
        if found not in (None, wanted):
            pytest.exit(f"{report.nodeid}: {found}, and not {wanted}", returncode=DIFFERS)
