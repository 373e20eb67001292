"""The tests pass wherever they are started: what the caller's shell, locale and environment are does not matter."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.house import ROOT

STRANGE = {
    "HOME": "/nonexistent", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "COLUMNS": "20", "LINES": "5", "NO_COLOR": "1",
    "FORCE_COLOR": "1", "CIVIC_LEDGER": "/nonexistent", "CIVIC_CLERK": "No Such", "CIVIC_SOURCE": "nowhere",
    "CIVIC_PASSPHRASE": "x", "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0",
}  # fmt: skip
TRIED = (
    "tests/house/test_surroundings.py::test_nothing_is_left_of_the_surroundings",
    "tests/cli/test_exit_codes.py::test_130_is_interrupted",
)


def test_nothing_is_left_of_the_surroundings() -> None:
    """The environment, streams, signals, time zone and mask of new files are the same for every caller."""
    assert set(os.environ).isdisjoint({*STRANGE, "USER", "DISPLAY"} - {"HOME", "TZ"})
    assert (os.environ["HOME"], os.environ["TZ"], time.tzname[0]) == (os.devnull, "UTC", "UTC")
    assert all(os.fstat(stream) for stream in range(3))
    ignored = {number for number in signal.valid_signals() if signal.getsignal(number) is signal.SIG_IGN}
    assert ignored <= {signal.SIGPIPE, signal.SIGXFSZ}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
    mask = os.umask(0o022)
    assert mask == 0o022


def test_the_tests_pass_in_a_strange_place(tmp_path: Path) -> None:
    """Signals ignored as in the background, no standard input, no terminal, files private, another locale and zone."""
    line = 'trap "" INT HUP TERM QUIT; umask 077; exec "$@" <&-'
    pytest_ = (sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", f"--basetemp={tmp_path}/t")
    done = subprocess.run(
        ("/bin/sh", "-c", line, "sh", *pytest_, *TRIED),
        cwd=ROOT, env={**STRANGE, "PATH": os.environ["PATH"]}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, "2 passed" in done.stdout) == (0, True), done.stdout + done.stderr
