"""What is on record says the same under every Python that the project supports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.books import ROOT
from tests.ledger import on_record

PYTHONS = Path(sys.prefix) / "pythons"
"""Where `make test` puts the other Pythons."""


@cache
def read_here() -> Any:  # noqa: ANN401 - JSON
    """What this Python reads, as JSON gives it back."""
    return json.loads(json.dumps(on_record.all_of_it()))


def run(*words: str) -> dict[str, Any]:
    """Read the golden ledgers under another Python, its limits set low and its locale plain."""
    done = subprocess.run(
        (str(PYTHONS / words[0] / "bin/python"), "-X", "int_max_str_digits=640", *words[1:]),
        cwd=ROOT, env={"PATH": os.defpath, "LC_ALL": "C"}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("version", "unicode"), [("3.11", "14.0"), ("3.12", "15.0"), ("3.13", "15.1")])
def test_every_python_reads_and_takes_the_same(version: str, unicode: str) -> None:
    """Bytes, tags and answers of every golden ledger; and which new text is taken, under which id."""
    assert (PYTHONS / version).exists(), f"there is no Python {version} to try: install it, then run make test"
    found = run(version, "-m", "tests.ledger.on_record")
    assert (found["python"], found["unicode"]) == ([int(part) for part in version.split(".")], f"{unicode}.0")
    assert found["read"] == read_here()


LATER = """
import json, sys, unicodedata
true = unicodedata.category
unicodedata.category = lambda one: "Cn" if ord(one) > 0x2FF else true(one)
from tests.ledger import on_record
sys.setrecursionlimit(220)
print(json.dumps({"unknown": true("\\u0430") != unicodedata.category("\\u0430"), "read": on_record.all_of_it()}))
"""
"""A Python that knows the letters of Western Europe alone, and gives up early."""


def test_tables_and_limits_of_the_interpreter_decide_nothing() -> None:
    """A Python whose tables have no Cyrillic, and whose recursion ends soon, reads and takes the same."""
    found = run("3.11", "-c", LATER)
    assert found["unknown"]
    assert found["read"] == read_here()
