"""What belongs to a daemon in a world: its files, and what it has below a directory."""

from types import SimpleNamespace

from daemonspec import belongings
from daemonspec.attack.aftermath import Aftermath
from daemonspec.model import Target, Unknown
from daemonspec.world.processes import Descriptor
from daemonspec.world.procfs import File
from inside import shell

NO_CALLS = SimpleNamespace(told=())


def _file(name):
    return File(name, 9, 1, 0, 0)


def test_pidfile_without_a_text_is_no_leftover(world):
    """A start that failed may have created it: the next one takes it, and nobody is named."""
    path = f"{world.paths.state}/pid"
    after = Aftermath(Target("d", ("/bin/true",), "/", pidfile=path), 1.0)

    assert after.files(world, NO_CALLS) == {}
    shell(world, f": > {path}")
    assert after.files(world, NO_CALLS) == {}
    shell(world, f"echo 1 > {path}")
    assert [*after.files(world, NO_CALLS)] == [f"pidfile {path}"]


def test_every_descriptor_below_a_directory_counts():
    table = [Descriptor(number, _file(name), 0) for number, name in
             ((0, "/dev/null"), (3, "/srv/x/a"), (4, "/srv/xy"), (5, "/srv/x"))]  # fmt: skip
    reads = SimpleNamespace(cwd=_file("/"), exe=_file("/srv/x/bin/d"), descriptors=table)
    hides = SimpleNamespace(cwd=_file("/srv/x"), exe=_file("/d"), descriptors=Unknown("hidden"))

    found = belongings.in_directory("/srv/x", [reads, hides])

    assert [one.partition(" of ")[0] for one in found] == [
        "program", "descriptor 3", "descriptor 5", "working directory",
    ]  # fmt: skip
