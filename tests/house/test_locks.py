"""The locks pin all that running and testing need, by hash, and name no place to fetch it from."""

import itertools
import re
import tomllib
from functools import cache
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.house import ROOT

LOCKS = ("run", "test", "mutants")
ADDRESS = re.compile(r"https?:|file:|--[\w-]*(index|find|host)|(^|[\s@=])~?/\w", re.MULTILINE)


@cache
def text(lock: str) -> str:
    """The lock as it lies on disk."""
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


@cache
def pins(lock: str) -> list[tuple[str, str]]:
    """Each distribution that the lock names, with its version; a pin without a hash is none."""
    return re.findall(
        r"^([\w.-]+)==(\S+)(?: ;[^\n\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}\b", text(lock), re.MULTILINE
    )


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for by name."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"], *groups["build"]]
    lines += itertools.chain(*project["project"]["optional-dependencies"].values())
    for group in {"run": (), "test": ("test",), "mutants": ("test", "mutants")}[lock]:
        lines += [line for line in groups[group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    """Neither a registry nor a folder of the machine that made it."""
    assert ADDRESS.search(text(lock)) is None


@pytest.mark.parametrize(
    "line",
    [
        "--index-url x",
        "--extra-index-url x",
        "--find-links x",
        "--trusted-host x",
        "# https://a.b",
        "a @ file:///b",
        "-r /a",
    ],
)
def test_an_address_would_be_seen(line: str) -> None:
    """The control of the promise above."""
    assert ADDRESS.search(f"a==1 \\\n{line}\n")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    """A lock holds pins with hashes and comments, nothing else."""
    entries = re.findall(r"^[^\s#]", text(lock), re.MULTILINE)
    assert len(pins(lock)) == len(entries) > 0


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_the_project(lock: str) -> None:
    """Every dependency is pinned within the bounds of pyproject.toml."""
    for need in wanted(lock):
        pinned = [version for name, version in pins(lock) if name == need.name]
        assert pinned, f"{need} is not locked"
        assert list(need.specifier.filter(pinned)) == pinned, need


def test_the_locks_agree() -> None:
    """All share one environment, so what several name has one version."""
    assert set(pins("run")) <= set(pins("test")) <= set(pins("mutants"))
