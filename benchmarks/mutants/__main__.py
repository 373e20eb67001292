"""How many small changes of the domain the tests notice. Run by `make mutants`; docs/mutants.md tells of the others.

A change inside a function is put into a process that has imported all tests already; one of a table, of a class or of
what runs at import needs a process that imports everything anew. Both are left to a copy of the house in build/mutants.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from making import Mutant, mutants_of, outside_of_functions
from trying import Job, Keen, Map, survey, try_anew, try_at_hand

TESTS = ("tests/domain", "tests/ledger/test_codec.py", "tests/house/test_reference.py")
LEFT_OUT = {"samples", "__init__"}
"""Samples are given to tests: a change in one is a change of a test."""
BUILD = Path("build/mutants").absolute()
WANTED = 90
"""Of a hundred changes, at least so many are noticed."""

Key = tuple[str, str, str, str]


def copied() -> Path:
    """The house as it is now, in a place of its own."""
    house = BUILD / "house"
    shutil.rmtree(house, ignore_errors=True)
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and Path(name).exists():
            (house / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, house / name)
    return house


def planned(path: Path, known: Map) -> tuple[list[Job], list[Job]]:
    """The changes inside functions, and those that need importing anew, each with its tests."""
    original = outside_of_functions(compile(path.read_text(), "mutant", "exec"))
    at_hand: list[Job] = []
    anew: list[Job] = []
    for mutant in mutants_of(path):
        quiet = mutant.function and not known.runs_at_import(mutant)
        if quiet and outside_of_functions(compile(mutant.code, "mutant", "exec")) == original:
            at_hand.append((mutant, known.tests_for(mutant, mutant.extent)))
        else:
            anew.append((mutant, known.tests_for(mutant, range(0))))
    return at_hand, anew


class Results:
    """What became of each change, kept in a file so that a run that was interrupted goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.outcomes: dict[Key, str] = {}
        for told in map(json.loads, lines):
            self.outcomes[told["module"], told["function"], told["was"], told["now"]] = told["outcome"]

    def tell(self, mutant: Mutant, outcome: str) -> None:
        """Keep an outcome."""
        module, function, was, now = mutant.key
        told = {"module": module, "function": function, "line": mutant.line, "was": was, "now": now, "outcome": outcome}
        with self.path.open("a") as file:
            file.write(json.dumps(told) + "\n")

    def wanted(self, jobs: list[Job], *, again: bool) -> list[Job]:
        """The jobs without an outcome; or again those of what survived."""
        return [job for job in jobs if self.outcomes.get(job[0].key) in (("survived",) if again else (None,))]


def main() -> None:
    """Try every change of the modules named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="as in: history lifecycle; all of the domain when none is named")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try only each Nth change")
    parser.add_argument("--again", action="store_true", help="try again what survived before; with new tests, say")
    parser.add_argument("--anew", action="store_true", help="forget what was tried before")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    results, map_ = BUILD / "results.jsonl", BUILD / "map.json"
    map_.unlink(missing_ok=True)
    if options.anew:
        results.unlink(missing_ok=True)
    os.chdir(copied())
    sys.path.insert(0, str(Path.cwd()))
    known = survey(TESTS, map_)
    paths = [path for path in sorted(Path("domain").glob("*.py")) if path.stem not in LEFT_OUT]
    counts: Counter[str] = Counter()
    for path in [path for path in paths if path.stem in options.modules] if options.modules else paths:
        book = Results(results)
        at_hand, anew = (jobs[:: options.every] for jobs in planned(path, known))
        try_at_hand(book.wanted(at_hand, again=options.again), TESTS, book.tell)
        keen = Keen()
        for job in book.wanted(anew, again=options.again):
            book.tell(job[0], try_anew(job, keen))
        outcomes = Results(results).outcomes
        found = Counter(outcomes[mutant.key] for mutant, _ in (*at_hand, *anew) if mutant.key in outcomes)
        counts += found
        print(f"{path.stem:16} {share(found)}", flush=True)
    print(f"{'all':16} {share(counts)}")
    sys.exit(100 * counts["survived"] > (100 - WANTED) * counts.total())


def share(counts: Counter[str]) -> str:
    """How many were noticed, of how many."""
    noticed = counts.total() - counts["survived"]
    return f"{noticed:5} of {counts.total():5} noticed, {100 * noticed / max(counts.total(), 1):5.1f} %"


main()
