"""A ledger is a folder: what lies in it, how it is made, and how it is found."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.disk import read
from ledger.errors import Conflict, Damage, NotFound, Unavailable, UsageError
from ledger.store import file
from ledger.store.errors import StoreError

SETTINGS: Final = "ledger.toml"
ENTRIES: Final = "entries.sqlite"
PERSONAL: Final = "personal.sqlite"
VIEWS: Final = "views.sqlite"
LOG: Final = "log"
BACKUP: Final = "backup.json"
"""What is said of a backup, in it; no ledger has one."""

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


def create(
    path: Path, *, name: str = "", origin: str = "", custodian: str = "", body: str = "", clerk: str = ""
) -> Folder:
    """Make a new ledger; `entries.sqlite` comes last, so that a half-made folder is never taken for a ledger.

    Raises:
        Conflict: something is there already.
        UsageError: a slug is not one, the origin cannot be one, or it would lie inside a ledger or a backup.
        Unavailable: the folder cannot be made.
    """
    for what, slug in (("--body", body), ("--clerk", clerk)):
        if slug and not is_slug(slug):
            raise UsageError(
                f"{what} {slug!r} is not a short name", mend="write lower-case letters, digits and hyphens"
            )
    if origin:
        check_origin(origin, "--origin")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Conflict(
            f"{path} is there already, and is not empty",
            why="init only makes new ledgers",
            mend="choose another folder, or use the one that is there",
        )
    refuse_inside(path)
    name = name or path.name.removesuffix(".ledger")
    origin = origin or f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or 'ledger'}-{secrets.token_hex(6)}"
    made_here = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_settings(path, Folder(path, name, origin, custodian, body, clerk or "clerk"))
        file.create(path / ENTRIES)
    except (OSError, StoreError) as error:
        for name_made in (SETTINGS, ENTRIES):
            with suppress(OSError):
                (path / name_made).unlink(missing_ok=True)
        if made_here:
            with suppress(OSError):
                path.rmdir()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unavailable(
            f"{path} cannot be made: {reason}",
            why="nothing is left of the attempt",
            mend="make room, or choose a folder you may write to",
        ) from error
    return open_folder(path)


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


def write_settings(path: Path, settings: Folder) -> None:
    """Write down what a ledger is called, and who keeps it."""
    kept = {key: getattr(settings, key) for key in ("name", "origin", "custodian", "body", "clerk")}
    (path / SETTINGS).write_text(_toml({**kept, "store": "sqlite"}), encoding="utf-8")


def open_folder(path: Path) -> Folder:
    """Open a folder that is a ledger.

    Raises:
        NotFound: it is none.
        Damage: its settings cannot be read.
    """
    settings_file = path / SETTINGS
    missing = [name for name in (SETTINGS, ENTRIES) if not (path / name).is_file()]
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
        written = read(settings_file, _LARGEST_SETTINGS)
        settings = tomllib.loads(written.decode())
        kept = {key: settings.get(key, "") for key in ("name", "origin", "custodian", "body", "clerk")}
        if (
            settings.get("store") != "sqlite"
            or not all(isinstance(value, str) for value in kept.values())
            or not kept["origin"]
        ):
            raise ValueError("a setting is missing or not of its kind")  # noqa: TRY301 - one sentence for every way to be unreadable
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


def _toml(settings: Mapping[str, str]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=True)}\n" for key, value in settings.items())
