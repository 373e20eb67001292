"""Trying changes: each in a process of its own, with the tests that can notice it, the likeliest first."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import coverage
import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase
from making import Mutant

EXAMPLES = 60
"""Of each property, the same ones each time."""
SECONDS = 60
"""Of one processor, for one change: one that goes on for ever is noticed too."""
LONGER = 10
"""So many times its usual time a test may take, and `PATIENCE` seconds more."""
PATIENCE = 3
MEMORY = 3 * 2**30
OUTSIDE = {"click", "edtf", "eventsourcing", "hypothesis", "lxml", "pydantic", "pydantic_core", "rich", "yaml"}
"""What stands outside of the house; importing it takes longer than importing the house."""
SLOW = 0.3
"""Seconds of a test that is left for the end."""
BEARABLE = 1.5
"""Seconds of a test that comes first all the same, once it noticed something."""

Job = tuple[Mutant, list[str]]
"""A change, and the tests to try it with."""
Tell = Callable[[Mutant, str, str], None]
"""Is told of a change, what became of it, and the test that noticed it."""


@dataclass
class Map:
    """Which tests run which lines, and how long they take."""

    lines: dict[str, dict[int, list[str]]]
    """By module and line; the empty name stands for importing it."""
    seconds: dict[str, float]
    libraries: list[str]
    """What the tests import from outside of the house."""

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that run some line of the changed statement, the likeliest first."""
        lines = self.lines.get(mutant.module, {})
        return self._likeliest({test for line in mutant.statement for test in lines.get(line, ())} - {""}, mutant)

    def all_for(self, mutant: Mutant) -> list[str]:
        """All tests, the likeliest first."""
        return self._likeliest(set(self.seconds), mutant)

    def _likeliest(self, tests: set[str], mutant: Mutant) -> list[str]:
        """The tests in an order: the quick ones first, of these those that run the changed line, or the module."""
        lines = self.lines.get(mutant.module, {})
        near = set(lines.get(mutant.line, ())) if mutant.function else {one for some in lines.values() for one in some}
        return sorted(tests, key=lambda test: (self.seconds[test] > SLOW, test not in near, self.seconds[test]))

    def runs_at_import(self, mutant: Mutant) -> bool:
        """Whether some of the function is run by importing."""
        lines = self.lines.get(mutant.module, {})
        return any("" in lines.get(line, ()) for line in mutant.extent[1:])


class _Tamed:
    """Properties are tried with few examples, the same ones each time, and a failure is not made smaller."""

    @staticmethod
    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        for item in items:
            test = getattr(item, "obj", None)
            found = getattr(test, "_hypothesis_internal_use_settings", None)
            if found:
                test._hypothesis_internal_use_settings = hypothesis.settings(  # noqa: SLF001 - set by the decorator alone
                    found,
                    max_examples=min(found.max_examples, EXAMPLES),
                    derandomize=True,
                    database=None,
                    phases=(Phase.explicit, Phase.generate),
                )


class _Surveying:
    """Notes which lines each test runs."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.measured.switch_context(item.nodeid)
        started = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - started
        self.measured.switch_context("")
        return result


class _Chosen:
    """Runs some of the tests only, in the order given."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.place = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(chosen, key=lambda item: self.place[item.nodeid])


class _AtHand:
    """With all tests imported, tries changes inside functions."""

    def __init__(self, jobs: Sequence[Job], known: Map, likely: Sequence[str], tell: Tell) -> None:
        self.jobs, self.known, self.likely, self.tell = jobs, known, likely, tell

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        keen = Keen(self.known, self.likely)
        gc.freeze()
        for mutant, tests in self.jobs:
            ordered = [items[test] for test in keen.first(tests)]
            noticed_by = functools.partial(_noticed_by, mutant, ordered, self.known)
            self.tell(mutant, *_apart(keen, noticed_by))
        return True


class _Patient:
    """Ends the process when a test takes far longer than it usually does."""

    def __init__(self, known: Map) -> None:
        self.known = known

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        _wait_for(item, self.known)
        return (yield)


class Keen:
    """The tests that noticed the changes before this one: they are the likeliest to notice the next."""

    MOST = 24

    def __init__(self, known: Map, tests: Iterable[str]) -> None:
        self.known = known
        self.tests = list(tests)[: self.MOST]

    def first(self, tests: Sequence[str]) -> list[str]:
        """The tests, those first that noticed something lately, unless they are slow."""
        able = set(tests)
        lately = [test for test in self.tests if test in able and self.known.seconds[test] <= BEARABLE]
        return [*lately, *(test for test in tests if test not in lately)]

    def noticed(self, test: str) -> None:
        """This one has noticed a change."""
        self.tests = [test, *(one for one in self.tests if one != test)][: self.MOST]


def survey(tests: Sequence[str], file: Path) -> Map:
    """Run the tests once as they are, and keep in `file` what each runs."""
    if not file.exists() and not _in_child(_surveyed, tests, file):
        sys.exit("the tests fail as they are")
    told = json.loads(file.read_text())
    lines = {module: {int(line): by for line, by in found.items()} for module, found in told["lines"].items()}
    return Map(lines, told["seconds"], told["libraries"])


def prepare(known: Map) -> None:
    """Import what is not of the house, so that no process has to do it again."""
    for name in known.libraries:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()


def try_at_hand(jobs: Sequence[Job], tests: Sequence[str], known: Map, likely: Sequence[str], tell: Tell) -> None:
    """Try changes inside functions, in a process that has imported all tests."""
    if jobs and not _in_child(lambda: _pytest_on(tests, _AtHand(jobs, known, likely, tell)) == 0):
        sys.exit("the tests cannot be collected")


def try_anew(job: Job, keen: Keen, known: Map) -> tuple[str, str]:
    """Try a change of what is run when a module is imported."""
    mutant, tests = job
    return _apart(keen, lambda: _noticed_anew(mutant, keen.first(tests), known))


def _surveyed(tests: Sequence[str], file: Path) -> bool:
    measured = coverage.Coverage(data_file=None, source=["domain"])
    surveying = _Surveying(measured)
    measured.start()
    passed = _pytest_on(tests, surveying) == 0
    measured.stop()
    data = measured.get_data()
    lines = {Path(path).stem: data.contexts_by_lineno(path) for path in data.measured_files()}
    if passed:
        libraries = [name for name in sys.modules if name.partition(".")[0] in OUTSIDE]
        file.write_text(json.dumps({"lines": lines, "seconds": surveying.seconds, "libraries": libraries}))
    return passed


def _pytest_on(tests: Sequence[str], *plugins: object) -> int:
    options = ["-x", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *tests], plugins=[_Tamed(), *plugins]))


def _in_child(do: Callable[..., bool], *given: object) -> bool:
    child = os.fork()
    if not child:
        os._exit(0 if do(*given) else 1)
    return os.waitpid(child, 0)[1] == 0


def _apart(keen: Keen, find: Callable[[], str | None]) -> tuple[str, str]:
    """The outcome of trying in a process that may break: killed, survived or timeout; and the test that noticed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _confined()
        try:
            found = find()
        except BaseException:  # noqa: BLE001 - whatever a change breaks is noticed
            found = ""
        os.write(writing, (found or "").encode())
        os._exit(0 if found is None else 1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        test = told.read().decode()
    status = os.waitpid(child, 0)[1]
    if test:
        keen.noticed(test)
    if os.WIFSIGNALED(status):
        return "timeout", ""
    return "killed" if os.WEXITSTATUS(status) else "survived", test


def _confined() -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _wait_for(item: pytest.Item, known: Map) -> None:
    signal.setitimer(signal.ITIMER_PROF, PATIENCE + LONGER * known.seconds.get(item.nodeid, 0))


def _noticed_by(mutant: Mutant, items: Sequence[pytest.Item], known: Map) -> str | None:
    """The first test that fails; None when all pass."""
    _put_in(sys.modules[f"domain.{mutant.module}"], compile(mutant.code, f"domain/{mutant.module}.py", "exec"))
    for item, then in zip_longest(items, items[1:]):
        _wait_for(item, known)
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=then)):
            return item.nodeid
    return None


class _Noting:
    """Notes the first test that fails."""

    def __init__(self) -> None:
        self.test = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.test:
            self.test = report.nodeid


def _noticed_anew(mutant: Mutant, tests: Sequence[str], known: Map) -> str | None:
    """The first test that fails, empty where none could be begun; None when all pass."""
    sys.meta_path.insert(0, _Changed(mutant))
    for some in (tests[: Keen.MOST], tests[Keen.MOST :]):
        files, noting = list(dict.fromkeys(test.split("::")[0] for test in some)), _Noting()
        if some and _pytest_on(files, _Chosen(some), noting, _Patient(known)):
            return noting.test
    return None


class _Changed(SourceFileLoader):
    """Imports one module with its change."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(f"domain.{mutant.module}", str(Path(f"domain/{mutant.module}.py").absolute()))
        self.mutant = mutant

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, _: str) -> CodeType:
        return compile(self.mutant.code, self.path, "exec")


def _put_in(module: ModuleType, code: CodeType) -> None:
    """Give every function of a module the code that it has in a changed one, and forget what was computed before."""
    fresh = dict(_codes(code))
    for function in _functions_in(module):
        function.__code__ = fresh[function.__code__.co_qualname]
    for name in [name for name in sys.modules if name.startswith("domain.")]:
        for value in vars(sys.modules[name]).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _functions_in(module: ModuleType) -> Iterator[FunctionType]:
    for value in list(vars(module).values()):
        own = isinstance(value, type) and value.__module__ == module.__name__
        for one in (value, *(vars(value).values() if own else ())):
            function = _bare(one)
            if function and function.__code__.co_filename == module.__file__:
                yield function


def _bare(value: object) -> FunctionType | None:
    for wrapping in ("fget", "__func__", "wrapped", "__wrapped__"):
        inner = getattr(value, wrapping, None)
        if inner is not None:
            return _bare(inner)
    return value if isinstance(value, FunctionType) else None


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)
