"""Judges daemons that were measured without the suite, and compares its verdicts with the facts.

    python tests/field.py FACTS [--only NAME,...] [--sweep=off] [--targets DIR] [--json FILE]
                               [--before FILE]

FACTS is a JSON list of recipes (recipes.py), each with its `facts` (measured.py).  The daemons are
judged one after the other, in the order of the file.  Which side is wrong where they disagree is
for a person to find out.  Ends with 1 if any verdict disagrees with a fact.  --before takes what
--json wrote in an earlier run, and lists every verdict that is another now.
"""

import argparse
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures"))

import measured
import recipes
from running import ChildRun, GaveUp, surroundings

AGREE, DISAGREE, OPEN = "agree", "disagree", "not comparable"
_HOLDS = {"pass": True, "fail": False, "advice": False, "note": False}
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"  # the distribution's own programs, python3 among them
_PORT = re.compile(r"\b(?:tcp|udp) port \S+ taken")


def main():
    options = _options()
    before = json.loads(options.before.read_text()) if options.before else []
    before = {one["name"]: one for one in before}
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.targets or Path(scratch)
        directory.mkdir(exist_ok=True)
        for recipe in options.recipes:
            path = directory / f"{recipe['name']}.toml"
            path.write_text(recipes.description_of(recipe, options.facts.parent))
            results.append(_judge(recipe, path, options.sweep, Path(scratch)))
            print(_told(results[-1]), flush=True)
            if recipe["name"] in before:
                print(*_changes(before[recipe["name"]], results[-1]), sep="\n", flush=True)
            if options.json:
                options.json.write_text(json.dumps(results, indent=1) + "\n")
    print(_total(results))
    return any(_count(one)[DISAGREE] for one in results)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("facts", type=Path, metavar="FACTS", help="a JSON list of recipes")
    parser.add_argument("--only", metavar="NAME,...", help="judge these alone")
    parser.add_argument("--sweep", default="off", metavar="N", help="as the suite takes it")
    parser.add_argument("--targets", type=Path, metavar="DIR", help="keep the descriptions here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it here")
    parser.add_argument("--before", type=Path, metavar="FILE", help="compare with that --json")
    options = parser.parse_args()
    options.recipes = json.loads(options.facts.read_text())
    if options.only:
        wanted = options.only.split(",")
        if missing := {*wanted} - {one["name"] for one in options.recipes}:
            parser.error(f"not in {options.facts}: {', '.join(sorted(missing))}")
        options.recipes = [one for one in options.recipes if one["name"] in wanted]
    return options


def _judge(recipe, path, sweep, scratch):
    """Return the result of one daemon, as plain values."""
    words = [f"--target={path}", f"--profile={recipes.profile_of(recipe)}", f"--sweep={sweep}"]
    load, began, worked = os.getloadavg()[0], time.monotonic(), _processor_seconds()
    try:
        run = ChildRun(
            "-n2",
            *words,
            json=scratch / f"{recipe['name']}.json",
            environment=surroundings(PATH=_PATH),
        ).wait()
        status, output, verdicts = run.status, run.output, run.verdicts
    except GaveUp as why:
        status, output, verdicts = None, str(why), ()
    return {
        "name": recipe["name"],
        "status": status,
        "seconds": round(time.monotonic() - began, 1),
        "processor": round(_processor_seconds() - worked, 1),
        "load": round(load, 1),
        "comparisons": list(_compare(recipe, {one["clause"]: one for one in verdicts})),
        "verdicts": {one["clause"]: [one["outcome"], one["message"]] for one in verdicts},
        "output": "" if status in (0, 1) else output[-3000:],
    }


def _processor_seconds():
    """Return what all runs so far used, their worlds included: it depends little on the load."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _compare(recipe, verdicts):
    """Yield what became of each fact that a clause of the profile is about."""
    for rule, holds in measured.expectations(recipe):
        verdict = verdicts.get(rule.clause)
        if verdict is not None:
            outcome, message = verdict["outcome"], verdict["message"]
            yield {
                "result": _result(rule, holds, outcome, message),
                "clause": rule.clause,
                "fact": rule.fact,
                "holds": holds,
                "outcome": outcome,
                "message": message,
            }


def _result(rule, holds, outcome, message):
    if outcome not in _HOLDS:
        return OPEN
    judged = _HOLDS[outcome]
    if rule.remark == measured.PORT and not judged:
        judged = not _PORT.search(message)  # other things stood in its way too
    if holds == judged:
        return AGREE
    promised_nothing = holds and rule.remark in (measured.LUCK, measured.MORE)
    return OPEN if promised_nothing else DISAGREE


def _count(result):
    return Counter(one["result"] for one in result["comparisons"])


def _told(result):
    """Return a line for a daemon, and one for each fact that its verdict leaves in doubt."""
    counts = _count(result)
    lines = [
        f"{result['name']:28} {counts[AGREE]:3} agree, {counts[DISAGREE]:2} disagree, "
        f"{counts[OPEN]:2} not comparable; {_times(result)}, status {result['status']}"
    ]
    for one in result["comparisons"]:
        doubtful = one["result"] == DISAGREE or (
            one["result"] == OPEN and (not one["holds"] or one["outcome"] == "inconclusive")
        )
        if doubtful:
            measured_as = "holds" if one["holds"] else "does not hold"
            lines.append(
                f"    {one['result']}: {one['clause']} {measured_as} by {one['fact']}; "
                f"{one['outcome']}: {_shortened(one['message'])}"
            )
    if not result["verdicts"]:
        lines.append(f"    not judged: {_shortened(result['output'])}")
    return "\n".join(lines)


def _changes(before, now):
    """Yield a line for the time of two runs over a daemon, and one for each other verdict."""
    yield f"    before: {_times(before)}"
    if not before["verdicts"] or not now["verdicts"]:
        return  # it did not start, which is said once
    for clause in sorted(before["verdicts"].keys() | now["verdicts"].keys()):
        (was, _), (is_now, message) = (
            one["verdicts"].get(clause, ["not judged", ""]) for one in (before, now)
        )
        if was != is_now:
            yield f"    changed: {clause} from {was} to {is_now}: {_shortened(message)}"


def _times(result):
    return (
        f"{result['seconds']:6.1f} s ({result['processor']:.1f} of a processor), "
        f"load {result['load']}"
    )


def _shortened(message):
    return " ".join(message.split())[:240]


def _total(results):
    counts = sum(map(_count, results), Counter())
    seconds = sum(one["seconds"] for one in results)
    processor = sum(one["processor"] for one in results)
    return (
        f"{len(results)} daemons, {sum(counts.values())} facts: {counts[AGREE]} agree, "
        f"{counts[DISAGREE]} disagree, {counts[OPEN]} not comparable; {seconds:.0f} s "
        f"({processor:.0f} of a processor)"
    )


if __name__ == "__main__":
    sys.exit(main())
