"""Backups: a consistent copy of a ledger that was verified before it is called one, and the way back from it.

The laws of copying:

1. A copy is made beside its place, in a new folder whose name ends in `~`, and renamed at the end: killed before, that
   folder is left, and nothing bears the name.
2. All of it is on the disk, and the copy itself was verified in full, before it bears its name.
3. Nothing is ever overwritten or removed that was there before.
4. Nothing is copied that the manifest does not list. A backup holds regular files and plain folders, and no others.
5. What is older than a checkpoint that is known is not restored under its old name: entries that were signed would be
   missing, and others would take their place. It goes on under another origin, and says so in an entry.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, NoReturn

from ledger import folder
from ledger.disk import locked, put, read, sync
from ledger.errors import Conflict, Damage, NotFound, Unavailable, UsageError
from ledger.folder import Folder
from ledger.store import file
from ledger.transparency import note
from ledger.transparency.hearing import Witness
from ledger.transparency.sealing import read_head
from ledger.transparency.verification import Subject, Verification

if TYPE_CHECKING:
    from ledger.transparency.finding import Finding, Report
    from ledger.transparency.note import VerifierKey

MANIFEST: Final = "manifest-sha256.txt"
"""A line for each file, as sha256sum writes and checks it."""

ABOUT: Final = "backup.json"
_DATABASES: Final = (folder.ENTRIES, folder.PERSONAL)
_LINE: Final = re.compile(rb"([0-9a-f]{64})  (.+)\n")
_TAKEN: Final = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)
_SHOWN: Final = 3
_PREFIX: Final = 40
"""Characters of its name that the folder beside it bears, so that the whole is never too long."""


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
    with _made_beside(target) as copy:
        with locked(source.log):  # so that no personal detail comes or goes between the two files
            for name in _DATABASES:
                if (source.path / name).exists():
                    _copy_database(source.path / name, copy / name)
            _copy(source.path / folder.SETTINGS, copy / folder.SETTINGS)
            _copy_log(source.log, copy / folder.LOG)
        report = _sound(replace(source, path=copy), witnesses, ())
        made = Backup(target, source.origin, report.size, note.to_base64(report.root))
        about = {"origin": made.origin, "size": made.size, "root": made.root, "made_at": made_at}
        (copy / ABOUT).write_text(json.dumps(about) + "\n", encoding="utf-8")
        sync([*copy.rglob("*"), copy])
        names = sorted(name for name, _ in _below(copy))
        put(copy / MANIFEST, b"".join(_line(name, _digest(copy / name)) for name in names), lasting=True)
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
        UsageError: it cannot be made there.
        Unavailable: it cannot be written there.
    """
    listed = _listed(source)
    with _made_beside(target) as copy:
        _copy_listed(source, copy, listed)
        backed_up = replace(folder.open_folder(source), path=copy)
        size = _size(copy)
        witnesses = witnesses_of(backed_up.origin)
        newest = max((one.checkpoint.size for one in witnesses), default=0)
        if new_origin is not None:
            witnesses = [one for one in witnesses if one.checkpoint.size <= size]
        elif newest > size:
            raise Conflict(
                f"the backup holds {size} entries, and {newest} were signed since",
                why="restored under its name, other entries would take the place of those that are missing",
                mend="restore a newer backup; or go on as another ledger: --new-origin ORIGIN --reason TEXT",
            )
        report = _sound(backed_up, witnesses, vkeys)
        for name, _ in [*_below(copy)]:
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
    folder.write_settings(renamed.path, renamed)
    record(renamed, made)
    report = _sound(renamed, (), ())
    head = read_head(renamed.log)
    if head is None or head.size != report.size or head.size == made.size:
        raise Unavailable("the log of the restored ledger cannot be written", mend="make room, or choose another place")


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
    found = dict(_below(source))
    added = sorted(name for name, regular in found.items() if not regular or name not in (MANIFEST, *listed))
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
            _copy(source / name, copy / name)
        if _digest((copy if restored else source) / name) != listed[name]:
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


def _below(path: Path) -> Iterator[tuple[str, bool]]:
    """All that is below a folder and no plain folder, by its name there, and whether it is a regular file.

    No link is followed.
    """
    for where, folders, names in os.walk(path, onerror=_raised):
        for one in (Path(where, name) for name in (*folders, *names)):
            mode = one.lstat().st_mode
            if not stat.S_ISDIR(mode):
                yield one.relative_to(path).as_posix(), stat.S_ISREG(mode)


def _raised(error: OSError) -> NoReturn:
    raise error


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _line(name: str, digest: str) -> bytes:
    return f"{digest}  {name}\n".encode("utf-8", "surrogateescape")


def _copy(source: Path, target: Path) -> None:
    """Copy a file with its permissions; its owner may write the copy, also of one from a medium that is only read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(source.stat().st_mode & 0o777 | 0o600)


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while somebody writes."""
    with file.explained(source), closing(file.connect_raw(source)) as reading:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, source.stat().st_mode & 0o777))
        with closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode = DELETE")  # else whoever verifies it lays a -wal and -shm beside it


def _copy_log(source: Path, target: Path) -> None:
    """Copy the files of a log, but for its lock and what a killed write left.

    Raises:
        Damage: something in it is no file.
    """
    for name, regular in _below(source) if source.is_dir() else ():
        if name == "lock" or any(part.endswith("~") for part in name.split("/")):
            continue
        if not regular:
            raise Damage(
                f"{source / name} is neither a file nor a folder",
                why="a log holds no links",
                mend="look at what it is, and move it away",
            )
        _copy(source / name, target / name)


@contextmanager
def _made_beside(target: Path) -> Iterator[Path]:
    """A new folder that bears its name only when all that is done in it was done.

    Raises:
        Conflict: something is there already, or came to be there meanwhile.
        UsageError: it cannot be made there.
        Unavailable: it cannot be written there.
    """
    beside: str | None = None
    try:
        place = _free(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = mkdtemp(dir=place.parent, prefix=f"{place.name[:_PREFIX]}-", suffix="~")  # nobody else may look in
        copy = Path(beside, place.name)
        copy.mkdir()
        yield copy
        try:
            copy.rename(place)  # an empty folder gives way
        except OSError as error:
            if error.errno in _TAKEN:
                raise _taken(target) from error
            raise
        sync([place.parent])
    except OSError as error:
        about = f" ({error.filename})" if error.filename else ""
        raise Unavailable(
            f"{target} cannot be made: {error.strerror or error}{about}",
            why="nothing is left of the attempt",
            mend="make room, or choose another place",
        ) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)


def _free(target: Path) -> Path:
    """The place that is meant, where nothing is yet.

    Raises:
        Conflict: something is there.
        UsageError: it is the folder that one is in, or inside a ledger or a backup.
    """
    place = Path(os.path.realpath(target))
    if place.exists():
        if not place.is_dir() or any(place.iterdir()):
            raise _taken(target)
        if place.samefile(os.curdir):
            raise UsageError(
                "the folder you are in cannot be replaced",
                why="what is made takes its place as a whole, when it is complete",
                mend="name a folder that is not there yet",
            )
    for one in place.parents:
        if any((one / name).is_file() for name in (folder.SETTINGS, MANIFEST)):
            raise UsageError(
                f"{target} is inside {one}, which is a ledger or a backup",
                why="a folder inside it would spoil it",
                mend="choose a place outside of it",
            )
    return place


def _taken(target: Path) -> Conflict:
    return Conflict(f"{target} is there already", why="nothing is ever overwritten", mend="choose another name")


def checked_origin(new_origin: str | None, reason: str | None) -> None:
    """Refuse half of what is needed to go on as another ledger.

    Raises:
        UsageError: one is given without the other, or the origin cannot be one.
    """
    if (new_origin is None) != (reason is None):
        raise UsageError("--new-origin and --reason go together", mend="say under which origin it goes on, and why")
    if new_origin is not None and not note.is_key_name(new_origin):
        raise UsageError(f"{new_origin!r} cannot name a ledger", mend="write it like an address, without spaces")
