"""How long a clerk waits: the median time of short questions to the demo's ledger. Run by `make bench`."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

CIVIC = str(Path(sys.executable).with_name("civic"))
LEDGER = "build/demo/town.ledger"
ROUNDS = 21
QUESTIONS = (
    ("--help",),
    ("show", "coventry--volgograd"),
    ("links", "--as-of", "2022-03-01"),
    ("why", "coventry--volgograd"),
)


def seconds(*words: str) -> float:
    """The time from asking to the last byte of the answer."""
    started = time.perf_counter()
    subprocess.run((CIVIC, *words), env=os.environ | {"CIVIC_LEDGER": LEDGER}, check=True, capture_output=True)
    return time.perf_counter() - started


for question in QUESTIONS:
    seconds(*question)
    taken = median(seconds(*question) for _ in range(ROUNDS))
    print(f"{taken * 1000:5.0f} ms  civic {' '.join(question)}")
