# ruff: noqa: E501
"""Targets and descriptions that cannot be used: one line each, which says where and what to do.

They are read in this process: test_bad_input.py shows that a run ends with status 4 and that line.
"""

import os
import socket

import pytest

from daemonspec.targets import TargetError, resolve

SYNTAX = "is shell syntax; put the line into: sh -c '...'"
NOT_REGULAR = "is no program: it is no regular file"
NO_SUCH = "and no embedded target of that name"

# What stands after --target, and what is said of it.
TARGETS = {
    "": "--target= is empty; give a program",
    " \t": "--target= is empty",
    "''": "no command",
    "'' -d": "no command",
    "&": "no command",
    "./fifo": f"{{place}}/fifo {NOT_REGULAR}",
    "./sock": f"{{place}}/sock {NOT_REGULAR}",
    "/dev/null": f"/dev/null {NOT_REGULAR}",
    "./directory": "{place}/directory is a directory; name the program in it",
    "/": "/ is a directory; name the program in it",
    ".": "no program '.' in PATH",
    "./broken": "{place}/broken is a symbolic link to nowhere, which does not exist",
    "./loop": "{place}/loop: Too many levels of symbolic links",
    "./script/x": "{place}/script/x: Not a directory",
    "./scrpit": "{place}/scrpit does not exist; did you mean script?",
    "./not-executable": "not executable; try: chmod +x {place}/not-executable",
    "script.sh": "did you mean ./script.sh?",
    "./" + 300 * "x": "File name too long",
    "./" + 3000 * "x/": "File name too long",
    5000 * "x": NO_SUCH,
    "a\0b": "a NUL character: no path or command line can have one",
    "a\0.toml": "a NUL character",
    "./\udcff": "{place}/\\udcff does not exist",
    "./a\nb": "{place}/a does not exist",
    "./a\x1b[31m": "\\x1b[31m",
    "~/no/such/program": "/no/such/program does not exist",
    "referense": f"{NO_SUCH}; did you mean reference?",
    "$HOME": NO_SUCH,
    "-x": f"no program '-x' in PATH, {NO_SUCH}",
    "./script.service": "no file script.service in {place}",
    "nosuch.service": "no file nosuch.service in /etc/systemd/system",
    "nosuch.socket": "no file nosuch.service in",
    "./script;": f"';' {SYNTAX}",
    "./script; ./script": f"';' {SYNTAX}",
    "./script && ./script": f"'&&' {SYNTAX}",
    "./script & &": f"'&' {SYNTAX}",
    "./script|cat": f"'|' {SYNTAX}",
    "./script 2>x": f"'>' {SYNTAX}",
    "<x ./script": f"'<' {SYNTAX}",
    "$(x)": f"'(' {SYNTAX}",
    "./script 'a": "No closing quotation",
    './script --x="a': "No closing quotation",
    "./script \\": "No escaped character",
    "nothing.toml": "{place}/nothing.toml: No such file or directory",
    "fifo.toml": "{place}/fifo.toml: is no regular file; a description is one",
    "zero.toml": "{place}/zero.toml: is no regular file",
    "directory.toml": "{place}/directory.toml: Is a directory",
    "loop.toml": "{place}/loop.toml: Too many levels of symbolic links",
}

# The words of command lines that look like shell syntax, and are none.
LEGAL = {
    r"./script -exec a \;": ("-exec", "a", ";"),
    r"./script a\&b": ("a&b",),
    "./script --x='a|b'": ("--x=a|b",),
    './script --x="a;b"y z': ("--x=a;by", "z"),
    "./script 'it is' \"(so)\"": ("it is", "(so)"),
    r'./script "a\"b"': ('a"b',),
    "./script -d &": ("-d",),
    "./script -d&": ("-d",),
}

START = "start = 'sleep 99 &'\n"
KEYS = ("start", "foreground", "prepare", "before", "pidfile", "stop", "exercise")

# Descriptions, and what is said of them behind the name of the file.
DESCRIPTIONS = {
    "utf-16": (b"\xff\xfes\x00", ": not UTF-8 at byte 0"),
    "byte order mark": (b"\xef\xbb\xbfstart = 'x'", ", line 1: not TOML"),
    "nul": ("start = 'a\0b'", ", line 1: not TOML"),
    "deep": ("start = " + 100_000 * "[", ": nested too deep for a description"),
    "deep and closed": ("a = " + 100_000 * "[" + 100_000 * "]", ": nested too deep"),
    "long number": ("start = " + 5000 * "9", ": a number that is longer than any key takes"),
    "10 MB": ("start = '" + 10_000_000 * "x" + "'", ": longer than 1 MiB; is it a description?"),
    "long value": ("start = '" + 900_000 * "x" + "'", ", line 1, start: longer than 65536"),
    "twice": (START + START, ", line 2: not TOML: Cannot overwrite a value"),
    "table twice": (START + "[ready]\n[ready]\n", ", line 3: not TOML"),
    "unclosed": ("start = 'sleep", ", line 1: not TOML"),
    "unclosed lines": ("start = '''sleep\n\n", ", line 3: not TOML"),
    "escape": ('start = "\\z"', ", line 1: not TOML"),
    "date": ("start = 2026-13-01\n", ", line 1: not TOML"),
    "word": ("start = sleep\n", ", line 1: not TOML"),
    "colon": ("start: sleep\n", ", line 1: not TOML"),
    "html": ("<!DOCTYPE html>\n", ", line 1: not TOML"),
    "ini": ("[Unit]\nDescription=x\n[Service]\n", ", line 2: not TOML"),
    "empty key": (START + "'' = 1\n", ", line 2, : unknown key"),
    "capital": ("Start = 'x'\n", ", line 1, Start: unknown key; did you mean start?"),
    "near key": (START + "pidfiel = 'x'\n", ", line 2, pidfiel: unknown key; did you mean pidfile?"),
    "near table": (START + "[serve]\ntcp = 'x'\n", ", line 2, serve: unknown key; did you mean ser"),
    "far key": (START + "qqqq = 1\n", ", line 2, qqqq: unknown key; allowed are start, "),
    "dotted": ("start.command = 'x'\n", ", line 1, start: must be a string, not {{'command': 'x'}}"),
    "ready text": (START + "ready = 'tcp'\n", ", line 2, ready: must be a table, not 'tcp'"),
    "ready tables": (START + "[[ready]]\nfile = '/x'\n", ", line 2, ready: must be a table"),
    "files text": (START + "files = '/x'\n", ", line 2, files: must be a table, not '/x'"),
    "packages text": (START + "packages = 'x'\n", ", line 2, packages: must be a list"),
    "packages table": (START + "packages = [['x']]\n", ", line 2, packages: must be a list of str"),
    "content list": (START + "[files]\n'/x' = ['a']\n", ", line 3, /x: the content of a file must"),
    "content missing": (START + "[files]\n'/x' = {mode = '0644'}\n", ", line 3, /x: the content"),
    "mode number": (
        START + "[files]\n'/x' = {content = '', mode = 600}\n",
        ", line 3, /x: mode must be a string such as \"0600\", not 600",
    ),
    "mode word": (START + "[files]\n'/x' = {content='', mode='rw'}\n", "such as \"0600\", not 'rw'"),
    "mode 8": (START + "[files]\n'/x' = {content='', mode='0888'}\n", "such as \"0600\", not '0888'"),
    "mode long": (START + "[files]\n'/x' = {content='', mode='77777'}\n", "not '77777'"),
    "file key": (
        START + "[files]\n'/x' = {content='', owner='me'}\n",
        ", line 3, /x: unknown key 'owner'; allowed are content, mode",
    ),
    "file table": (
        START + "[files.'/x']\ncontent=1\n",
        ", line 2, /x: the content of a file must be a string",
    ),
    "home file": (START + "[files]\n'~/x' = ''\n", ", line 3, ~/x: must be an absolute path"),
    "dir alone": (START + "[files]\n'{dir}' = ''\n", "must be an absolute path, or begin with {{dir"),
    "pidfile relative": (START + "pidfile = './x'\n", ", line 2, pidfile: must be an absolute path"),
    "pidfile empty": (START + "pidfile = ''\n", ", line 2, pidfile: must be an absolute path"),
    "stop empty": (START + "stop = ''\n", ", line 2, stop: no command"),
    "stop kill": (START + "stop = 'SIGKILL'\n", ", line 2, stop: SIGKILL asks for nothing"),
    "stop stop": (START + "stop = 'SIGSTOP'\n", ", line 2, stop: SIGSTOP asks for nothing"),
    "stop near": (START + "stop = 'SIGTREM'\n", ", line 2, stop: SIGTREM is no signal"),
    "stop word": (START + "stop = 'TERM'\n", ", line 2, stop: no program 'TERM' in PATH"),
    "before missing": (START + "before = 'nosuchip'\n", ", line 2, before: no program 'nosuchip'"),
    "before quote": (START + "before = \"'ip\"\n", ", line 2, before: No closing quotation"),
    "exercise empty": (START + "exercise = ' '\n", ", line 2, exercise: no command"),
    "foreground pipe": (START + "foreground = 'sleep 1|cat'\n", ", line 2, foreground: '|' is shell"),
    "foreground missing": (START + "foreground = './no'\n", ", line 2, foreground: {place}/no does"),
    "start directory": ("start = './directory'\n", ", line 1, start: {place}/directory is a direct"),
    "start fifo": ("start = './fifo -d'\n", ", line 1, start: {place}/fifo is no program"),
    "start home": ("start = '~nobody-here/x'\n", ", line 1, start: {place}/~nobody-here/x does not"),
    "program word": ("start = '{program} -d'\n", ", line 1, start: {{program}} is a word of embedded"),
    "nohup nothing": ("start = 'nohup nosuch'\n", ", line 1, start: no program 'nosuch' in PATH"),
    "made without prepare": ("start = '{dir}/x'\n", "/{{dir}}/x does not exist"),
    "tcp number": (START + "[ready]\ntcp = 80\n", ", line 3, tcp: in [ready] must be a string"),
    "tcp port 0": (START + "[ready]\ntcp = 'a:0'\n", ", line 3, tcp: in [ready] must be HOST:PORT"),
    "tcp port -1": (START + "[ready]\ntcp = 'a:-1'\n", "must be HOST:PORT, not 'a:-1'"),
    "tcp port alone": (START + "[ready]\ntcp = ':80'\n", "must be HOST:PORT, not ':80'"),
    "notify text": (START + "notify = 'yes'\n", ", line 2, notify: must be true or false, not 'yes'"),
    "watchdog text": (START + "notify = true\nwatchdog = 1\n", ", line 3, watchdog: must be true or false, not 1"),
    "watchdog alone": (START + "watchdog = true\n", ", line 2, watchdog: goes with `notify = true`"),
    "reload alone": (START + "reload = 'SIGHUP'\n", ", line 2, reload: goes with `notify = true`"),
    "reload signal": (START + "notify = true\nreload = 'SIGHUPP'\n", ", line 3, reload: SIGHUPP is no signal"),
    "sockets list": (START + "sockets = ['/x']\n", ", line 2, sockets: must be a table"),
    "sockets number": (START + "[sockets]\na = 1\n", ", line 3, a: in [sockets] must be a string, not 1"),
    "sockets name": (START + "[sockets]\n'a:b' = '/x'\n", ", a:b: a socket's name has no space and no colon"),
    "sockets port": (START + "[sockets]\na = 'b'\n", ", line 3, a: in [sockets] must be HOST:PORT, not 'b'"),
    "sockets dots": (START + "[sockets]\na = '/x/../y'\n", ", line 3, a: must have no '..' in its path"),
    "sockets long": (START + f"[sockets]\na = '/{107 * 'x'}'\n", ", line 3, a: in [sockets] is longer than"),
    "tcp empty": (START + "[ready]\ntcp = ''\n", "must be HOST:PORT, not ''"),
    "probe near": (START + "[ready]\ntpc = 'a:1'\n", ", line 3, tpc: unknown key in [ready]"),
    "probe empty": (START + "[serves]\n", ", line 2, serves: needs exactly one of tcp, udp"),
    "probe command": (START + "[serves]\ncommand = ''\n", ", line 3, command: no command"),
    "send number": (START + "[serves]\ntcp = 'a:1'\nsend = 1\n", ", line 4, send: in [serves] must"),
} | {f"{key} is a number": (START * (key != "start") + f"{key} = 7\n", ": must be a string, not 7")
     for key in KEYS} | {
    f"{key} is a list": (START * (key != "start") + f"{key} = ['a']\n", ": must be a string, not ['a'")
    for key in KEYS
} | {
    f"{key} is true": (START * (key != "start") + f"{key} = true\n", ": must be a string, not True")
    for key in KEYS
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory with everything that is no program."""
    directory = tmp_path_factory.mktemp("mistakes")
    for name in ("directory", "directory.toml"):
        (directory / name).mkdir()
    for name in ("fifo", "fifo.toml"):
        os.mkfifo(directory / name)
    for name, to in (("broken", "nowhere"), ("loop", "loop"), ("loop.toml", "loop.toml"),
                     ("zero.toml", "/dev/zero")):  # fmt: skip
        (directory / name).symlink_to(to)
    (directory / "not-executable").write_text("#!/bin/sh\n")
    for name in ("script", "script.sh"):
        (directory / name).write_text("#!/bin/sh\n")
        (directory / name).chmod(0o755)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(directory / "sock"))
    return directory


def _refused(text, place):
    with pytest.raises(TargetError) as refused:
        resolve(text, place)
    said = str(refused.value)
    assert said.isprintable() and len(said) < 1100
    assert "Errno" not in said
    return said


@pytest.mark.parametrize("text", TARGETS, ids=lambda text: ascii(text)[:30])
def test_target_is_refused(text, place):
    """Whatever stands there: what is said of it can be printed, and is short."""
    assert TARGETS[text].replace("{place}", str(place)) in _refused(text, place)


@pytest.mark.parametrize("text", LEGAL)
def test_words_are_those_of_a_shell(text, place):
    """What is quoted is no operator, wherever the quote begins."""
    target = resolve(text, place)

    assert target.start == (str(place / "script"), *LEGAL[text])
    assert target.background == text.endswith("&")


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_description_is_refused(name, place):
    """The file first, so that an editor can go there; then line and key where there are any."""
    text, said = DESCRIPTIONS[name]
    path = place / "description.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    refused = _refused(str(path), place)

    assert refused.startswith(f"{path}")
    assert said.replace("{place}", str(place)).replace("{{", "{").replace("}}", "}") in refused


def test_program_may_be_made_by_what_is_declared(place):
    """By `prepare`, by `before` or as one of the files: it is looked for when it is started."""
    for making in ("prepare = 'true'", "before = 'true'", "[files]\n'{dir}/made' = ''"):
        path = place / "made.toml"
        path.write_text(f"start = '{{dir}}/made -d'\n{making}\n")

        assert resolve(str(path), place).start == ("{dir}/made", "-d")
