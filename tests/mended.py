"""A pytest plugin for the self-tests: judges beside controls that have no defect.

    pytest -p mended [--controls=NAME] [--pass-over]

The embedded programs that show a defect are replaced by the target itself, plain `cmd &` by a sleep
that became a daemon, and no key is typed.  Such a control proves nothing: each check has to say so.
With --pass-over a check goes on where it said so, and the evidence tells at which `assume`.

--controls=NAME puts that embedded target in the place of the programs, and mends nothing else.
"""

import inspect
import sys
from dataclasses import replace
from pathlib import Path

from daemonspec import check_fixtures, control, subjects, verdicts
from daemonspec.attack import attack
from daemonspec.clauses import clause_of
from daemonspec.experiments import keyboard
from daemonspec.targets import embedded, resolve
from daemonspec.world import processes
from daemonspec.world.launch import NOTHING_INHERITED
from daemonspec.world.world import GaveUp

PASSED_OVER = "assume passed over"
_OF_MUTANTS = ("mutants", "units", "scripts")  # directories
_MARK = "86396"  # seconds: a number that nothing else sleeps for

# What plain `cmd &` is not.  It tells by its end that it is there.
_DAEMON = f"""\
import os, signal, time
signal.pthread_sigmask(signal.SIG_SETMASK, ())
for number in signal.valid_signals() - {{signal.SIGKILL, signal.SIGSTOP, 32, 33}}:
    signal.signal(number, signal.SIG_DFL)
for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
there, here = os.pipe()
if os.fork():
    os.close(here)
    os.read(there, 1)
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
os.chdir("/")
os.umask(0)
null = os.open("/dev/null", os.O_RDWR)
for number in (0, 1, 2):
    os.dup2(null, number)
os.closerange(3, here)
os.closerange(here + 1, 1 << 16)
os.close(here)
time.sleep({_MARK})
"""


def pytest_addoption(parser):
    parser.addoption("--pass-over", action="store_true", help="go on after a failed assume")
    parser.addoption("--controls", default=None, metavar="NAME", help="what the controls are")


def pytest_configure(config):
    (target,) = config.option.target
    _replace_programs(config.option.controls or target, Path(config.invocation_params.dir))
    if config.option.controls is None:
        _mend_the_detaching_one()
        _mend_plain()
        _shorten_sweeps()
        keyboard._script_feels = keyboard._shows = _feels_one_key


def _replace_programs(text, directory):
    load = embedded.load

    def replaced(name):
        if name == text or embedded.names()[name].parent.name not in _OF_MUTANTS:
            return load(name)
        return replace(resolve(text, directory), name=name)

    embedded.load = replaced


def _mend_the_detaching_one():
    """The reference without --foreground is PAR-3's control: give it the option."""
    with_defect = check_fixtures.Controls.with_defect

    def started(self, name, stays=False):
        if not stays:
            return with_defect(self, name)
        target = embedded.load(name)
        target = replace(target, profile="foreground", start=target.foreground)
        line = self.laboratory.line(target)
        self._lines.append(line)
        return subjects.Daemon(self.laboratory.start(line, target, whose="control"), "control")

    check_fixtures.Controls.with_defect = started


def _shorten_sweeps():
    """A control is disturbed until it shows its defect, which these never do."""
    chosen = attack.Attack._chosen

    def few(self, *plan):
        return chosen(self, *plan)[: 5 if self.whose == "control" else None]

    attack.Attack._chosen = few


def _mend_plain():
    def start(self, line, inherited=NOTHING_INHERITED):
        self.line = line
        self.world = line.world
        self.launch = line.start(self.WORDS, inherited, background=True, kind="control")
        self.launch.status = 0
        self.world.poll_for(lambda: _marked(self.world), 10.0, "HARNESS: no mended control")
        self.world.settle()
        self.process = _marked(self.world)
        self.pid = self.process.pid

    control.Control.WORDS = (sys.executable, "-I", "-S", "-c", _DAEMON)
    control.Control.__init__ = start


def _feels_one_key(_, key, *word):
    """A witness that feels the first key, and none after it; nothing is typed."""
    if key != "^C":
        raise GaveUp("no key was typed")
    return "the witness felt it"


def _marked(world):
    """Return the process of _DAEMON that stays, or None."""
    found = [one for one in processes.look(world) if one.alive and _MARK in one.command]
    return next((one for one in found if one.stat.ppid == world.reaper), None)


def pytest_collection_modifyitems(config, items):
    if config.option.pass_over:
        for module in {item.module for item in items if clause_of(item.function)}:
            module.assume = _note


def _note(ok, message, code="control"):
    """As `assume`, but say where it would have ended the check, and go on."""
    if not ok:
        line = inspect.currentframe().f_back.f_lineno
        verdicts.record().see("control", PASSED_OVER, f"{line}: {message}")
