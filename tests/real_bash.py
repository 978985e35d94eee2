"""Real bash in the place of the stand-in shell of a conducted start.

Loaded into a fork server, see boot(): whatever a world of that server starts as a shell's job is
typed at the prompt of an interactive bash, behind a trampoline that makes its calls wait from exec
on.  The conductor is the usual one; what the stand-in would tell it is read from the terminal.
"""

import _signal
import fcntl
import os
import re
import select
import shlex
import struct
import sys
import termios
import time

import daemonspec
from daemonspec.inside import child, conductor, pty, starts, warden, wire
from daemonspec.inside.answers import answer
from daemonspec.inside.job import Job

ARGV = ("/bin/bash", "--norc", "--noprofile", "-i")
# The prompt says how the last command ended or stopped, and how many jobs there are: bash(1).
PROMPT = re.compile(rb"\[bash says status=(\d+) jobs=(\d+)\] ")
_SURROUNDINGS = {
    "PS1": r"[bash says status=$? jobs=\j] ",
    "TERM": "dumb",
    "INPUTRC": "/dev/null",
    "HISTFILE": "",
}
_SECONDS = 20.0  # much longer than bash takes for anything, however busy the machine is

# Typed as `conducted NUMBER COMMAND`, NUMBER being a descriptor that bash hands on.
_TRAMPOLINE = """\
#!{python} -ISB
import sys
package = type(sys)("daemonspec")
package.__path__ = {package!r}
sys.modules["daemonspec"] = package
from daemonspec.inside import child, wire
told = wire.Wire.adopt(int(sys.argv[1]))
spec, _ = told.receive()
child.become({{**spec, "argv": sys.argv[2:]}}, (), told)
"""


class GaveUp(Exception):
    """Bash did not do in time what was waited for; the text quotes what it showed last."""


def boot(text):
    """Return the text that boots a fork server, changed: all its conducted shells are bash."""
    tests = os.path.dirname(os.path.abspath(__file__))
    ours = f"sys.path.append({tests!r})\nimport real_bash\nreal_bash.install()\n"
    return text.replace("sys.exit(", ours + "sys.exit(")


def install():
    """Have all worlds of this process conduct a shell's job under bash."""
    warden.Starts = _Starts


class _Starts(starts.Starts):
    @answer
    def conduct(self, spec, fds=()):
        """As ever, but a shell's job is typed at the prompt of bash."""
        if not spec["shell"]:
            return super().conduct(spec, fds)
        line = pty.Pty(24, 80)
        heard, told = wire.Wire.pair()
        pid = os.fork()
        if not pid:
            heard.close()
            os.close(line.master)
            _become_bash(line.path, spec["environment"], told, self._warden)
        number = told.fileno()  # in bash too
        told.close()
        _wait_until(line, lambda: PROMPT.search(line.said), "no prompt")
        heard.send(spec)
        words = [self._trampoline(), str(number), *spec["argv"]]
        os.write(line.master, " ".join(map(shlex.quote, words)).encode() + b"\n")
        _wait_until(line, lambda: _is_readable(heard), "no word of the trampoline", heard)
        (kind, details), listener = heard.receive()
        if kind == "failed":
            raise OSError(*details)
        job = _Job(details["pid"], pid, heard, self._warden.children, line)
        self.conductor = _Conductor(job, *listener, line, self._warden)
        return pid, details

    def _trampoline(self):
        path = f"{self._warden.paths.home}/conducted"
        text = _TRAMPOLINE.format(python=sys.executable, package=list(daemonspec.__path__))
        self._warden.files.write(path, text.encode(), 0o755)
        return path


def _become_bash(terminal, environment, told, parent):
    """Lead the terminal's session, as a login shell does; the Wire is for the job."""
    try:
        child.forget(parent)
        os.setsid()
        child.take_terminal(terminal)
        os.set_inheritable(told.fileno(), True)
        for number in (_signal.SIGPIPE, _signal.SIGXFSZ):  # ignored by Python; a job inherits it
            _signal.signal(number, _signal.SIG_DFL)
        os.execve(ARGV[0], ARGV, {**environment, **_SURROUNDINGS})
    finally:
        os._exit(126)


class _Job(Job):
    """Knows by bash's prompt that the job has ended, and how, or stopped.

    Where the hangup killed bash first the launcher is the warden's child, as it is with the
    stand-in, and the status is the kernel's.
    """

    def __init__(self, launcher, stand_in, told, children, line):
        super().__init__(launcher, stand_in, told, children)
        self._line = line
        self._has_prompted = False  # since the job got the terminal
        self._read_to = len(line.said)

    def take_in(self, ready):
        any = super().take_in(ready)
        return self._take_in_prompt() or any

    def _take_in_prompt(self):
        """Take in the next prompt; one after a key at an empty prompt says nothing of the job."""
        found = PROMPT.search(self._line.said, self._read_to)
        if not found:
            return False
        self._read_to = found.end()
        if not self._has_prompted:
            self._has_prompted = True
            status, jobs = map(int, found.groups())
            self.stopped = jobs > 0
            if not self.stopped:
                self.status = status - 128 if status > 128 else status << 8
        return True

    def wait_for_prompt(self):
        """Wait for the prompt where it is bash's turn.

        What bash wrote before it came to rest is brought to the master by a kworker.
        """
        if not self._has_prompted and self._is_bashs_turn():
            _wait_until(self._line, self._take_in_prompt, "bash has the terminal, and no prompt")

    def _is_bashs_turn(self):
        if self._line.master is None or self.stand_in in self._children.gone:
            return False
        packed = fcntl.ioctl(self._line.master, termios.TIOCGPGRP, b"\0" * 4)
        return struct.unpack("=i", packed)[0] == self.stand_in

    def go_on(self):
        """Type `fg`; once bash has echoed the return key it has the line, and is not at rest."""
        self.stopped = self._has_prompted = False
        mark = len(self._line.said)
        os.write(self._line.master, b"fg\n")
        _wait_until(self._line, lambda: b"fg\r\n" in self._line.said[mark:], "no echo of `fg`")


class _Conductor(conductor.Conductor):
    """At rest is who has shown its prompt, too."""

    def _rest(self):
        super()._rest()
        self.job.wait_for_prompt()


def _wait_until(line, condition, what, beside=None):
    """Wait until the condition holds, asked whenever the terminal shows more.  Raises GaveUp."""
    sources = [line.master] if beside is None else [line.master, beside]
    deadline = time.monotonic() + _SECONDS
    while True:
        line.read()
        if condition():
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise GaveUp(f"{what} within {_SECONDS:g} s; last shown: {bytes(line.said[-300:])}")
        select.select(sources, (), (), left)


def _is_readable(source):
    return bool(select.select([source], (), (), 0)[0])
