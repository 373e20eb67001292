"""A ledger to look at and to tamper with, made once and copied for each test."""

from pathlib import Path

import pytest

from tests.ledger.transparency.shelf import Shelf, made


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A ledger of 300 entries, signed at 120 and at 290; not to be changed, only copied."""
    return made(tmp_path_factory.mktemp("shelf"), (60, 120, 280, 290, 300), signed=(120, 290))


@pytest.fixture
def shelf(standing: Shelf, tmp_path: Path) -> Shelf:
    """The same, to be changed."""
    return standing.copied(tmp_path)
