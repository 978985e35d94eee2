"""`daemonspec harden` finds what a unit survives, and what it does not."""

import pytest

from daemonspec.hardening.directives import CAPABILITIES, SECCOMP, Directive, lines
from daemonspec.hardening.page import page
from daemonspec.hardening.trial import Hardened, Tried, harden
from daemonspec.laboratory import Laboratory, Settings
from daemonspec.start import NotStarted
from daemonspec.targets import resolve
from daemonspec.verdicts import Unsupported
from running import ROOT

FAMILIES = Directive("RestrictAddressFamilies", ("AF_UNIX", "AF_UNIX AF_INET"), SECCOMP)
BOUNDING = Directive("CapabilityBoundingSet", ("", "CAP_CHOWN"), CAPABILITIES)


def test_filter_that_takes_away_again_is_two_lines():
    """A `~` inverts a whole line (systemd.exec(5), SystemCallFilter=)."""
    one = Directive("SystemCallFilter", ("@system-service ~@privileged",), SECCOMP)

    assert lines(one, one.values[0]) == [
        "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged",
    ]  # fmt: skip
    assert lines(BOUNDING, "") == ["CapabilityBoundingSet="]


def test_page_is_a_drop_in_with_comments():
    kept = Tried(FAMILIES, ("RestrictAddressFamilies=AF_UNIX",), "")
    lost = Tried(BOUNDING, ("CapabilityBoundingSet=",), "it is failed\nCould not chown")
    found = Hardened(
        "x.service", (kept,), (lost,), ("PrivateTmp",), (), "start, stop", False, "9", "8"
    )

    text = page(found)

    settings = [line for line in text if line and not line.startswith("#")]
    assert settings == ["[Service]", "RestrictAddressFamilies=AF_UNIX"]
    said = " ".join(line.removeprefix("#").strip() for line in text)
    assert "Does not survive: CapabilityBoundingSet=: it is failed Could not chown" in said
    assert "Set by the unit: PrivateTmp." in said and "Done with it each time: start, stop." in said
    assert "IT WAS NOT MADE TO WORK" in said
    assert max(map(len, text)) <= 80


# Needs a TCP socket, a capability and a directory that two of the directives take away.
NEEDY = """\
[Service]
Type=notify
NotifyAccess=all
LockPersonality=yes
ExecStart=/bin/sh -c 'touch /usr/needy && chown 1 /usr/needy && exec {python}'
"""
SERVES = (
    '{python} -ISBc "import os, socket; s = socket.create_server((\\\\"127.0.0.1\\\\", 9556));'
    " n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
    ' n.sendto(b\\\\"READY=1\\\\", os.environ[\\\\"NOTIFY_SOCKET\\\\"]);'
    ' [s.accept() for _ in iter(int, 1)]"'
)


def test_what_a_unit_needs_is_not_taken_from_it(containment, tmp_path, monkeypatch):
    """And what it does not need is: the rest of the list is left out, for it takes time."""
    import sys

    from daemonspec.hardening import trial

    tried = ("ProtectSystem", "RestrictAddressFamilies", "CapabilityBoundingSet", "RemoveIPC",
             "LockPersonality")  # fmt: skip
    wanted = tuple(one for one in trial.DIRECTIVES if one.name in tried)
    monkeypatch.setattr(trial, "DIRECTIVES", wanted)
    (tmp_path / "needy.service").write_text(
        NEEDY.replace("{python}", SERVES.replace("{python}", sys.executable))
    )
    laboratory = Laboratory(Settings(containment))
    try:
        found = harden(laboratory, resolve("./needy.service", tmp_path), "test -e /usr/needy")
    except Unsupported as why:
        pytest.skip(str(why))
    finally:
        laboratory.close()

    kept = [line for one in found.kept for line in one.lines]
    assert [one.lines for one in found.lost] == [("ProtectSystem=yes",)], found
    assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6" in kept
    assert "RemoveIPC=yes" in kept and found.has == ("LockPersonality",)
    assert [one for one in kept if "CAP_CHOWN" in one]
    assert (found.unproven, found.exercised) == (
        (), "start, a connection to each of 1 TCP sockets, `test -e /usr/needy`, stop",
    )  # fmt: skip


def test_exercise_that_fails_by_itself_is_refused(containment):
    """Else every directive would be to blame."""
    laboratory = Laboratory(Settings(containment))
    try:
        with pytest.raises(NotStarted, match="the exercise ended with status 3"):
            harden(laboratory, resolve("reference.service", ROOT), "exit 3")
    except Unsupported as why:
        pytest.skip(str(why))
    finally:
        laboratory.close()
