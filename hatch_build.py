"""Hatch's hook: the manual page and the completion, made when the wheel is built."""

import os
import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PLACES = {
    "man_page": "share/man/man1/daemonspec.1",
    "bash_completion": "share/bash-completion/completions/daemonspec",
}


class CustomBuildHook(BuildHookInterface):
    """Adds what daemonspec.manual makes to the wheel's shared data."""

    def initialize(self, version, build_data):
        os.environ["COLUMNS"] = "80"  # argparse's help is as wide as the builder's terminal
        sys.path.insert(0, str(Path(self.root) / "fixtures"))
        from daemonspec import manual

        self._made = tempfile.TemporaryDirectory()
        for name, place in _PLACES.items():
            path = Path(self._made.name) / name
            path.write_text(getattr(manual, name)(), encoding="utf-8")
            path.chmod(0o644)
            build_data["shared_data"][str(path)] = place

    def finalize(self, version, build_data, artifact_path):
        self._made.cleanup()
