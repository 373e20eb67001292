"""Backups: a consistent copy of a ledger that was verified before it is called one, and the way back from it.

The laws of backups, beside those of copying:

1. All of a copy is on the disk, and the copy itself was verified in full, before it bears its name.
2. Nothing is copied that the manifest does not list. A backup holds regular files and plain folders, and no others.
3. What is older than a checkpoint that is known is not restored under its old name: entries that were signed would be
   missing, and others would take their place. It goes on under another origin, and says so in an entry.
"""

from __future__ import annotations

import errno
import io
import json
import re
import shutil
from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger import folder
from ledger.copies import below, copy_database, copy_file, copy_log, digest, made_beside
from ledger.disk import put, read, sync
from ledger.errors import Conflict, Damage, NotFound, Unavailable, UsageError
from ledger.folder import Folder
from ledger.store import file
from ledger.transparency import note
from ledger.transparency.hearing import Witness
from ledger.transparency.log_writing import log_locked
from ledger.transparency.sealing import read_head
from ledger.transparency.verification import Subject, Verification

if TYPE_CHECKING:
    from ledger.transparency.finding import Finding, Report
    from ledger.transparency.note import VerifierKey

MANIFEST: Final = "manifest-sha256.txt"
"""A line for each file, as sha256sum writes and checks it."""

_LAID_BY_READERS: Final = (folder.VIEWS, f"{folder.LOG}/lock")
"""What comes to lie in a backup when somebody looks into it with `civic`; it is of no ledger, and is not restored."""
_DATABASES: Final = (folder.ENTRIES, folder.PERSONAL)
_LINE: Final = re.compile(rb"([0-9a-f]{64})  (.+)\n")
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
        UsageError: it cannot be made there.
        Damage: the copy, and so the ledger, is not what was sealed or signed.
        Unavailable: it cannot be written there.
    """
    with made_beside(target) as copy:
        with log_locked(source.log):  # so that no personal detail comes or goes between the two files
            for name in _DATABASES:
                if (source.path / name).exists():
                    copy_database(source.path / name, copy / name)
            copy_file(source.path / folder.SETTINGS, copy / folder.SETTINGS)
            copy_log(source.log, copy / folder.LOG)
        report = _sound(replace(source, path=copy), witnesses, ())
        made = Backup(target, source.origin, report.size, note.to_base64(report.root))
        about = {"origin": made.origin, "size": made.size, "root": made.root, "made_at": made_at}
        (copy / folder.BACKUP).write_text(json.dumps(about) + "\n", encoding="utf-8")
        sync([*copy.rglob("*"), copy])
        names = sorted(name for name, _ in below(copy))
        put(copy / MANIFEST, b"".join(_line(name, digest(copy / name)) for name in names), lasting=True)
    return made


def restore(
    source: Path,
    target: Path,
    witnesses_of: Callable[[str], list[Witness]],
    vkeys: Iterable[VerifierKey],
    new_origin: str | None,
    record: Callable[[Folder, Backup], None],
) -> tuple[Folder, Backup]:
    """Make a ledger anew from a backup; `witnesses_of` gives the checkpoints known of an origin.

    Under a new origin, `record` is given the copy, and the backup it came from: it records that it was restored.
    Returns the ledger, and the backup.

    Raises:
        NotFound: it is no backup.
        Damage: it is not what was backed up, or not what was signed.
        Conflict: something is there already, or the backup is older than a checkpoint and no new origin was given.
        UsageError: it cannot be made there, or the new origin is the old one.
        Unavailable: it cannot be written there.
    """
    listed = _listed(source)
    with made_beside(target) as copy:
        _copy_listed(source, copy, listed)
        backed_up = replace(folder.open_folder(source), path=copy)
        size = _size(copy)
        witnesses = witnesses_of(backed_up.origin)
        newest = max((one.checkpoint.size for one in witnesses), default=0)
        if new_origin == backed_up.origin:
            raise UsageError(
                f"{new_origin} is what the ledger in the backup is called itself",
                why="two histories under one name cannot be told apart",
                mend="choose a name that no ledger bore",
            )
        if new_origin is not None:
            witnesses = [one for one in witnesses if one.checkpoint.size <= size]
        elif newest > size:
            raise Conflict(
                f"the backup holds {size} entries, and {newest} were signed since",
                why="restored under its name, other entries would take the place of those that are missing",
                mend="restore a newer backup; or go on as another ledger: --new-origin ORIGIN --reason TEXT",
            )
        report = _sound(backed_up, witnesses, vkeys, forgiven=("CHECKPOINT-MISSING",))  # signed since: laid there again
        for name, _ in [*below(copy)]:
            if not _is_restored(name):
                (copy / name).unlink()  # SQLite laid it there when the copy was verified
        made = Backup(source, backed_up.origin, report.size, note.to_base64(report.root))
        if new_origin is not None:
            _go_on(replace(backed_up, origin=new_origin), made, record)
        sync([*copy.rglob("*"), copy])
    return folder.open_folder(target), made


def _go_on(renamed: Folder, made: Backup, record: Callable[[Folder, Backup], None]) -> None:
    """Make another ledger of a copy: with the new origin in its settings, the entry that says so, and a log.

    Raises:
        Unavailable: the log cannot be written.
    """
    shutil.rmtree(renamed.log, ignore_errors=True)
    put(renamed.path / folder.SETTINGS, folder.settings_text(renamed).encode(), like=renamed.entries, lasting=True)
    renamed = folder.open_folder(renamed.path)
    record(renamed, made)
    report = _sound(renamed, (), ())
    head = read_head(renamed.log)
    if head is None or head.size != report.size or head.size == made.size:
        raise Unavailable("the log of the restored ledger cannot be written", mend="make room, or choose another place")


def _sound(
    copied: Folder, witnesses: Iterable[Witness], vkeys: Iterable[VerifierKey], *, forgiven: Collection[str] = ()
) -> Report:
    """Verify a copy in full.

    Raises:
        Damage: something in it is not what it was.
    """
    subject = Subject(copied.path, copied.origin, copied.settings_digest, copied.entries, copied.personal)
    verification = Verification(subject, list(witnesses), list(vkeys))
    wrong: list[Finding] = [
        one for one in verification.findings() if one.gravity == "altered" and one.kind not in forgiven
    ]
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


def _listed(source: Path) -> dict[str, str]:
    """What the manifest of a backup lists: each file by its name, with its SHA-256 (hex).

    Raises:
        NotFound: it has none.
        Damage: it is not written as it should be.
        Unavailable: it cannot be read.
    """
    path = source / MANIFEST
    try:
        lines = io.BytesIO(read(path))
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(
            f"{source} is not a backup", why=f"it has no {MANIFEST}", mend="name the folder that civic backup made"
        ) from None
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EFBIG):
            raise Damage(f"{path} {error.strerror}", why="it lists the files", mend="use another backup") from None
        raise Unavailable(f"{path} cannot be read: {error.strerror}", mend="look at the file") from error
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        name = found[2].decode("utf-8", "surrogateescape") if found else ""
        if found is None or name in listed:
            raise Damage(
                f"{path} is not written as it should be: line {number}",
                why="it has the SHA-256 and the name of a file on each line, and names none twice",
                mend="use another backup",
            )
        listed[name] = found[1].decode()
    return listed


def _copy_listed(source: Path, copy: Path, listed: dict[str, str]) -> None:
    """Copy what a backup holds of a ledger, and hold the copy against the manifest; what else is listed is only read.

    Raises:
        Damage: a file is missing or altered; or something lies there that is not listed, or is no file.
    """
    found = dict(below(source))
    passed = (MANIFEST, *_LAID_BY_READERS, *listed)
    added = sorted(name for name, regular in found.items() if not regular or name not in passed)
    if added:
        raise Damage(
            f"{source} holds what is not of the backup: {_shown(added)}",
            why=f"it holds the files that {MANIFEST} lists, and neither links nor others",
            mend="look at what was added, and move it away; or use another backup",
        )
    wrong = sorted(listed.keys() - found.keys())
    for name in sorted(listed.keys() & found.keys()):
        restored = _is_restored(name)
        if restored:
            copy_file(source / name, copy / name)
        if digest((copy if restored else source) / name) != listed[name]:
            wrong.append(name)
    if wrong:
        raise Damage(
            f"{source} is not as it was made: {_shown(wrong)}",
            why=f"its {MANIFEST} lists other bytes",
            mend=f"use another backup; sha256sum -c {MANIFEST}, in that folder, names every file",
        )


def _is_restored(name: str) -> bool:
    """Whether a file is of the ledger itself, not of the backup."""
    return name in (*_DATABASES, folder.SETTINGS) or name.startswith(f"{folder.LOG}/")


def _shown(names: list[str]) -> str:
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _size(copy: Path) -> int:
    with file.explained(copy / folder.ENTRIES), closing(file.connect_raw(copy / folder.ENTRIES)) as connection:
        return file.head(connection)


def _line(name: str, digest: str) -> bytes:
    return f"{digest}  {name}\n".encode("utf-8", "surrogateescape")


def checked_origin(new_origin: str | None, reason: str | None) -> None:
    """Refuse half of what is needed to go on as another ledger.

    Raises:
        UsageError: one is given without the other, or the origin cannot be one.
    """
    if (new_origin is None) != (reason is None):
        raise UsageError("--new-origin and --reason go together", mend="say under which origin it goes on, and why")
    if new_origin is not None:
        folder.check_origin(new_origin, "--new-origin")
