"""Ledgers to visit, made once and copied for each test."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.visitor import COVENTRY, MANCHESTER, Visitor


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    """Somebody in an empty folder."""
    return Visitor(tmp_path)


@pytest.fixture(scope="session")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """Somebody who recorded the founding stories and looked at them once."""
    made = Visitor(tmp_path_factory.mktemp("told"))
    made.done("init", "town.ledger", "--body", "coventry")
    made.done("import", COVENTRY, "--yes")
    made.done("import", MANCHESTER, "--yes")
    made.done("links")
    return made


@pytest.fixture
def town(_told: Visitor, tmp_path: Path) -> Visitor:
    """Somebody with a ledger of both founding stories, kept by coventry, its views up to date."""
    copytree(_told.ledger, tmp_path / "town.ledger")
    return Visitor(tmp_path)


@pytest.fixture
def sealing(town: Visitor) -> Visitor:
    """Somebody who keeps a ledger, and has signed it."""
    town.done("key", "init", "-y")
    town.done("checkpoint")
    return town
