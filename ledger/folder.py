"""A ledger is a folder: what lies in it, how it is made, and how it is found."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.disk import read
from ledger.errors import Damage, NotFound, UsageError
from ledger.store import file

SETTINGS: Final = "ledger.toml"
ENTRIES: Final = "entries.sqlite"
PERSONAL: Final = "personal.sqlite"
VIEWS: Final = "views.sqlite"
LOG: Final = "log"
BACKUP: Final = "backup.json"
"""What is said of a backup, in it; no ledger has one."""

UNNAMED: Final = re.compile(rf"({re.escape(SETTINGS)}|{re.escape(ENTRIES)})-([0-9a-f]{{16}})~(?:-journal)?")
"""A file that `init` has not given its final name yet: which it is to be, and a token of the process that makes it."""

_LONGEST_ORIGIN: Final = 200

_LARGEST_SETTINGS: Final = 2**16
"""Bytes."""

_SLUG = re.compile(r"(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Folder:
    """An opened ledger folder, and what its ledger.toml says."""

    path: Path
    name: str
    origin: str
    """The ledger's own name, the same in no other ledger."""
    custodian: str = ""
    body: str = ""
    """The keeper: the body whose ledger it is, if any."""
    clerk: str = "clerk"
    """Who records, unless said otherwise: a slug, not a person's name."""
    settings_digest: str = ""
    """The SHA-256 (hex) of ledger.toml as it was read; none before it is written."""

    @property
    def entries(self) -> Path:
        """The append-only file of entries."""
        return self.path / ENTRIES

    @property
    def personal(self) -> Path:
        """The file of personal details, which the law may order to be erased."""
        return self.path / PERSONAL

    @property
    def log(self) -> Path:
        """The folder of the transparency log."""
        return self.path / LOG

    @property
    def views(self) -> Path:
        """The disposable file of read models."""
        return self.path / VIEWS


def check_origin(origin: str, option: str) -> None:
    """Refuse what cannot name a ledger.

    Raises:
        UsageError: it cannot.
    """
    from ledger.transparency.note import is_key_name

    if not is_key_name(origin) or len(origin) > _LONGEST_ORIGIN:
        raise UsageError(
            f"{option} {origin!r} cannot name a ledger",
            why=f"checkpoints are signed under it: no space, no plus sign (C2SP), nothing unseen, {_LONGEST_ORIGIN}"
            " letters at most",
            mend="write it like an address: ledger.coventry.example/minutes",
        )


def refuse_inside(target: Path) -> None:
    """Refuse a place inside a ledger or a backup.

    Raises:
        UsageError: it is.
    """
    for one in Path(os.path.realpath(target)).parents:
        if any((one / name).is_file() for name in (SETTINGS, BACKUP)):
            raise UsageError(
                f"{target} is inside {one}, which is a ledger or a backup",
                why="a folder inside it would spoil it",
                mend="choose a place outside of it",
            )


def settings_text(settings: Folder) -> str:
    """What ledger.toml says: what a ledger is called, and who keeps it."""
    kept = {key: getattr(settings, key) for key in ("name", "origin", "custodian", "body", "clerk")}
    return _toml({**kept, "store": "sqlite"})


def is_unfinished(path: Path) -> bool:
    """Whether a folder holds what a stopped `init` leaves: nothing but its files, and no entry in them."""
    sizes = _sizes(path)
    named = {name: size for name, size in sizes.items() if not UNNAMED.fullmatch(name)}
    if not sizes or min(sizes.values()) < 0:
        return False
    begun = named.get(ENTRIES, 0) > 0
    journal = () if begun or ENTRIES not in named else (f"{ENTRIES}-journal",)
    if named.keys() - {SETTINGS, ENTRIES, *journal}:
        return False
    if named.get(SETTINGS, 0) and (begun or not _names_sqlite(path / SETTINGS)):
        return False
    return not begun or file.is_new(path / ENTRIES)


def _sizes(folder: Path) -> dict[str, int]:
    """All that is in a folder, and how large each regular file is (bytes; -1 for anything else); nothing if it is none.

    What another process removes meanwhile is left out.
    """
    sizes = {}
    for one in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            found = one.lstat()
            sizes[one.name] = found.st_size if stat.S_ISREG(found.st_mode) else -1
    return sizes


def _names_sqlite(settings: Path) -> bool:
    """Whether a ledger.toml says that the entries lie next to it."""
    with suppress(OSError, ValueError, RecursionError):
        return tomllib.loads(read(settings, _LARGEST_SETTINGS).decode()).get("store") == "sqlite"
    return False


def open_folder(path: Path) -> Folder:
    """Open a folder that is a ledger.

    Raises:
        NotFound: it is none.
        Damage: its settings cannot be read.
    """
    settings_file = path / SETTINGS
    missing = [name for name in (SETTINGS, ENTRIES) if not (path / name).is_file()]
    if (missing or not all((path / name).stat().st_size for name in (SETTINGS, ENTRIES))) and is_unfinished(path):
        raise NotFound(
            f"{path} is not a ledger yet: it holds no entries, and civic init was stopped before it was finished",
            why=f"a ledger holds {SETTINGS} and {ENTRIES}",
            mend=f"civic init {shlex.quote(str(path))} finishes it; if entries were recorded in it, put {ENTRIES} back"
            " from a copy first",
        )
    if len(missing) == 1:
        raise Damage(
            f"{path} has lost {missing[0]}",
            why=f"a ledger holds {SETTINGS} and {ENTRIES}",
            mend="put it back from a copy of the folder",
        )
    if missing:
        anew = "" if path.exists() else f"; civic init {shlex.quote(str(path))} makes a new one"
        raise NotFound(
            f"{path} is not a ledger",
            why=f"a ledger holds {SETTINGS} and {ENTRIES}",
            mend=f"look at the spelling{anew}",
        )
    try:
        written = read(settings_file, _LARGEST_SETTINGS, follow=False)
        settings = tomllib.loads(written.decode())
        kept = {key: settings.get(key, "") for key in ("name", "origin", "custodian", "body", "clerk")}
        if wrong := _wrong_setting(settings):
            raise ValueError(wrong)  # noqa: TRY301 - one way to say that the file cannot be read
    except (OSError, ValueError, RecursionError) as error:
        raise Damage(
            f"{settings_file} cannot be read: {error}",
            why="it holds the ledger's name and origin",
            mend="put it back from a copy of the folder",
        ) from error
    digest = sha256(written).hexdigest()
    return Folder(path, **{**kept, "clerk": kept["clerk"] or "clerk"}, settings_digest=digest)


def find(named: str | None, environment: Mapping[str, str], here: Path) -> Folder:
    """The ledger that is meant: the one named, CIVIC_LEDGER, this folder, or the only *.ledger folder in it.

    Raises:
        NotFound: there is none.
        UsageError: there are several.
    """
    if named or environment.get("CIVIC_LEDGER"):
        return open_folder(Path(named or environment["CIVIC_LEDGER"]))
    if (here / SETTINGS).is_file():
        return open_folder(here)
    found = sorted(path for path in here.glob("*.ledger") if path.is_dir())
    if len(found) == 1:
        return open_folder(found[0])
    if found:
        names = " and ".join(path.name for path in found)
        one = shlex.quote(found[0].name)
        raise UsageError(f"there are several ledgers here: {names}", mend=f"say which: --ledger {one}")
    raise NotFound(
        "there is no ledger here",
        mend="name one with --ledger DIR or CIVIC_LEDGER, or make one: civic init town.ledger",
    )


def is_slug(text: str) -> bool:
    """Whether `text` is a short name: lower-case letters, digits and single hyphens, with a letter among them."""
    return _SLUG.fullmatch(text) is not None


def may_write(path: Path) -> bool:
    """Whether files can be made in a folder."""
    return os.access(path, os.W_OK)


def _wrong_setting(settings: Mapping[str, object]) -> str:
    """What is wrong with the settings of a ledger; empty when nothing is."""
    for key in ("name", "origin", "custodian", "body", "clerk", "store"):
        value = settings.get(key, "")
        if not isinstance(value, str):
            return f"the setting {key} is {value!r}, which is not text between quotation marks"
        if not value and key in ("origin", "store"):
            return f"the setting {key} is missing"
    if settings["store"] != "sqlite":
        return f"the setting store is {settings['store']!r}, and this release can open 'sqlite' only"
    return ""


def _toml(settings: Mapping[str, str]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=True)}\n" for key, value in settings.items())
