"""How a daemon that was measured elsewhere becomes a description that the suite can judge.

A recipe is a dict: `name`, `package`, `mode` ("self", "fg" or "wrapper"), `start`, `files`,
`setup` (a command run once in the state directory), `ready` and `serve` (probes, below),
`pidfile`, `stop` (a command, or a signal without its SIG).  `@D@` stands for the state directory.

A probe is `tcp:PORT`, `udp:PORT` or `unix:PATH`, each with `|SEND|EXPECT` where it has more to
say, `file:PATH`, `log:PATH|TEXT` (the file has the text), `sh:COMMAND`, or `proc:NAME`.
"""

import json
import re

from daemonspec.targets import words
from daemonspec.targets.errors import TargetError

_FIELDS = ("start", "setup", "ready", "serve", "stop")


def profile_of(recipe):
    """Return the profile by which a recipe is judged."""
    return "foreground" if recipe["mode"] == "fg" else "sysv"


def description_of(recipe, beside):
    """Return a recipe as the text of a `.toml`.

    beside: the directory of its helper scripts; those that its commands name are written to
    the state directory, where they are run.
    """
    pairs = [
        ("start", _start(recipe)),
        ("prepare", None if _makes_interfaces(recipe) else recipe["setup"]),
        ("pidfile", recipe["pidfile"]),
        ("stop", _stop(recipe["stop"])),
        ("packages", [recipe["package"]]),
    ]
    lines = [f"{key} = {_value(value)}" for key, value in pairs if value is not None]
    for key, text in (("ready", recipe["ready"]), ("serves", recipe["serve"])):
        if table := _probe(text):
            lines += ["", f"[{key}]", *(f"{name} = {_value(one)}" for name, one in table.items())]
    named = " ".join(recipe[key] or "" for key in _FIELDS).split()
    files = {f"@D@/{path}": text for path, text in recipe["files"].items()}
    files |= {
        f"@D@/{one.name}": one.read_text() for one in beside.glob("*.py") if one.name in named
    }
    if files:
        lines += ["", "[files]", *(f"{_value(path)} = {_value(files[path])}" for path in files)]
    return "\n".join(lines) + "\n"


def _value(value):
    """Return a string, or a list of them, as TOML, whose escapes are JSON's."""
    return json.dumps(value, ensure_ascii=False).replace("@D@", "{dir}")


def _makes_interfaces(recipe):
    """Whether its setup makes network interfaces: each world has a network of its own."""
    return bool(re.search(r"\bip link add\b", recipe["setup"] or ""))


def _start(recipe):
    """Return the command line without a shell's operators, but for an `&` at its end."""
    line = recipe["start"]
    body = line.removesuffix("& true").rstrip()  # `true` only gave the prompt back
    background = " &" if body != line else ""
    if _makes_interfaces(recipe):
        return _in_shell(f"{recipe['setup']}; exec {body}") + background
    try:
        words.split(body, recipe["name"])
    except TargetError:
        return _in_shell(f"exec {body}") + background
    return body + background


def _in_shell(line):
    """By bash: dash empties the signal mask that it was started with once it has run a command."""
    return "bash -c '" + line.replace("'", "'\\''") + "'"


def _stop(text):
    return f"SIG{text}" if text.isupper() and text.isalnum() else text


def _probe(text):
    """Return the table of a probe; {} of one that the suite looks for by itself: a process."""
    kind, _, rest = text.partition(":")
    if kind == "proc":
        return {}
    if kind == "sh":
        return {"command": rest}
    where, *said = rest.split("|", 2)
    if kind == "log":
        return {"command": f"grep -q -- '{said[0]}' '{where}'"}
    if kind == "udp" and not any(said):
        # Silence is no answer, and which datagram a server answers is unknown: is it bound?
        return {"command": f"grep -q ':{int(where):04X} ' /proc/net/udp /proc/net/udp6"}
    said = [one.encode().decode("unicode_escape") for one in said]
    table = {kind: f"127.0.0.1:{where}" if kind in ("tcp", "udp") else where}
    return table | {key: one for key, one in zip(("send", "expect"), said, strict=False) if one}
