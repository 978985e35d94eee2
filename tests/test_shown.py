"""What a target prints, and what it is called, harms no reader: not a terminal, a file, a page."""

import pytest

from daemonspec import shown
from daemonspec.shown import hidden, printable

HARMFUL = {
    "escape sequence": ("\x1b[2J", "\\x1b[2J"),
    "clipboard (OSC 52)": ("\x1b]52;c;aGFja2Vk\x07", "\\x1b]52;c;aGFja2Vk\\x07"),
    "C1 control": ("\x9b31m", "\\x9b31m"),
    "carriage return": ("conforms\rfails", "conforms\\rfails"),
    "bidi override": ("\u202egpj.exe", "\\u202egpj.exe"),
    "zero width": ("a\u200bb", "a\\u200bb"),
    "no UTF-8": ("\udcff\udc80", "\\xff\\x80"),
    "lone surrogate": ("\ud800", "\\ud800"),
    "NUL": ("\0", "\\x00"),
}
SAID = "".join(raw for raw, _ in HARMFUL.values() if raw.isascii() or "\u200b" in raw)


@pytest.mark.parametrize("kind", HARMFUL)
def test_harmful_is_escaped(kind):
    """Once is enough, and twice changes nothing."""
    raw, seen = HARMFUL[kind]

    assert printable(raw) == seen
    assert printable(seen) == seen


def test_harmless_is_kept():
    """Letters of every script, lines and tabs."""
    text = "Größe\t日本語 😀\nנמל 80"

    assert printable(text) == text


def test_long_is_cut():
    """The beginning and the end are kept, and how much is missing is said."""
    assert printable("a" * 600 + "b" * 600, 100) == (
        f"{'a' * 50} [... 1100 characters left out ...] {'b' * 50}"
    )


@pytest.fixture
def secrets(monkeypatch):
    """An environment with secrets."""
    monkeypatch.setenv("MY_API_TOKEN", "t0ken-of-mine")
    monkeypatch.setenv("my_password", "short")
    monkeypatch.setenv("SSH_KEY", "-----BEGIN-----\nbase64base64\n-----END-----")
    shown._secrets.cache_clear()
    yield
    shown._secrets.cache_clear()


def test_secret_is_hidden_in_any_text(secrets):
    """Its value, or a line of it, whoever printed it; short ones would hide what is no secret."""
    text = "it said: token t0ken-of-mine, key base64base64, short"

    assert shown.shown(text) == "it said: token (hidden), key (hidden), short"


def test_secret_is_hidden_in_an_environment(secrets):
    """By its name; another value that has it in it shows the rest."""
    environment = {"my_password": "short", "DB_PassWd": "x", "URL": "u:t0ken-of-mine@h", "A": "b"}

    assert hidden(environment) == {
        "my_password": "(hidden)", "DB_PassWd": "(hidden)", "URL": "u:(hidden)@h", "A": "b",
    }  # fmt: skip
