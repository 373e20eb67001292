"""How long a clerk waits: short questions to the demo's ledger, beside a bare interpreter. Run by `make bench`."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

CIVIC = str(Path(sys.executable).with_name("civic"))
LEDGER = "build/demo/town.ledger"
ROUNDS = 21
BARE = (sys.executable, "-c", "pass")
QUESTIONS = (
    (CIVIC, "--help"),
    (CIVIC, "show", "coventry--volgograd"),
    (CIVIC, "links", "--as-of", "2022-03-01"),
    (CIVIC, "record", "--help"),
    (CIVIC, "why", "coventry--volgograd"),
)


def seconds(words: tuple[str, ...]) -> float:
    """The time from asking to the last byte of the answer."""
    started = time.perf_counter()
    subprocess.run(words, env=os.environ | {"CIVIC_LEDGER": LEDGER}, check=True, capture_output=True)
    return time.perf_counter() - started


for question in QUESTIONS:
    pairs = [(seconds(question), seconds(BARE)) for _ in range(ROUNDS + 1)][1:]
    taken = median(asked for asked, _ in pairs)
    ratio = median(asked / bare for asked, bare in pairs)
    print(f"{taken * 1000:5.0f} ms  {ratio:5.1f} x a bare interpreter  civic {' '.join(question[1:])}")
