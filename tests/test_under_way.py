"""What a run says while it goes on: a line that leaves no trace on a screen, few lines in a log."""

import io
import re

import pytest
from _pytest._io.terminalwriter import TerminalWriter

from daemonspec import progress
from daemonspec.report import under_way
from daemonspec.report.terminal import short_label
from running import until

WIDTH = 40


class _File(io.TextIOWrapper):
    """A file that keeps all, and may say that it is a terminal."""

    def __init__(self, path, is_tty):
        super().__init__(path.open("wb", buffering=0), write_through=True)
        self._path, self._is_tty = path, is_tty

    def isatty(self):
        return self._is_tty

    @property
    def text(self):
        """All that was written, by whichever descriptor."""
        return self._path.read_bytes().decode()


class _Seen:
    """What a terminal shows of a text: the few sequences that are used, and nothing else."""

    def __init__(self, text):
        self.rows, self.row, self.column = [""], 0, 0
        for piece in re.findall(r"\x1b\[\d*[A-Za-z]|.", text, re.DOTALL):
            self._take(piece)

    def _take(self, piece):
        if piece == "\n":
            self.row, self.column = self.row + 1, 0
            self.rows += [""] * (self.row + 1 - len(self.rows))
        elif piece == "\r":
            self.column = 0
        elif piece == "\x1b[A":
            self.row -= 1
        elif piece == "\x1b[K":
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif piece.startswith("\x1b") and piece.endswith("G"):
            self.column = int(piece[2:-1]) - 1
        elif not piece.startswith("\x1b"):
            if self.column == WIDTH:
                self._take("\n")
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[: self.column] + piece + line[self.column + 1 :]
            self.column += 1


@pytest.fixture
def writer(monkeypatch, tmp_path):
    """A pytest TerminalWriter on a terminal of 40 columns, in whose file all is kept."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(under_way, "_SCREEN_SECONDS", 0)
    file = _File(tmp_path / "screen", True)
    made = TerminalWriter(file)
    made.fullwidth = WIDTH
    yield made
    file.close()


@pytest.mark.parametrize("before", ["", "..F", "one line\n", "x" * (WIDTH - 1)])
def test_line_leaves_nothing_on_a_screen(writer, before):
    """Whatever pytest had written, and goes on to write, stands there as without the line."""
    screen = under_way._place(writer)
    writer.write(before)
    screen.show("STA-8 [nginx] fails: 1 of 104 starts, and much more than there is room for")
    shown = _Seen(writer._file.text).rows
    screen.show("STA-8 [nginx]")
    writer.write(".a")
    screen.show("SIG-5 [nginx]")
    screen.close()
    writer.write(".\n")

    assert shown[-1] == "STA-8 [nginx] fails: 1 of 104 starts, and much more than"[: WIDTH - 1]
    seen = _Seen(writer._file.text)
    assert seen.rows == _Seen(f"{before}.a.\n").rows


def test_log_gets_few_lines(monkeypatch, tmp_path):
    """None where all goes quickly, and then one in 20 seconds."""
    clock = [100.0]
    monkeypatch.setattr(under_way.time, "monotonic", lambda: clock[0])
    file = _File(tmp_path / "log", False)
    writer = TerminalWriter(file)
    log = under_way._place(writer)
    for second in range(60):
        clock[0] = 100.0 + second
        log.show(f"STA-8 [d] fails: {second} of 60 starts")
        if second in (10, 30):
            writer.write(".")
    log.close()

    assert writer._file.text.split("\n") == [
        ".", "... 20 s: STA-8 [d] fails: 20 of 60 starts",
        ".", "... 40 s: STA-8 [d] fails: 40 of 60 starts", "",
    ]  # fmt: skip


def test_what_is_counted_comes_first():
    told = under_way.Told()
    for node in ("a", "b"):
        told.begin(node, f"ID-{node} [\x1b[2J]")
    told.note("b", "hung up", 3, 19)
    told.note("gone", "hung up", 3, 19)

    assert told.text == "ID-b [\\x1b[2J] hung up: 3 of 19 starts, ID-a [\\x1b[2J]"
    told.end("b")
    assert told.text == "ID-a [\\x1b[2J]"


def test_workers_are_heard():
    """Who does not know the token is not, nor is what cannot be read."""
    heard = []
    post = under_way._Post(lambda *words: heard.append(words))
    stranger = under_way.Teller((post.address[0], "no token"))
    teller = under_way.Teller(post.address)
    try:
        stranger.pytest_runtest_logstart("x")
        stranger._send("lies", 1, 1)
        for words in (b"", b"7", b"\xff", b"{}"):
            teller._socket.sendto(words, f"\0{post.address[0]}")
        teller.pytest_runtest_logstart("suites/x.py::test_y[d]")
        progress.tell("hung up", 3, 19)

        until(lambda: heard, 10.0, "nothing was heard")
    finally:
        progress.hear(progress.nobody)
        post.close()
        stranger.pytest_unconfigure()
    progress.tell("to nobody", 1, 1)
    teller._send("hung up", 4, 19)
    teller.pytest_unconfigure()
    assert heard == [("suites/x.py::test_y[d]", "hung up", 3, 19)]


def test_short_labels():
    assert short_label("suites/test_terminal.py::test_survives_hangup[d e+hangups+x]").endswith(
        " [d e]"
    )
    assert short_label("no check") == "no check"
