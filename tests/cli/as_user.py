"""Runs `civic` as another user, if root asks: python -m tests.cli.as_user UID GID UMASK WORD...

Python and its packages may lie where that user may not look (in the home of root, say). So everything that the command
needs is loaded before: all modules of ours, and what the command loads on a copy of the folder.
"""

import importlib
import io
import os
import pkgutil
import sys
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import domain
import ledger
import projections
from ledger.cli.main import run


def load(words: list[str], text: bytes) -> None:
    """Load what a command needs, by running it on a copy of this folder, with another home and unheard."""
    for package in (domain, ledger, projections):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "bundled" not in module.name:  # a program for strangers
                importlib.import_module(module.name)
    here, home, ours = Path.cwd(), os.environ["HOME"], [os.dup(1), os.dup(2)]
    with TemporaryDirectory() as elsewhere, Path(os.devnull).open("w") as nowhere:
        copytree(here, Path(elsewhere, "copy"))
        os.chdir(Path(elsewhere, "copy"))
        os.environ["HOME"] = elsewhere
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
        run_on(words, text)
        sys.stdout.flush()
        os.chdir(here)
    os.environ["HOME"] = home
    for number, our in zip((1, 2), ours, strict=True):
        os.dup2(our, number)


def run_on(words: list[str], text: bytes) -> int:
    """Run a command that reads this text."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(text))
    return run(words)


if __name__ == "__main__":
    user, group, umask = (int(word) for word in sys.argv[1:4])
    given = sys.stdin.buffer.read()
    if os.geteuid() == 0:
        load(sys.argv[4:], given)
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
    os.umask(umask)
    sys.exit(run_on(sys.argv[4:], given))
