"""The field test's own tools: descriptions that the suite takes, and comparisons that are fair."""

import pytest

import field
import measured
import recipes
from daemonspec.targets import description
from running import clauses, profiles

RECIPE = {
    "name": "one",
    "package": "coreutils",
    "mode": "self",
    "start": "/bin/sleep 1000",
    "files": {},
    "setup": None,
    "ready": "proc:sleep",
    "serve": "proc:sleep",
    "pidfile": None,
    "stop": "TERM",
    "facts": {},
}


@pytest.fixture
def described(tmp_path):
    """A function that returns the Target which a recipe with these differences becomes."""
    (tmp_path / "ask.py").write_text("# asks\n")
    (tmp_path / "other.py").write_text("# is not named\n")

    def make(**differences):
        path = tmp_path / "one.toml"
        path.write_text(recipes.description_of({**RECIPE, **differences}, tmp_path))
        return description.load(path)

    return make


@pytest.mark.parametrize(
    ("text", "kind", "where", "send", "expect"),
    [
        ("tcp:80|GET / HTTP/1.0\\r\\n\\r\\n|HTTP/1", "tcp", "127.0.0.1:80",
         b"GET / HTTP/1.0\r\n\r\n", b"HTTP/1"),
        ("tcp:80||220", "tcp", "127.0.0.1:80", b"", b"220"),
        ("udp:69|ask|told", "udp", "127.0.0.1:69", b"ask", b"told"),
        ("udp:69", "command", "grep -q ':0045 ' /proc/net/udp /proc/net/udp6", b"", b""),
        ("unix:@D@/s", "unix", "{dir}/s", b"", b""),
        ("file:/run/x.pid", "file", "/run/x.pid", b"", b""),
        ("log:@D@/l|is up", "command", "grep -q -- 'is up' '{dir}/l'", b"", b""),
        ("sh:cat @D@/l | grep up", "command", "cat {dir}/l | grep up", b"", b""),
    ],
)  # fmt: skip
def test_probes_are_translated(described, text, kind, where, send, expect):
    probe = described(ready=text).ready

    assert (probe.kind, probe.where, probe.send, probe.expect) == (kind, where, send, expect)


def test_processes_are_found_by_the_suite(described):
    assert described().ready is None


@pytest.mark.parametrize(
    ("line", "typed", "background"),
    [
        ("/bin/sleep '1 2'", ("/bin/sleep", "1 2"), False),
        ("/bin/sleep 1 & true", ("/bin/sleep", "1"), True),
        ("nohup sleep 1 >x 2>&1 & true", ("/bin/bash", "-c", "exec nohup sleep 1 >x 2>&1"), True),
    ],
)
def test_lines_are_single_commands(described, line, typed, background):
    target = described(start=line)

    assert (target.start[0].split("/")[-1], *target.start[1:]) == (
        typed[0].split("/")[-1],
        *typed[1:],
    )
    assert target.background == background


def test_interfaces_are_made_at_each_start(described):
    target = described(setup="ip link add v0 type dummy")

    assert target.prepare is None
    assert target.start[1:] == ("-c", "ip link add v0 type dummy; exec /bin/sleep 1000")


def test_files_and_named_helpers_are_written(described):
    target = described(
        files={"conf": "pid @D@/pid\n"}, ready="sh:python3 ask.py 53", stop="true @D@", setup="true"
    )

    files = {path: file.content for path, file in target.files.items()}
    assert files == {"{dir}/conf": "pid {dir}/pid\n", "{dir}/ask.py": "# asks\n"}
    assert (target.stop, target.prepare) == ("true {dir}", "true")


@pytest.mark.parametrize("rule", measured.RULES, ids=lambda rule: rule.clause)
def test_rules_are_about_properties(rule):
    _, function = clauses()[rule.clause]

    assert profiles(function) & {"sysv", "foreground"}


def _compared(facts, clause, outcome, message=""):
    verdict = {"clause": clause, "outcome": outcome, "message": message}
    recipe = {**RECIPE, "ready": "tcp:80", "facts": facts}
    (found,) = field._compare(recipe, {clause: verdict})
    return found["result"]


SURVIVES = {"hangup": {"alive": True, "serving": True}}
DIES = {"hangup": {"alive": False, "serving": False}}


@pytest.mark.parametrize(
    ("facts", "outcome", "result"),
    [
        (SURVIVES, "pass", field.AGREE),
        (SURVIVES, "fail", field.DISAGREE),
        (DIES, "fail", field.AGREE),
        (DIES, "advice", field.AGREE),
        (DIES, "pass", field.DISAGREE),
        (DIES, "inconclusive", field.OPEN),
    ],
)
def test_verdict_is_compared_with_the_fact(facts, outcome, result):
    assert _compared(facts, "TTY-5", outcome) == result


def test_luck_promises_nothing():
    assert _compared({"ready_at_prompt": True}, "STA-1", "advice") == field.OPEN
    assert _compared({"ready_at_prompt": False}, "STA-1", "pass") == field.DISAGREE


def test_another_obstacle_than_the_port_is_not_compared():
    told = {"port_taken": {"rc": 1, "running_after_3s": []}}
    lied = {"port_taken": {"rc": 0, "running_after_3s": []}}
    both = "tcp port 127.0.0.1:80 taken; a directory in the pidfile's place"

    assert _compared(told, "STA-2", "fail", "a directory in the pidfile's place") == field.AGREE
    assert _compared(told, "STA-2", "fail", both) == field.DISAGREE
    assert _compared(lied, "STA-2", "fail", both) == field.AGREE


def test_port_that_is_not_declared_is_not_compared():
    told = {"port_taken": {"rc": 1, "running_after_3s": [], "pidfile_left": False}}

    assert not list(measured.expectations({**RECIPE, "facts": told}))


def test_what_was_not_measured_is_not_compared():
    assert not list(measured.expectations(RECIPE))


def test_changed_verdicts_are_listed():
    verdicts = {"TTY-5": ["pass", ""], "A-1": ["pass", ""]}
    before = {"seconds": 2, "processor": 1, "load": 1.0, "verdicts": verdicts}
    now = {**before, "verdicts": {"TTY-5": ["fail", "it\n died"], "A-1": ["pass", ""]}}

    _, changed = field._changes(before, now)

    assert changed.strip() == "changed: TTY-5 from pass to fail: it died"
