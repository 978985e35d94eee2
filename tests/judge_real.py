"""Judges the daemons of targets/real and the units of targets/packages; writes what ships of it.

    python tests/judge_real.py DIRECTORY [NAME ...]

Each is judged in a run of its own, whose document is kept as DIRECTORY/NAME.json: one that is
there is not judged again.  Then targets/real/census.json is made of all documents there, and the
page with all of them, a matrix, as DIRECTORY/page.html.  Takes about a minute for each.
"""

import json
import subprocess
import sys
from pathlib import Path

from daemonspec import real_daemons
from running import ROOT, TARGETS, ChildRun, surroundings

_OURS = [*TARGETS.glob("real/*.toml"), *TARGETS.glob("packages/*.toml")]
NAMES = sorted(path.stem for path in _OURS)


def main(arguments):
    """Do it; return 0, or 1 where one of them could not be judged."""
    directory, names = Path(arguments[0]), arguments[1:]
    directory.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names or NAMES if not _judge(name, directory / f"{name}.json")]
    paths = sorted(directory.glob("*.json"))
    documents = [json.loads(path.read_text()) for path in paths]
    text = json.dumps(real_daemons.made(documents), indent=1)
    real_daemons.FILE.write_text(_ids_in_one_line(text) + "\n")
    words = ["report", *map(str, paths), "-o", str(directory / "page.html")]
    report = [sys.executable, "-P", "-m", "daemonspec", *words]
    environment = surroundings(PYTHONPATH=str(ROOT / "fixtures"))
    subprocess.run(report, check=True, env=environment)
    print(f"{len(documents)} judged, not judged: {', '.join(missing) or 'none'}")
    return 1 if missing else 0


def _judge(name, path):
    """Judge one, if that was not done; return whether there are verdicts of it."""
    if not path.exists():
        run = ChildRun(f"--target={name}", "-n2", "-q", json=path).wait()
        print(f"{name}: status {run.status}", flush=True)
        if run.status not in (0, 1, 6) or not run.verdicts:
            path.unlink(missing_ok=True)
    return path.exists()


def _ids_in_one_line(text):
    """Return JSON with each innermost list in a line, for the sake of what a diff shows."""
    lines, open_list = [], None
    for line in text.splitlines():
        if line.endswith("["):
            open_list = line
        elif open_list is not None:
            open_list += line.strip() if line.strip().startswith("]") else f"{line.strip()} "
            if line.strip().startswith("]"):
                lines.append(open_list.replace(", ]", "]").replace(" ]", "]"))
                open_list = None
        else:
            lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
