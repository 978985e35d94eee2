"""What the end of a run says in short, from documents that are made by hand."""

import pytest

from daemonspec.report import summary


def _verdict(clause, outcome, code=None, facts=(), waiver=None):
    return {"id": f"d/sysv/{clause}", "target": "d", "clause": clause, "outcome": outcome,
            "reason_code": code, "facts": list(facts), "waiver": waiver, "level": "required",
            "message": ""}  # fmt: skip


def _document(*verdicts, properties=4, **options):
    chosen = {"clauses": [], "keyword": None, "most_failures": None, "sweep": "20 s", **options}
    return {"verdicts": list(verdicts), "options": chosen, "clauses": {},
            "targets": {"d": {"properties": properties, "profile": "sysv"}}}  # fmt: skip


PASSES = [_verdict(f"TTY-{n}", "pass") for n in (1, 3, 5, 7)]
RESULTS = {
    "all hold": (_document(*PASSES), "conforms"),
    "chosen by ID": (_document(*PASSES, clauses=["TTY"]), "no failure"),
    "chosen by -k": (_document(*PASSES, keyword="tty"), "no failure"),
    "may have ended early": (_document(*PASSES, most_failures=1), "no failure"),
    "without its attacks": (_document(*PASSES, sweep="off"), "no failure"),
    "a third was judged": (_document(*PASSES, properties=12), "no failure"),
    "one fails": (_document(*PASSES, _verdict("SES-1", "fail")), "does not conform"),
    "one is known": (_document(*PASSES, _verdict("SES-1", "waived")), "nothing new"),
    "one is unclear": (
        _document(*PASSES, _verdict("SES-1", "inconclusive", "control")),
        "could not be judged wholly",
    ),
    "nothing applies": (
        _document(_verdict("PIDF-2", "not applicable", "needs-pidfile")),
        "nothing could be judged",
    ),
}


@pytest.mark.parametrize("case", RESULTS)
def test_conforms_is_said_of_a_whole_run_only(case):
    document, result = RESULTS[case]

    assert summary.result(document, "d") == result


def test_sentence_counts():
    """Of how many; what fails beside what is known; in the order of the IDs."""
    document = _document(*PASSES, _verdict("STA-10", "fail"), _verdict("STA-8", "fail"),
                         _verdict("PIDF-2", "not applicable", "needs-pidfile"),
                         _verdict("UMK-1", "advice"), properties=8)  # fmt: skip
    assert summary.sentence(document, "d") == (
        "of 8 properties, 7 judged: 4 hold, 2 fail (STA-8, STA-10), 1 with advice (UMK-1)"
    )
    document["verdicts"].append(_verdict("TTY-9", "waived"))
    assert "2 new (STA-8, STA-10), 1 known (TTY-9)" in summary.sentence(document, "d")


def test_findings_are_joined_by_their_cause():
    """A cause needs what proves it: that one process stayed in the session is none."""
    stays = [_verdict(id, "fail") for id in ("SES-1", "SES-3", "TTY-1", "FDS-2")]
    helper = [_verdict("SES-1", "fail"), _verdict("UMK-1", "advice"), _verdict("TTY-7", "fail")]

    joined = [(cause, [one["clause"] for one in own]) for cause, own in summary.findings(stays)]
    apart = [(cause, [one["clause"] for one in own]) for cause, own in summary.findings(helper)]

    assert joined == [("it never calls setsid()", ["SES-1", "SES-3", "TTY-1"]), (None, ["FDS-2"])]
    assert apart == [(None, ["SES-1"]), (None, ["TTY-7"]), (None, ["UMK-1"])]


def test_what_was_not_judged_says_what_to_declare():
    """Counted by reason, the most frequent first, with what was seen."""
    left = [_verdict("STA-1", "not applicable", "needs-service"),
            _verdict("PIDF-2", "not applicable", "needs-pidfile"),
            _verdict("PIDF-3", "not applicable", "needs-pidfile")]  # fmt: skip
    (code, own), (other, _) = summary.not_judged(left + PASSES)

    assert (code, other) == ("needs-pidfile", "needs-service")
    assert summary.why_not(code, own, "/tmp/d.pid") == (
        "2 need a pidfile; declare `pidfile` (seen: /tmp/d.pid): PIDF-2, PIDF-3"
    )


def test_one_is_no_plural():
    (said,) = [summary.why_not(*pair) for pair in summary.not_judged(
        [_verdict("STP-2", "not applicable", "is:PAR-1")])]  # fmt: skip

    assert said == "1 is judged by PAR-1; see PAR-1: STP-2"


def test_waiver_that_waives_too_much():
    waiver = {"gone": ["clone:EAGAIN:said-0"], "where": "d.waivers.toml, line 5"}

    (line,) = summary.tighten([_verdict("STA-8", "waived", waiver=waiver), *PASSES])

    assert line == (
        "STA-8: no longer seen: clone:EAGAIN:said-0; delete them from d.waivers.toml, line 5"
    )


def test_start_that_came_to_harm_is_played_again():
    """Like the finding itself, from a command or from pytest; of another line nothing is made."""
    points = [{"n": 3, "how": "hung up", "came": "up"}, {"n": 6, "how": "hung up", "came": "lie"}]
    sweeps = [{"shape": "leader", "points": points}]

    def replay(again, sweeps=sweeps):
        return summary.replay({"clause": "STA-7", "again": again}, sweeps)

    end = "--clause=STA-7 --point=6 '--how=hung up' --shape=leader"
    assert replay("daemonspec run './d -x' --clause=STA-7") == f"daemonspec trace './d -x' {end}"
    assert replay("pytest --target=d --clause=STA-7 --containment=user") == (
        f"daemonspec trace d {end} --containment=user"
    )
    assert replay("pytest --target=d", [{"shape": "shell", "points": points[:1]}]) == ""
    assert [replay(one) for one in ("", "d", "daemonspec run", "it's")] == [""] * 4
