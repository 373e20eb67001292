"""The ZIP file of a bundle as a verifier opens it, whoever made it: examined as a whole before any member is read.

A bundle is judged by its members, so it may be zipped again in another way. Refused is what could do harm: names that
stand twice or lead elsewhere, anything but plain files and folders, and what unpacks without end. Nothing is ever
written to the disk.
"""

from __future__ import annotations

import errno
import io
import re
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from ledger.transparency.bundle import MOST_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LONGEST_NAME: Final = 255
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""Relative, no `..`, no backslash, nothing hidden, nothing that a file system would spell in another way."""
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that Python unpacks in bounded memory."""
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
"""What Python raises where a ZIP file is damaged or of a kind that it does not read."""
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
    """Bytes of one file, and of the directory of the ZIP file."""
    whole: int = 2**33
    """Bytes of all files, unpacked."""


class _File(io.BufferedReader):
    """A file of which at most so many bytes are read at once, whatever is said in it of its directory."""

    most: int

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise Malformed(f"a part of it is {size:,} bytes long, more than the {self.most:,} that are read")
        return super().read(size)


class Archive:
    """An examined ZIP file."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members

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
        info = self._members[name]
        try:
            with self._archive.open(info) as member:
                return member.read(info.file_size + 1)  # without a number, Python unpacks it whatever its size
        except _UNREADABLE as error:
            raise Malformed(f"{name} cannot be read: {error}") from error


@contextmanager
def opened(path: Path, limits: Limits | None = None) -> Iterator[Archive]:
    """Open a ZIP file that can be read without harm.

    Raises:
        Malformed: it cannot.
        OSError: it cannot be read at present.
    """
    limits = limits or Limits()
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OSError(errno.EINVAL, "it is no file", str(path))
    with _File(io.FileIO(path)) as file:
        file.most = limits.member
        length = file.seek(0, io.SEEK_END)
        try:
            archive = zipfile.ZipFile(file)
        except _UNREADABLE as error:
            raise Malformed(f"its directory cannot be read: {error}") from error
        with archive:
            problems = [*islice(_problems(archive.infolist(), length, limits), _SHOWN)]
            if problems:
                raise Malformed(*problems)
            files = (info for info in archive.infolist() if not _is_folder(info))
            yield Archive(archive, {info.filename.partition("/")[2]: info for info in files})


def _problems(members: list[zipfile.ZipInfo], length: int, limits: Limits) -> Iterator[str]:
    """What no bundle has: by how much there is, by its names, by what its members are."""
    if len(members) > limits.members:
        yield f"it has {len(members):,} members, more than the {limits.members:,} that are read"
    whole = sum(info.file_size for info in members)
    if whole > limits.whole:
        yield f"it unpacks to {whole:,} bytes, more than the {limits.whole:,} that are read"
    bases: set[str] = set()
    folded: set[str] = set()
    for info in members:
        name = info.orig_filename
        plain = name.removesuffix("/")
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(plain) or "/" not in name:
            yield f"{name[:_LONGEST_NAME]!r} is no name of a file in a bundle"
        if plain.casefold() in folded:
            yield f"{name!r} stands twice in it, or differs from another name by capitals alone"
        folded.add(plain.casefold())
        bases.add(name.partition("/")[0])
        yield from (f"{name!r} {complaint}" for complaint in _complaints(info, length, limits))
    if len(bases) != 1:
        yield f"it has not one folder at its top but {len(bases)}: {', '.join(map(repr, sorted(bases)[:5]))}"


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith("/")  # its own is_dir stumbles over a member without a name


def _complaints(info: zipfile.ZipInfo, length: int, limits: Limits) -> Iterator[str]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    folder = _is_folder(info)
    if kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG) or (folder and info.file_size):
        yield "is neither a plain file nor a folder"
    if info.compress_type not in _METHODS:
        yield "is compressed in a way that is not read"
    if info.file_size > limits.member:
        yield f"is {info.file_size:,} bytes long, more than the {limits.member:,} that are read"
    if not 0 <= info.header_offset < length:
        yield "is said to lie outside of the file"
