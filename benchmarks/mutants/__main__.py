"""How many small changes of the domain the tests notice. Run by `make mutants`; docs/mutants.md tells of the others.

A change inside a function is put into a process that has imported all tests already; one of a table, of a class or of
what runs at import needs a process that imports the house anew. Both are left to a copy of the house in build/mutants.
A change that was tried is not tried again, so that a run that was interrupted goes on, and a denser sample adds to a
thinner one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

from making import Key, Mutant, mutants_of, outside_of_functions
from trying import Job, Keen, Map, Tell, prepare, survey, try_anew, try_at_hand

TESTS = ("tests/domain", "tests/ledger/test_audit.py", "tests/ledger/test_codec.py", "tests/house/test_reference.py")
LEFT_OUT = {"samples", "__init__"}
"""Samples are given to tests: a change in one is a change of a test."""
BUILD = Path("build/mutants").absolute()
WANTED = 90
"""Of a hundred changes, at least so many are noticed."""


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


def drawn(path: Path, every: int) -> list[Mutant]:
    """Of the changes of a module one in `every`, by lot, but always the same: a denser sample holds the thinner one."""
    found = list(mutants_of(path))
    taken = sorted(found, key=lambda mutant: mutant.lot)[: -(-len(found) // every)]
    return sorted(taken, key=lambda mutant: mutant.line)


def attempt(mutants: list[Mutant], path: Path, known: Map, tests: Sequence[str], tell: Tell) -> None:
    """Try changes of one module. What is run at import is tried at hand first, too, but survives only anew."""
    original = outside_of_functions(compile(path.read_text(), "mutant", "exec"))
    at_hand: list[Job] = []
    anew: list[Job] = []
    for mutant in mutants:
        if mutant.function and outside_of_functions(compile(mutant.code, "mutant", "exec")) == original:
            at_hand.append((mutant, known.tests_for(mutant)))
        else:
            anew.append((mutant, known.all_for(mutant)))
    kept = BUILD / "kept"
    kept.write_text("")

    def tell_or_keep(mutant: Mutant, outcome: str, test: str) -> None:
        if outcome == "survived" and known.runs_at_import(mutant):
            with kept.open("a") as file:
                file.write(f"{mutant.lot}\n")
        else:
            tell(mutant, outcome, test)

    likely = [test for test in Results(BUILD / "results.jsonl").likely(path.stem) if test in known.seconds]
    try_at_hand(at_hand, tests, known, likely, tell_or_keep)
    lots = set(kept.read_text().split())
    anew += [(mutant, known.all_for(mutant)) for mutant in mutants if mutant.lot in lots]
    keen = Keen(known, likely)
    for job in anew:
        tell(job[0], *try_anew(job, keen, known))


def check(known: Map, tests: Sequence[str]) -> None:
    """No change at all survives, tried either way; else what is noticed would be the trying itself."""
    path, control = Path("domain/history.py"), Results(BUILD / "control.jsonl")
    source = path.read_text()
    everywhere = range(1, source.count("\n") + 1)
    nothing = [Mutant(path.stem, function, range(0), everywhere, 1, "", "", 0, source) for function in ("any", "")]
    control.path.write_text("")
    attempt(nothing, path, known, tests, control.tell)
    if Results(control.path).outcomes != {nothing.key: "survived" for nothing in nothing}:
        sys.exit("a change is noticed where there is none")


class Results:
    """What became of each change, kept in a file so that a run that was interrupted goes on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.outcomes: dict[Key, str] = {}
        self.noticing: Counter[tuple[str, str]] = Counter()
        for told in map(json.loads, lines):
            key = told["module"], told["function"], told["was"], told["now"], told["nth"]
            self.outcomes[key] = told["outcome"]
            self.noticing[told["module"], told["test"]] += 1

    def tell(self, mutant: Mutant, outcome: str, test: str) -> None:
        """Keep an outcome."""
        names = ("module", "function", "was", "now", "nth")
        told = {**dict(zip(names, mutant.key, strict=True)), "line": mutant.line, "outcome": outcome, "test": test}
        with self.path.open("a") as file:
            file.write(json.dumps(told) + "\n")

    def likely(self, module: str) -> list[str]:
        """The tests that noticed most changes of a module."""
        return [test for (where, test), _ in self.noticing.most_common() if where == module]

    def wanted(self, mutants: list[Mutant], *, again: bool) -> list[Mutant]:
        """The changes without an outcome; or again what survived."""
        return [mutant for mutant in mutants if self.outcomes.get(mutant.key) in (("survived",) if again else (None,))]


def main() -> None:
    """Try every change of the modules named, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="as in: history lifecycle; all of the domain when none is named")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try only each Nth change")
    parser.add_argument("--again", action="store_true", help="try again what survived before")
    parser.add_argument("--with", action="append", dest="tests", metavar="TESTS", help="--again, with a file of tests")
    parser.add_argument("--anew", action="store_true", help="forget what was tried before")
    options = parser.parse_args()
    options.again, options.tests = options.again or bool(options.tests), options.tests or TESTS
    BUILD.mkdir(parents=True, exist_ok=True)
    results, map_ = BUILD / "results.jsonl", BUILD / "map.json"
    map_.unlink(missing_ok=True)
    if options.anew:
        results.unlink(missing_ok=True)
    os.chdir(copied())
    sys.path.insert(0, str(Path.cwd()))
    known = survey(options.tests, map_)
    prepare(known)
    check(known, options.tests)
    paths = [path for path in sorted(Path("domain").glob("*.py")) if path.stem not in LEFT_OUT]
    counts: Counter[str] = Counter()
    for path in [path for path in paths if path.stem in options.modules] if options.modules else paths:
        book = Results(results)
        mutants = drawn(path, options.every)
        attempt(book.wanted(mutants, again=options.again), path, known, options.tests, book.tell)
        outcomes = Results(results).outcomes
        found = Counter(outcomes[mutant.key] for mutant in mutants if mutant.key in outcomes)
        counts += found
        print(f"{path.stem:16} {share(found)}", flush=True)
    print(f"{'all':16} {share(counts)}, and of all changes {between(counts)}")
    sys.exit(100 * counts["survived"] > (100 - WANTED) * counts.total())


def share(counts: Counter[str]) -> str:
    """How many were noticed, of how many."""
    noticed = counts.total() - counts["survived"]
    return f"{noticed:5} of {counts.total():5} noticed, {100 * noticed / max(counts.total(), 1):5.1f} %"


def between(counts: Counter[str]) -> str:
    """The 95 % confidence interval of the share, after Wilson: as if the sample were of infinitely many changes."""
    tried = max(counts.total(), 1)
    noticed, z = 1 - counts["survived"] / tried, 1.96
    middle = noticed + z**2 / (2 * tried)
    around = z * sqrt(noticed * (1 - noticed) / tried + z**2 / (4 * tried**2))
    low, high = ((middle + sign * around) / (1 + z**2 / tried) for sign in (-1, 1))
    return f"{100 * low:.1f} to {100 * high:.1f} %"


main()
