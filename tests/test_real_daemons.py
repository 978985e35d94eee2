"""What ships of the daemons that were judged is whole, and `explain --who` reads it."""

import json
import subprocess
import sys

import judge_real
from daemonspec import real_daemons
from daemonspec.clauses import every_clause
from daemonspec.model import Outcome
from running import ROOT, surroundings

CENSUS = real_daemons.census()


def test_census_is_of_targets_that_ship():
    """All of them, each with an outcome of a property that exists."""
    assert sorted(one.name for one in CENSUS.daemons) == judge_real.NAMES
    for one in CENSUS.daemons:
        assert one.outcomes.keys() <= every_clause().keys(), "made by another version: make it anew"
        assert set(one.outcomes.values()) <= {outcome.value for outcome in Outcome}


def test_explain_says_who():
    """Those that fail a property, with their package; and those that do not."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "daemonspec", "explain", "STA-8", "--who"], check=True,
        env=surroundings(PYTHONPATH=str(ROOT / "fixtures")), capture_output=True, text=True,
    )  # fmt: skip
    said = " ".join(done.stdout.split())

    failing, having = CENSUS.failing("STA-8"), CENSUS.having("STA-8")
    count = len(failing) + len(having)
    assert f"Of {count} daemons in use that were judged, {len(failing)} do not: " in said
    assert any(one.name == "cron" for one in failing) and f"{failing[0]}" in said
    assert f"Judged on {CENSUS.date} by daemonspec {CENSUS.version}" in said
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_file_is_made_of_documents(tmp_path, monkeypatch):
    """Of each daemon the last one that was judged; a list stands in one line."""
    verdicts = [{"target": "d", "clause": id, "outcome": o} for id, o in
                (("TTY-1", "pass"), ("STA-8", "fail"), ("TTY-3", "pass"))]  # fmt: skip
    document = {
        "ended": "2026-11-28T10:00:00", "tool": {"version": "0.2.0"}, "verdicts": verdicts,
        "machine": {"os_release": "Debian"},
        "targets": {"d": {"package": {"name": "p", "version": "1-2"}, "profile": "sysv"}},
    }  # fmt: skip
    text = judge_real._ids_in_one_line(json.dumps(real_daemons.made([document]), indent=1))
    path = tmp_path / "census.json"
    path.write_text(text)
    monkeypatch.setattr(real_daemons, "FILE", path)
    real_daemons.census.cache_clear()
    try:
        found = real_daemons.census()
    finally:
        real_daemons.census.cache_clear()

    assert '"pass": ["TTY-1", "TTY-3"]' in text
    assert [str(one) for one in found.failing("STA-8")] == ["d (p 1-2)"]
    assert [one.name for one in found.having("TTY-1")] == ["d"]
    assert (found.date, found.version, found.system) == ("2026-11-28", "0.2.0", "Debian")
