"""The wheel: what a stranger gets who installs civic-ledger."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house import ROOT, absent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("civic_ledger-*.whl")
    return made


def test_the_wheel_owns_three_names(wheel: Path) -> None:
    """It puts domain, ledger and projections beside its own particulars, and nothing else."""
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"domain", "ledger", "projections"}


def test_the_wheel_holds_the_modules_of_the_tree(wheel: Path) -> None:
    """No module is left behind and none is added."""
    rooms = ("domain", "ledger", "projections")
    here = {path.relative_to(ROOT).as_posix() for room in rooms for path in (ROOT / room).rglob("*.py")}
    assert {name for name in ZipFile(wheel).namelist() if name.endswith(".py")} == here


def test_the_wheel_holds_what_goes_into_every_bundle(wheel: Path) -> None:
    """The programs and the words for auditors are files beside the modules, byte for byte."""
    with ZipFile(wheel) as archive:
        for name in ("VERIFY.txt", "verify.py"):
            path = f"ledger/transparency/bundled/{name}"
            assert archive.read(path) == (ROOT / path).read_bytes()


def test_the_wheel_brings_the_command_and_the_licence(wheel: Path) -> None:
    """Installing it gives the command `civic` and the terms of use."""
    with ZipFile(wheel) as archive:
        particulars = {Path(name).name: name for name in archive.namelist() if ".dist-info/" in name}
        assert b"[console_scripts]\ncivic = ledger.cli.start:main\n" in archive.read(particulars["entry_points.txt"])
        assert b"Apache License" in archive.read(particulars["LICENSE"])
        needs = archive.read(particulars["METADATA"]).decode()
        extra = re.findall("^Requires-Dist: (.+)>=.*; extra == 'documents'$", needs, re.MULTILINE)
        assert extra == ["lxml", "pypdf"]


def test_the_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    """Unpacked far from this tree and without its extras, it records a founding story and answers for it."""
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    absent(tmp_path / "installed", "lxml", "pypdf")

    def civic(*words: str) -> str:
        code = "import sys; from ledger.cli.main import run; sys.exit(run(sys.argv[1:]))"
        environment = {
            **os.environ,
            "PYTHONPATH": str(tmp_path / "installed"),
            "CIVIC_LEDGER": str(tmp_path / "town.ledger"),
        }
        done = subprocess.run(
            (sys.executable, "-c", code, *words),
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    civic("init", str(tmp_path / "town.ledger"))
    civic("import", str(ROOT / "examples" / "coventry.jsonl"), "--yes")
    (told,) = (json.loads(line) for line in civic("links", "--standing", "suspended").splitlines())
    assert (told["link"], told["since"]) == ("coventry--volgograd", "2022-03-22")
