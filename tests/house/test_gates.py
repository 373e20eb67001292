"""The gates - style, types, who imports whom - and for each a planted fault that it must stop."""

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from shutil import copy

import pytest

from tests.house import ROOT

GATES = {
    "style": (sys.executable, "-m", "ruff", "check", "--output-format", "concise"),
    "layout": (sys.executable, "-m", "ruff", "format", "--check"),
    "types": (sys.executable, "-m", "mypy"),
    "imports": (str(Path(sys.executable).with_name("lint-imports")), "--no-cache"),
}
ROOMS = ("domain", "ledger", "projections", "tests")

FAULTS = {
    "an unused name": ("style", "import os\n", "F401"),
    "a missing docstring": ("style", "VALUE = 1\n", "D100"),
    "untidy layout": ("layout", "value=1\n", "ould be reformatted"),
    "a wrong type": ("types", "value: int = 'three'\n", "[assignment]"),
    "a function without types": ("types", "def value(): ...\n", "[no-untyped-def]"),
    "an unknown field": (
        "types",
        "from pydantic import BaseModel\nclass Body(BaseModel):\n    name: str\nBody(name='x', colour='red')\n",
        "[call-arg]",
    ),
    "an event nobody answers for": (
        "types",
        "def answer(event: int | str) -> None:\n    match event:\n        case int():\n            pass\n",
        "[exhaustive-match]",
    ),
}
PURE = "domain is pure: no other room, no library of events, no screen, no database"
STANDING = "projections stand on domain alone"
FORBIDDEN = [
    *((PURE, "domain", name) for name in ("ledger", "projections", "eventsourcing", "click", "rich", "sqlite3")),
    *((STANDING, "projections", name) for name in ("ledger", "eventsourcing", "click")),
    ("recording outlives broken projections: only ledger.cli imports them", "ledger", "projections"),
    ("nothing reaches projections by way of ledger.cli", "ledger", "ledger.cli"),
    ("only ledger.store imports eventsourcing", "ledger.cli", "eventsourcing"),
    (
        "the verifier shares no code with the writer beyond what describes the bytes",
        "ledger.transparency.verification",
        "ledger.codec",
    ),
]
FOLDERS = (
    "ledger/cli", "ledger/store", "ledger/codec", "ledger/application", "ledger/transparency",
    "ledger/transparency/verification", "ledger/transparency/bundle_verification", "ledger/transparency/checkpointing",
    "ledger/transparency/sealing",
)  # fmt: skip
"""What the contracts speak of, each as a room that something can be planted in."""


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    """The house under its own rules, with empty rooms."""
    copy(ROOT / "pyproject.toml", tmp_path)
    for room in (*ROOMS, *FOLDERS):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text('"""A room."""\n')
    with (tmp_path / "ledger/store/__init__.py").open("a") as store:
        store.write("\nimport eventsourcing as eventsourcing\n")
    return tmp_path


def passes(command: Sequence[str], house: Path) -> tuple[bool, str]:
    """Whether the gate lets this house pass, and what it said."""
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("gate", GATES)
def test_the_house_passes_its_gates(gate: str) -> None:
    """Every room keeps the rules that pyproject.toml states."""
    passed, said = passes(GATES[gate], ROOT)
    assert passed, said


@pytest.mark.parametrize("gate", GATES)
def test_an_empty_house_passes_its_gates(gate: str, sketch: Path) -> None:
    """What stops a planted fault is the fault, not the sketch it is planted in."""
    passed, said = passes(GATES[gate], sketch)
    assert passed, said


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_stopped_in_every_room(fault: str, sketch: Path) -> None:
    """A gate that looked at nothing would also pass: each one names the fault in each room."""
    gate, code, sentence = FAULTS[fault]
    for room in ROOMS:
        (sketch / room / "planted.py").write_text(code)
    passed, said = passes(GATES[gate], sketch)
    assert not passed
    assert said.count(sentence) >= len(ROOMS), said
    assert [room for room in ROOMS if f"{room}/planted.py" not in said] == [], said


@pytest.mark.parametrize(("contract", "importer", "imported"), FORBIDDEN)
def test_a_forbidden_import_is_stopped(contract: str, importer: str, imported: str, sketch: Path) -> None:
    """A module that nobody foresaw is held to the contract of its room, which alone breaks."""
    (sketch / importer.replace(".", "/") / "planted.py").write_text(f"import {imported}\n")
    passed, said = passes(GATES["imports"], sketch)
    assert not passed
    assert f"{contract} BROKEN" in said
    assert f"{importer}.planted -> {imported} " in said


def test_every_contract_has_its_control() -> None:
    """No import contract is trusted that was never seen to break."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == {contract for contract, _, _ in FORBIDDEN}
