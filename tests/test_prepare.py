"""What `prepare` does to the directory and the files of a target is there at every start."""

import pytest

from daemonspec.inside.containment import CONTAINMENTS

DESCRIPTION = r"""
start = "{dir}/made --now"
prepare = "chmod 2711 {dir}; chmod 604 {dir}/conf; echo 'key {dir}/key' >> {dir}/conf; cp -p {dir}/tool {dir}/made"

[files]
"{dir}/conf" = "listen {dir}/socket\n"

[files."{dir}/tool"]
mode = "0750"
content = "#!/bin/sh\ncd {dir}; stat -c %a:%n . conf made; cat conf; exit 3\n"
"""  # noqa: E501


@pytest.fixture
def said(judge, tmp_path):
    """What a target says that looks at its prepared directory and does not start."""
    path = tmp_path / "prepared.toml"
    path.write_text(DESCRIPTION)
    return judge(f"--target={path}").output


def test_modes_are_kept(said):
    """A daemon that drops its privileges, or refuses a key that others may read, needs them."""
    assert "2711:." in said
    assert "604:conf" in said
    assert "750:made" in said, "the mode that [files] gives"


def test_changed_files_are_kept(said, containment):
    """Where {dir} is the same in every world, so is what was added to a file."""
    if not CONTAINMENTS[containment].mounts:
        pytest.skip("every start has a {dir} of its own, and its files are written for it")
    assert "key " in said
