"""`daemonspec report`: what its page, its Markdown and its bug report say, and what it refuses."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from browser import Browser
from daemonspec import cli
from daemonspec.clauses import every_clause
from daemonspec.daemon_steps import STEPS as STEPS_OF_DAEMON_7
from daemonspec.judgement import described
from daemonspec.report import document, shape
from running import SCHEMA

pytest.importorskip("jinja2", reason="needs Jinja2: pip install -e '.[test]'")

HOSTILE = "<script>alert(1)</script> \"'&\n\x1b[31m\udcff|`x`"
VOID = {"meta", "br", "hr", "input"}
STEPS = {2: "5 fork", 3: "6 setsid", 4: "15 exit in the launcher, when the daemon serves"}
CLAUSES = every_clause()


def _verdict(target, id, outcome="pass", **more):
    return {
        "id": f"{target}/sysv/{id}", "target": target, "clause": id, "level": "required",
        "outcome": outcome, "reason_code": None, "message": "", "facts": [], "evidence": [],
        "launches": [], "seconds": 0.1, "waiver": None, "again": f"again-{id}", "test": "x::y",
        **more,
    }  # fmt: skip


def _document(*verdicts, sweeps=(), seen=None):
    """Return the document of a run that ended with these verdicts."""
    made = document.new(["pytest", "-q"], {
        "name": "daemonspec", "version": "9.8", "commit": None, "python": "3.11",
    })  # fmt: skip
    made["verdicts"] = list(verdicts)
    made["sweeps"] = list(sweeps)
    made["clauses"] = {
        id: described(CLAUSES[id]) for id in {one["clause"] for one in verdicts} & CLAUSES.keys()
    }
    made["targets"] = {
        name: {
            "origin": None, "start": f"/bin/{name} -d", "profile": "sysv",
            "program_sha256": "ab" * 32, "package": {"name": "pack", "version": "1:2-3"},
            "summary": {}, "properties": len(CLAUSES), "seen": seen or {},
        }
        for name in {one["target"] for one in verdicts}
    }  # fmt: skip
    document.end(made, 1)
    return made


def _sample():
    """Return a document with a bit of everything."""
    evidence = [
        {"whose": "target", "what": "the mask", "value": "0015", "launch": "1"},
        {"whose": "control", "what": "the mask", "value": "0022", "launch": None},
    ]
    points = [
        {"n": 7, "call": "openat /x", "who": "daemon", "how": "EACCES", "came": "lie"},
        {"n": 8, "call": "bind", "who": "daemon", "how": "EPERM", "came": "up"},
    ]
    made = _document(
        _verdict("d", "FDS-2", "fail", message="it kept <3>", evidence=evidence, launches=["1"]),
        _verdict("d", "UMK-1", "advice", level="recommended", message="it follows"),
        _verdict("d", "PIDF-2", "not applicable", reason_code="needs-pidfile", message="no file"),
        _verdict("d", "STA-8"),
        sweeps=[{"verdict": "d/sysv/STA-8", "attack": "fails", "shape": "shell", "order": "last",
                 "points": points}],
        seen={"needs-pidfile": "/tmp/d.pid"},
    )  # fmt: skip
    made["launches"] = [{
        "id": "1", "target": "d", "typed": "/bin/d typed", "shape": "shell", "inherited": "",
        "directory": "/launch", "user": "root", "environment_names": [],
    }]  # fmt: skip
    return made


def _call(n, process, call, child=None):
    return {"n": n, "ms": n * 1.5, "process": process, "who": ("launcher", "daemon")[process],
            "call": call, "child": child, "step": STEPS.get(n), "rule": None}  # fmt: skip


def _traced(call="execve /bin/d"):
    """Return a document with a start of four calls, which comes to harm at two of them."""
    points = [
        {"n": 1, "call": "setsid", "who": "daemon", "how": "hung up", "came": "lie", "at": 3},
        {"n": 2, "call": "exit", "who": "launcher", "how": "hung up", "came": "up", "at": 4},
        {"n": 3, "call": "gone", "who": "launcher", "how": "hung up", "came": "lie", "at": None},
    ]
    fails = [{"n": 2, "call": "fork", "who": "launcher", "how": "EAGAIN", "came": "stuck", "at": 2}]
    sweep = {"verdict": "d/sysv/STA-8", "shape": "shell", "order": "last"}
    made = _document(
        _verdict("d", "STA-8"),
        sweeps=[{**sweep, "attack": "hung up", "points": points},
                {**sweep, "attack": "fails", "points": fails}],
    )  # fmt: skip
    made["traces"] = {"d": [_call(1, 0, call), _call(2, 0, "fork", 1), _call(3, 1, "setsid"),
                            _call(4, 0, "exit_group 0")]}  # fmt: skip
    SCHEMA.validate(made)
    return made


class _Page(HTMLParser):
    """A page taken apart: its tags, texts, IDs and links; raises AssertionError on bad nesting."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.attributes = set(), [], [], []
        self.texts, self._open = [], []
        self.feed(text)
        self.close()
        assert self._open == []
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes
        self.ids += [value for name, value in attributes if name == "id"]
        self.links += [value for name, value in attributes if name == "href"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.texts.append(data)

    def names(self, attribute):
        """Return every value of an attribute."""
        return [value for name, value in self.attributes if name == attribute]


@pytest.fixture
def reported(tmp_path, capsys):
    """A function from documents and options to (exit status, what was written or said)."""

    def run(*documents, options=()):
        paths = [tmp_path / f"{number}.json" for number in range(len(documents))]
        for path, one in zip(paths, documents, strict=True):
            path.write_text(json.dumps(one))
        out = tmp_path / "report"
        status = cli.main(["report", *map(str, paths), "-o", str(out), *options])
        said = capsys.readouterr()
        return status, out.read_text("utf-8") if status == 0 else said.err

    return run


@pytest.fixture
def page(reported):
    """A function from documents to the page of them, taken apart."""

    def run(*documents, options=()):
        status, text = reported(*documents, options=options)
        assert status == 0, text
        return _Page(text)

    return run


def _check_contained(page):
    """Nothing is loaded, nothing runs, and every link inside of the page leads somewhere."""
    assert not page.tags & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "use",
        "image",
    }
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "srcset"}
    assert len(page.ids) == len(set(page.ids))
    inside = {link[1:] for link in page.links if link.startswith("#")}
    assert inside <= set(page.ids)
    assert {link.partition(":")[0] for link in page.links if link[0] != "#"} <= {"http", "https"}


def test_page_of_one_run_says_it_all(page):
    made = page(_sample())

    _check_contained(made)
    for text in (
        f"of {len(CLAUSES)} properties, 4 chosen, 3 judged: 1 hold, 1 fail (FDS-2)",
        "declare pidfile ; seen: /tmp/d.pid", "d: does not conform", "pack 1:2-3",
        "FDS-2 Closes the descriptors that it inherits", "it kept <3>",
        "the mask 0015 0022", "/bin/d typed", "again-FDS-2", "In C", "close_range",
        "By hand, without daemonspec", "left.txt", "Who else does not have it:", "nginx (",
    ):  # fmt: skip
        assert text in made.text
    assert {source.link for source in CLAUSES["FDS-2"].sources if "://" in source.link} <= set(
        made.links
    )
    assert "7. openat /x (daemon): EACCES: lie" in made.names("title")


def test_the_start_is_drawn(page):
    made = page(_traced())

    _check_contained(made)
    assert "4 calls in 6 ms" in made.text
    assert made.names("class").count("step came") == 3
    assert made.names("class").count("step never") == len(STEPS_OF_DAEMON_7) - 3
    assert made.names("class").count("harm") == 2
    assert "2. 3.0 ms, launcher: fork: EAGAIN: stuck (shell)" in made.text
    assert {"#c-0-2", "#c-0-3"} <= set(made.links)
    assert "All calls of the start: 4" in made.text


def test_hostile_calls_are_drawn_as_text(page):
    made = page(_traced(HOSTILE))

    _check_contained(made)
    assert "<script>alert(1)</script>" in made.text


def test_documents_without_a_drawable_start_have_a_page(page):
    """Those of 1.0 have no `at` in their points, and no `process` in what calls they have."""
    old = _traced()
    old["schema"] = "daemonspec-run 1.0"
    for one in old["traces"]["d"]:
        for name in ("n", "process", "child"):
            del one[name]
    for sweep in old["sweeps"]:
        for point in sweep["points"]:
            del point["at"]
    SCHEMA.validate(old)

    made = page(old)

    _check_contained(made)
    assert "svg" not in made.tags and "stuck" in made.text


def test_long_starts_stay_small(reported):
    """400 calls of 60 processes, all of which came to harm: the page has ten lanes."""
    made = _traced()
    made["traces"]["d"] = [
        {**_call(1, 0, f"openat /var/lib/some/where/{n} O_RDONLY"), "n": n, "process": n % 60,
         "who": f"process {n % 60}"}
        for n in range(1, 401)
    ]  # fmt: skip
    points = [{**made["sweeps"][0]["points"][0], "n": n, "at": n} for n in range(1, 401)]
    made["sweeps"][0]["points"] = points

    status, text = reported(made)

    assert status == 0 and len(text.encode()) < 300_000
    assert text.count('class="lives"') == 10 and "50 more processes" in text


def test_names_of_a_target_are_text(page, reported):
    """Markup, quotes, newlines and bytes that are no UTF-8, in all that a run can have named."""
    made = _document(
        _verdict(HOSTILE, "FDS-2", "fail", message=HOSTILE, again=HOSTILE),
        _verdict(HOSTILE, "STA-8"),
        sweeps=[{"verdict": f"{HOSTILE}/sysv/STA-8", "attack": HOSTILE, "shape": HOSTILE,
                 "order": HOSTILE, "points": [{"n": 1, "call": HOSTILE, "who": HOSTILE,
                                               "how": HOSTILE, "came": "lie"}]}],
    )  # fmt: skip
    made["clauses"]["FDS-2"]["sources"][0]["link"] = "javascript:alert(1)"
    made["clauses"]["FDS-2"]["why"] = HOSTILE

    for one in (page(made), page(made, copy.deepcopy(made))):
        _check_contained(one)
        assert "<script>alert(1)</script>" in one.text
        assert "\\x1b[31m\\xff" in one.text
    _, text = reported(made, options=["--format=md"])
    assert "<script" not in text and r"\|\`x\`" in text


def test_runs_of_one_target_that_differ_are_marked(page, reported):
    first, second = _sample(), _sample()
    second["verdicts"][0]["outcome"] = "pass"

    made = page(first, second)

    _check_contained(made)
    assert made.text.count("≠") == 3  # two cells, and the legend
    assert "run 1: fail run 2: pass" in made.text
    _, text = reported(first, second, options=["--format=md"])
    assert "* d FDS-2: fail in run 1, pass in run 2" in text


def test_targets_of_one_profile_stand_side_by_side(reported):
    """Units have none of the properties of programs: a row among theirs would be empty."""
    made = _document(
        *(_verdict(name, "UNI-5" if name == "b" else "FDS-2", "pass") for name in "abc")
    )
    made["targets"] = {name: made["targets"][name] for name in "abc"}
    made["targets"]["b"]["profile"] = "unit"

    rows = re.findall(r'<th scope="row">(?:<a [^>]*>)?(\w)', reported(made)[1])

    assert rows == [*"acb", *"ac", "b"], "all, then those of each area"


def test_waived_findings_say_why_and_until_when(page):
    waiver = {"where": "d.toml:7", "reason": "it does <not> wait", "link": "javascript:x",
              "expires": "2027-06-01", "known": ["a"], "new": [], "gone": ["b:c"]}  # fmt: skip

    made = page(_document(_verdict("d", "STA-8", "waived", waiver=waiver, facts=["a"])))

    _check_contained(made)
    for text in ("it does <not> wait", "no longer seen: b:c", "d.toml:7", "2027-06-01"):
        assert text in made.text


def test_run_without_a_verdict_has_a_page(page):
    made = document.new(["pytest"], _sample()["tool"])
    assert page(made).text.startswith("No target was judged")
    assert "Run 1: unfinished." in page(made).text
    document.end(made, 4, "no such <target>")
    assert "Run 1: usage. no such <target>" in page(made).text


def test_one_target_of_several_can_be_chosen(page, reported):
    two = _document(_verdict("a", "FDS-2", "fail"), _verdict("b", "FDS-2"))

    assert page(two, options=["--target=b"]).text.startswith("b: ")
    assert reported(two, options=["--target=c"])[0] == 4


def test_bug_report_is_a_screen_of_text(reported):
    """Whatever the property, and however much was seen."""
    for id in CLAUSES:
        status, text = reported(
            _document(_verdict("d", id, "fail", message="seen this " * 200)),
            options=["--format=bug"],
        )
        lines = text.splitlines()
        assert status == 0 and len(lines) <= 25
        for part in (f"d: {id} ", "pack 1:2-3", "Observed: seen this", f"again-{id}", "Mend: "):
            assert part in text


def test_bug_report_is_about_one_finding(reported):
    status, why = reported(_sample(), options=["--format=bug"])
    assert status == 4 and why.endswith(": FDS-2, UMK-1\n")
    assert reported(_sample(), options=["--format=bug", "--clause=UMK-1"])[0] == 0
    assert reported(_sample(), options=["--format=bug", "--clause=STA-8"])[0] == 4


def _damaged():
    """Yield (what is wrong, bytes of a file)."""
    whole = json.dumps(_sample())
    yield "truncated", whole[:-100].encode()
    yield "empty", b""
    yield "binary", b"\x7fELF\xff\xfe"
    yield "no document", b"[1, 2]"
    yield "another tool's", b'{"created": 1.5, "exitcode": 0, "tests": []}'
    yield "newer", whole.replace("daemonspec-run 1.", "daemonspec-run 7.").encode()
    yield "deep", b"[" * 100_000
    yield "a word alone", b'{"schema": "daemonspec-run 1.0"}'
    for path, value in (("verdicts", 3), ("targets", {}), ("clauses", {}), ("launches", [7])):
        yield path, json.dumps({**_sample(), path: value}).encode()


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in _damaged()])
def test_what_is_no_document_is_refused_in_a_line(data, tmp_path, capsys):
    path, out = tmp_path / "run\n.json", tmp_path / "page.html"
    path.write_bytes(data)

    assert cli.main(["report", str(path), "-o", str(out)]) == 4

    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "run\\n.json: " in said
    assert list(tmp_path.iterdir()) == [path]


def test_files_that_cannot_be_used_are_refused_in_a_line(tmp_path, capsys):
    """The output first: nothing is read for what cannot be written."""
    good = tmp_path / "run.json"
    good.write_text(json.dumps(_sample()))
    for run, out, named in (
        ("missing.json", "there/page.html", "there/page.html"),
        ("missing.json", ".", "."),
        ("missing.json", "page.html", "missing.json"),
        (".", "page.html", "."),
        ("run.json", "run.json", "run.json"),
    ):
        words = [f"{tmp_path}/{run}", "-o", f"{tmp_path}/{out}"]
        assert cli.main(["report", *words]) == 4
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and f"{tmp_path}/{named}: " in said
    assert [one.name for one in tmp_path.iterdir()] == ["run.json"]


def test_only_the_page_needs_jinja(reported, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)

    status, why = reported(_sample())
    assert status == 3 and "pip install 'daemonspec[html]'" in why
    assert reported(_sample(), options=["--format=md"])[0] == 0


def test_pages_stay_small(reported):
    ids = [
        f"{area}-{number}" for area in ("AAA", "BBB", "CCC", "DDD", "EEE") for number in range(22)
    ]
    clause = described(CLAUSES["FDS-2"])
    seen = [{"whose": whose, "what": "what was seen of it", "value": "some value " * 10,
             "launch": None} for whose in ("target", "control")]  # fmt: skip
    points = [{"n": n, "call": "openat /etc/passwd O_RDONLY", "who": "daemon", "how": "EACCES",
               "came": "down"} for n in range(200)]  # fmt: skip

    def judged(name):
        return [
            _verdict(name, id, "fail" if number % 4 == 0 else "pass",
                     message="observed this much of it, " * 10, evidence=seen)
            for number, id in enumerate(ids)
        ]  # fmt: skip

    def made(targets, sweeps):
        verdicts = [one for name in targets for one in judged(name)]
        found = _document(*verdicts, sweeps=[
            {"verdict": f"{name}/sysv/AAA-{number}", "attack": "fails", "shape": "shell",
             "order": "last", "points": points} for name in targets for number in range(sweeps)
        ])  # fmt: skip
        found["clauses"] = {id: clause for id in ids}
        return found

    _, one = reported(made(["d"], 5))
    _, many = reported(made([f"daemon-{n}" for n in range(300)], 0))

    assert len(one) < 300_000 and len(many) < 10_000_000
    assert "daemon-299" in many and "EEE-21" in many


def _broken(value, path=()):
    """Yield copies of a plain value in which one thing is missing or of another type."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield {name: one for name, one in value.items() if name != key}
            for wrong in _broken(inside):
                yield {**value, key: wrong}
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            for wrong in _broken(inside):
                yield [*value[:number], wrong, *value[number + 1 :]]
    yield from (7, "x", None, [], {}, True)


def test_shapes_are_those_of_json_schema():
    """Ours takes and refuses what jsonschema does, whatever is broken in a document."""
    sample = _sample()
    sample["verdicts"] = sample["verdicts"][:1]
    sample["clauses"] = {"FDS-2": sample["clauses"]["FDS-2"]}
    whole = {**sample, "options": {
        "profile": "sysv", "level": "required", "sweep": "20", "time_scale": 1.0, "since": None,
        "clauses": ["TTY"], "keyword": None, "most_failures": 1,
    }}  # fmt: skip
    schema = SCHEMA.schema

    assert SCHEMA.is_valid(whole)
    broken = list(_broken(whole))
    differ = [
        one for one in broken if (shape.fault(one, schema, schema) is None) != SCHEMA.is_valid(one)
    ]
    assert len(broken) > 300 and differ == []


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium, which is not installed")
def test_browser_has_nothing_to_say_of_a_page(reported, tmp_path):
    """The control, a page that loads what its policy forbids, shows that it would say so."""
    status, text = reported(_sample(), _sample())
    assert status == 0
    control = text.replace("</body>", '<img src="http://127.0.0.1:9/x.png"></body>')

    assert "CONSOLE" in _said_by_browser(tmp_path, "control", control)
    assert "CONSOLE" not in _said_by_browser(tmp_path, "page", text)


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium, which is not installed")
def test_findings_are_chosen_with_the_keyboard(reported, tmp_path):
    """Tab reaches the choice of a verdict, an arrow takes the next; links still show their card."""
    _, text = reported(_document(_verdict("d", "STA-8", "fail"), _verdict("d", "FDS-1", "advice")))
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    with Browser(tmp_path / "browser") as browser:
        browser.open(path)
        everything = browser.value(_SHOWN)
        reached = [browser.value(_FOCUSED)]
        while reached[-1] != "Verdict" and len(reached) < 50:
            browser.press("Tab")
            reached.append(browser.value(_FOCUSED))
        browser.press("ArrowRight")
        advice = browser.value(_SHOWN)
        browser.press("ArrowRight")
        fails = browser.value(_SHOWN)
        browser.value("location.hash = '#FDS-1'")
        linked = browser.value(_SHOWN)

    assert everything == linked == ["STA-8", "FDS-1"]
    assert reached[-1] == "Verdict", reached
    assert (advice, fails) == (["FDS-1"], ["STA-8"])


_SHOWN = "[...document.querySelectorAll('.card')].filter(c => c.offsetHeight).map(c => c.id)"
_FOCUSED = "document.activeElement.name || document.activeElement.tagName"


def _said_by_browser(directory, name, text):
    """Return what Chromium logs of a page that it has drawn."""
    path = directory / f"{name}.html"
    path.write_text(text, encoding="utf-8")
    words = [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--enable-logging=stderr", f"--user-data-dir={directory}/{name}",
        f"--print-to-pdf={directory}/{name}.pdf",
        *(["--no-sandbox"] if os.getuid() == 0 else []),
    ]  # fmt: skip
    done = subprocess.run(
        ["chromium", *words, path.as_uri()], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace", timeout=240, check=True,
    )  # fmt: skip
    assert (directory / f"{name}.pdf").stat().st_size > 1000, done.stderr
    return done.stderr
