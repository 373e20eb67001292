"""The ZIP file of a bundle as a verifier opens it, whoever made it: examined as a whole before anything is read.

A bundle holds its members as they are, one behind the other, with nothing before, between or behind them; whatever is
said of them, in their heads and in the directory, is said byte for byte as `civic bundle` says it. So no member can
unpack to more than the file is long, none can hide, and every other program that reads ZIP sees the same. Nothing is
ever written to the disk.

Source: APPNOTE.TXT 6.3.10 (ZIP), sections 4.3.7, 4.3.12 and 4.3.14 to 16.
"""

from __future__ import annotations

import errno
import re
import stat
import struct
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from ledger.transparency.bundle import FILE, MOST_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_HEAD: Final = struct.Struct("<4s5H3L2H")
"""A member's head, without its name."""
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
"""A member in the directory, without its name."""
_PLACE_64: Final = struct.Struct("<2HQ")
"""Behind the name of a member in the directory: where it lies, if that does not fit."""
_FULL: Final = 0xFFFF, 0xFFFFFFFF
"""Stand in a field of 2 or 4 bytes for a number that does not fit into it."""
_LARGE: Final = 2**31 - 1
"""Above it Python writes places and sizes in 8 bytes."""
_DATE: Final = 0x21
"""The first of January 1980."""
_LONGEST_NAME: Final = 255
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""Relative, no `..`, no backslash, nothing hidden, nothing that a file system would spell in another way."""
_UTF8: Final = 0x800
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_SHOWN: Final = 20


class Malformed(Exception):
    """It is not as a bundle is made; `problems` says why."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a bundle may be."""

    members: int = MOST_MEMBERS
    member: int = 2**28
    """Bytes of one file."""
    whole: int = 2**33
    """Bytes of all."""


class Archive:
    """An examined ZIP file."""

    def __init__(self, archive: zipfile.ZipFile, base: str) -> None:
        self._archive = archive
        self._members = {info.filename.removeprefix(f"{base}/"): info for info in archive.infolist()}

    @property
    def names(self) -> set[str]:
        """The files in it, below their common folder."""
        return set(self._members)

    def read(self, name: str) -> bytes:
        """A file, whole.

        Raises:
            Malformed: it is not there, or its bytes are not what the directory of the ZIP file says.
        """
        if name not in self._members:
            raise Malformed(f"{name} is missing")
        try:
            return self._archive.read(self._members[name])
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, struct.error) as error:
            raise Malformed(f"{name} cannot be read: {error}") from error


@contextmanager
def opened(path: Path, limits: Limits | None = None) -> Iterator[Archive]:
    """Open a ZIP file that is made as that of a bundle.

    Raises:
        Malformed: it is not.
        OSError: it cannot be read.
    """
    limits = limits or Limits()
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OSError(errno.EINVAL, "it is no file", str(path))
    with path.open("rb") as file:
        start = _directory(file, limits)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, struct.error) as error:
            raise Malformed(f"its directory cannot be read: {error}") from error
        with archive:
            members = archive.infolist()
            problems = [*islice(_problems(members, start, limits), _SHOWN)]
            problems = problems or [*islice(_unlike(file, members, start), _SHOWN)]
            if problems:
                raise Malformed(*problems)
            yield Archive(archive, members[0].filename.partition("/")[0])


def _directory(file: BinaryIO, limits: Limits) -> int:
    """Where the directory begins: it must stand at the end, and be no longer than its members need.

    Raises:
        Malformed: it does not.
    """
    length = file.seek(0, 2)
    if length > limits.whole:
        raise Malformed(f"it is {length:,} bytes long, more than the {limits.whole:,} that are read")
    if length < _END.size:
        raise Malformed("it is no ZIP file")
    file.seek(-_END.size, 2)
    word, _, _, _, count, size, start, comment = _END.unpack(file.read(_END.size))
    if word != b"PK\5\6" or comment:
        raise Malformed("it does not end as a ZIP file does: it is cut short, or none, or something was appended")
    end = length - _END.size
    file.seek(max(end - _LOCATOR.size, 0))
    if file.read(4) == b"PK\6\7":  # the same in 8 bytes each, before it
        end -= _LOCATOR.size + _END_64.size
        file.seek(max(end, 0))
        count, size, start = _END_64.unpack(file.read(_END_64.size).ljust(_END_64.size, b"\0"))[7:]
    if start + size != end:
        raise Malformed("there are bytes before, between or behind the members of the ZIP file")
    file.seek(end)
    if file.read() != _end(count, size, start):
        raise Malformed("the end of the ZIP file contradicts itself")
    if count > limits.members:
        raise Malformed(f"it has {count:,} members, more than the {limits.members:,} that are read")
    if not count or not count * _ENTRY.size <= size <= count * (_ENTRY.size + _LONGEST_NAME + 64):
        raise Malformed("its directory is not as long as its members need")
    return int(start)


def _problems(members: list[zipfile.ZipInfo], start: int, limits: Limits) -> Iterator[str]:
    """What no bundle has: by its names, by what its members are, by where they lie."""
    bases: set[str] = set()
    folded: set[str] = set()
    for info in members:
        name = info.orig_filename
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or "/" not in name:
            yield f"{name[:_LONGEST_NAME]!r} is no name of a file in a bundle"
        if name.casefold() in folded:
            yield f"{name!r} stands twice in it, or differs from another name by capitals alone"
        folded.add(name.casefold())
        bases.add(name.partition("/")[0])
        yield from (f"{name!r} {complaint}" for complaint in _complaints(info, limits))
    if len(bases) > 1:
        yield f"it has more than one folder at its top: {', '.join(map(repr, sorted(bases)[:5]))}"
    placed = sorted(members, key=lambda info: info.header_offset)
    ends = [info.header_offset + _HEAD.size + len(info.orig_filename.encode()) + info.compress_size for info in placed]
    starts = [*(info.header_offset for info in placed), start]
    if starts[0] != 0 or any(end != following for end, following in zip(ends, starts[1:], strict=True)):
        yield "its members overlap, or there are bytes between them that belong to none"


def _unlike(file: BinaryIO, members: list[zipfile.ZipInfo], start: int) -> Iterator[str]:
    """What is said of a member otherwise than `civic bundle` says it, in its own head or in the directory."""
    for info in members:
        file.seek(info.header_offset)
        head = _head(info)
        if file.read(len(head)) != head:
            yield f"{info.filename!r} has a head that says something else than the directory, or in another way"
    file.seek(start)
    for info in members:
        entry = _entry(info)
        if file.read(len(entry)) != entry:
            yield f"{info.filename!r} is written in the directory in another way than in a bundle"
            return  # what follows may be shifted
    if [info.filename for info in members] != sorted(info.filename for info in members):
        yield "its members are not in the order of their names"


def _head(info: zipfile.ZipInfo) -> bytes:
    """What stands before a member."""
    name, size = info.filename.encode(), info.file_size
    return _HEAD.pack(b"PK\3\4", 20, 0, zipfile.ZIP_STORED, 0, _DATE, info.CRC, size, size, len(name), 0) + name


def _entry(info: zipfile.ZipInfo) -> bytes:
    """What stands for a member in the directory."""
    name, size, place, extra, version = info.filename.encode(), info.file_size, info.header_offset, b"", 20
    if place > _LARGE:
        place, extra, version = _FULL[1], _PLACE_64.pack(1, 8, place), 45
    made = 3 << 8 | version
    told = (made, version, 0, zipfile.ZIP_STORED, 0, _DATE, info.CRC, size, size, len(name), len(extra), 0, 0, 0)
    return _ENTRY.pack(b"PK\1\2", *told, FILE, place) + name + extra


def _end(count: int, size: int, start: int) -> bytes:
    """What stands behind the directory."""
    whole = b""
    if count > _FULL[0] or size > _LARGE or start > _LARGE:
        whole = _END_64.pack(b"PK\6\6", _END_64.size - 12, 45, 45, 0, 0, count, count, size, start)
        whole += _LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
    count = min(count, _FULL[0])
    return whole + _END.pack(b"PK\5\6", 0, 0, count, count, min(size, _FULL[1]), min(start, _FULL[1]), 0)


def _complaints(info: zipfile.ZipInfo, limits: Limits) -> Iterator[str]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG) or info.external_attr & 0x10:
        yield "is no plain file"
    if info.flag_bits & _ENCRYPTED:
        yield "is encrypted"
    elif info.flag_bits & ~_UTF8:
        yield "is stored in a way that no bundle uses"
    if info.compress_type != zipfile.ZIP_STORED:
        yield "is compressed; a bundle holds its files as they are"
    elif info.compress_size != info.file_size:
        yield "is said to be of another size than it has"
    if info.file_size > limits.member:
        yield f"is {info.file_size:,} bytes long, more than the {limits.member:,} that are read"
