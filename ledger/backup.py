"""Backups: a consistent copy of a ledger that was verified before it is called one, and the way back from it.

The laws of copying:

1. A copy is made beside its place and renamed at the end: killed before, a folder whose name ends in `~` is left.
2. It is on the disk, and was verified in full, before it bears its name.
3. Nothing is ever overwritten.
4. What is older than a checkpoint that is known is not restored under its old name: entries that were signed would be
   missing, and others would take their place. It goes on under another origin, and says so in an entry.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger import folder
from ledger.disk import locked, put, sync
from ledger.errors import Conflict, Damage, NotFound, Unavailable, UsageError
from ledger.folder import Folder
from ledger.store import file
from ledger.transparency import note
from ledger.transparency.hearing import Witness
from ledger.transparency.verification import Subject, Verification

if TYPE_CHECKING:
    from ledger.transparency.finding import Finding, Report
    from ledger.transparency.note import VerifierKey

MANIFEST: Final = "manifest-sha256.txt"
"""A line for each file, as sha256sum writes and checks it."""

ABOUT: Final = "backup.json"
_DATABASES: Final = (folder.ENTRIES, folder.PERSONAL)
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a ledger, and what it was found to hold."""

    path: Path
    origin: str
    size: int
    root: str
    """In base64."""


def back_up(source: Folder, target: Path, witnesses: Iterable[Witness], made_at: str) -> Backup:
    """Copy a ledger, verify the copy in full, and list what is in it.

    Raises:
        Conflict: something is there already.
        Damage: the copy, and so the ledger, is not what was sealed or signed.
        Unavailable: it cannot be written there.
    """
    with _made_beside(target) as copy:
        with locked(source.log):  # so that no personal detail comes or goes between the two files
            for name in _DATABASES:
                if (source.path / name).exists():
                    _copy_database(source.path / name, copy / name)
            shutil.copyfile(source.path / folder.SETTINGS, copy / folder.SETTINGS)
            _copy_log(source.log, copy / folder.LOG)
        report = _sound(replace(source, path=copy), witnesses, ())
        made = Backup(target, source.origin, report.size, note.to_base64(report.root))
        about = {"origin": made.origin, "size": made.size, "root": made.root, "made_at": made_at}
        (copy / ABOUT).write_text(json.dumps(about) + "\n", encoding="utf-8")
        sync([*copy.rglob("*"), copy])
        listed = "".join(f"{digest}  {name}\n" for name, digest in _digests(copy))
        put(copy / MANIFEST, listed.encode(), lasting=True)
    return made


def restore(
    source: Path,
    target: Path,
    witnesses_of: Callable[[str], list[Witness]],
    vkeys: Iterable[VerifierKey],
    new_origin: str | None,
) -> tuple[Folder, Backup]:
    """Make a ledger anew from a backup, verified first; `witnesses_of` gives the checkpoints known of an origin.

    Returns the ledger, and the backup it came from; under a new origin, its log is still to be made.

    Raises:
        NotFound: it is no backup.
        Damage: it is not what was backed up, or not what was signed.
        Conflict: something is there already, or the backup is older than a checkpoint and no new origin was given.
        Unavailable: it cannot be written there.
    """
    _as_listed(source)
    backed_up = folder.open_folder(source)
    witnesses = witnesses_of(backed_up.origin)
    newest = max((one.checkpoint.size for one in witnesses), default=0)
    within = witnesses
    if new_origin is not None:
        within = [one for one in witnesses if one.checkpoint.size <= _size(source)]
    elif newest > _size(source):
        raise Conflict(
            f"the backup holds {_size(source)} entries, and {newest} were signed since",
            why="restored under its name, other entries would take the place of those that are missing",
            mend="restore a newer backup; or go on as another ledger: --new-origin ORIGIN --reason TEXT",
        )
    report = _sound(backed_up, within, vkeys)
    with _made_beside(target) as copy:
        for name in _DATABASES:
            if (source / name).exists():
                shutil.copyfile(source / name, copy / name)
                (copy / name).chmod((source / name).stat().st_mode & 0o777)
        if new_origin is None:
            shutil.copyfile(source / folder.SETTINGS, copy / folder.SETTINGS)
            _copy_log(source / folder.LOG, copy / folder.LOG)
        else:
            folder.write_settings(copy, replace(backed_up, origin=new_origin))
        sync([*copy.rglob("*"), copy])
    made = Backup(source, backed_up.origin, report.size, note.to_base64(report.root))
    return folder.open_folder(target), made


def _sound(copied: Folder, witnesses: Iterable[Witness], vkeys: Iterable[VerifierKey]) -> Report:
    """Verify a copy in full.

    Raises:
        Damage: something in it is not what it was.
    """
    subject = Subject(copied.path, copied.origin, copied.settings_digest, copied.entries, copied.personal)
    verification = Verification(subject, list(witnesses), list(vkeys))
    wrong: list[Finding] = [one for one in verification.findings() if one.gravity == "altered"]
    if wrong:
        told = "; ".join(
            f"{one.kind}{f' entry {one.entry}' if one.entry else ''}: {one.found}" for one in wrong[:_SHOWN]
        )
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise Damage(
            f"the copy is not what was recorded: {told}{more}",
            why="a backup that does not verify is none",
            mend="keep the folder as it is: civic verify names all that differs",
        )
    return verification.report


def _as_listed(source: Path) -> None:
    """Hold a backup against its manifest.

    Raises:
        NotFound: it has none.
        Damage: a file is missing, altered, or not listed.
    """
    try:
        lines = (source / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NotFound(
            f"{source} is not a backup", why=f"it has no {MANIFEST}", mend="name the folder that civic backup made"
        ) from None
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = dict(_digests(source))
    wrong = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
    if wrong:
        raise Damage(
            f"{source} is not as it was made: {', '.join(wrong[:_SHOWN])}",
            why=f"its {MANIFEST} lists other bytes",
            mend="use another backup; sha256sum -c names every file",
        )


def _size(source: Path) -> int:
    with file.explained(source / folder.ENTRIES), closing(file.connect_raw(source / folder.ENTRIES)) as connection:
        return file.head(connection)


def _digests(path: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder but the manifest, by its name there, with its SHA-256 (hex)."""
    for one in sorted(found for found in path.rglob("*") if found.is_file()):
        name = one.relative_to(path).as_posix()
        if name != MANIFEST:
            with one.open("rb") as opened:
                digest = sha256()
                while chunk := opened.read(2**20):
                    digest.update(chunk)
            yield name, digest.hexdigest()


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while somebody writes."""
    with file.explained(source), closing(file.connect_raw(source)) as reading:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, source.stat().st_mode & 0o777))
        with closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)


def _copy_log(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("lock", "*~"))


@contextmanager
def _made_beside(target: Path) -> Iterator[Path]:
    """A new folder that bears its name only when all that is done in it was done."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(f"{target} is there already", why="nothing is ever overwritten", mend="choose another name")
    copy = target.with_name(f"{target.name}~")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(copy, ignore_errors=True)  # of an attempt that was killed
        copy.mkdir()
        yield copy
        copy.replace(target)
        sync([target.parent])
    except OSError as error:
        shutil.rmtree(copy, ignore_errors=True)
        raise Unavailable(
            f"{target} cannot be written: {error.strerror or error}",
            why="nothing is left of the attempt",
            mend="make room, or choose another place",
        ) from error
    except BaseException:
        shutil.rmtree(copy, ignore_errors=True)
        raise


def checked_origin(new_origin: str | None, reason: str | None) -> None:
    """Refuse half of what is needed to go on as another ledger.

    Raises:
        UsageError: one is given without the other, or the origin cannot be one.
    """
    if (new_origin is None) != (reason is None):
        raise UsageError("--new-origin and --reason go together", mend="say under which origin it goes on, and why")
    if new_origin is not None and not note.is_key_name(new_origin):
        raise UsageError(f"{new_origin!r} cannot name a ledger", mend="write it like an address, without spaces")
