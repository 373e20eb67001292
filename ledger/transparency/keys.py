"""The signing key: kept outside the folder of the ledger, readable by its owner alone.

For each ledger, by its origin: `key.pem` (PKCS#8, with a passphrase or without), `last-signed` (the newest checkpoint
that this machine signed) and, of keys that were rotated out, `retired-<id>.pem`. They lie in CIVIC_KEYS, else in the
user's own data folder.
"""

from __future__ import annotations

import os
import secrets
import shlex
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ledger.disk import make_file, make_folders, publish, put, read, sync, write
from ledger.errors import Conflict, Damage, NotFound, Unavailable, UsageError
from ledger.locks import locked
from ledger.transparency import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ledger.transparency.note import Checkpoint, VerifierKey

KEY: Final = "key.pem"
NEXT: Final = "next.pem"
LAST_SIGNED: Final = "last-signed"

_LONGEST: Final = 200
"""Bytes of the name of a folder, for which file systems allow 255, behind it endings of ours."""

_LONGEST_PASSPHRASE: Final = 1_023
"""Bytes; OpenSSL's limit."""

_LOCKED: Final = b"ENCRYPTED"
"""What the file of a key with a passphrase says in its first line."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys under one name: that of a ledger, or of a witness."""

    home: Path
    name: str
    passphrase: Callable[[str], bytes]
    """Asks for the passphrase of the key that is named; empty when there is none."""

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.home / _as_file_name(self.name)

    @property
    def path(self) -> Path:
        """The file of the key that is in use."""
        return self.folder / KEY

    def make(self, file: str = KEY, *, encrypted: bool = False) -> VerifierKey:
        """Make a new key; returns its public half.

        Raises:
            UsageError: the name cannot be a key's.
            Conflict: there is one already.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not note.is_key_name(self.name):
            raise UsageError(
                f"{self.name!r} cannot be the name of a key",
                why="C2SP: it holds no space and no plus sign; and all of it can be seen",
                mend="write it like an address: archive.leeds.example/witness; a ledger's key bears its origin",
            )
        path = self.folder / file
        if path.exists():
            raise Conflict(
                f"there is a key already: {path}",
                mend="civic key show prints it, that of a witness with --as; civic key rotate replaces a ledger's",
            )
        who = self.name if file == KEY else f"{self.name}, the new one"
        secret = self.passphrase(who) if encrypted else b""
        if encrypted and self.passphrase(f"{who}, once more") != secret:
            raise UsageError("the two are not the same", why="nobody saw what was typed", mend="begin again")
        if encrypted and not 0 < len(secret) <= _LONGEST_PASSPHRASE:
            raise UsageError(
                f"the passphrase is {'too long' if secret else 'empty'}",
                why=f"it takes from 1 to {_LONGEST_PASSPHRASE} bytes",
                mend="choose another, or leave --passphrase out",
            )
        key = Ed25519PrivateKey.generate()
        encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        try:
            self._make_folder()
            made = path.with_name(f"{path.name}-{secrets.token_hex(4)}~")
            descriptor = make_file(made, most=_MODE)
            try:
                write(descriptor, pem)
                os.fsync(descriptor)
                publish(made, path)
            finally:
                os.close(descriptor)
                made.unlink(missing_ok=True)
            sync([self.folder])
        except FileExistsError:
            raise Conflict(f"there is a key already: {path}", mend="civic key show prints it") from None
        except OSError as error:
            raise Unavailable(
                f"{path} cannot be made: {error.strerror}", mend="look at the folder, or set CIVIC_KEYS"
            ) from error
        return note.verifier_of(key, self.name)

    def is_locked(self) -> bool:
        """Whether the key that is in use has a passphrase.

        Raises:
            OSError: it cannot be read.
        """
        return _LOCKED in read(self.path)

    def load(self, file: str = KEY) -> Ed25519PrivateKey:
        """The key itself.

        Raises:
            NotFound: there is none.
            UsageError: others can read it, or the passphrase is wrong.
            Damage: it is not an Ed25519 key.
        """
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        path = self.folder / file
        try:
            mode = path.stat().st_mode
            pem = read(path)
        except FileNotFoundError:
            raise NotFound(
                f"there is no key of {self.name} here",
                why=f"it would be {path}",
                mend="put it back from your copy, or sign on the machine that has it; if there never was one: "
                "civic key init (a witness adds --as NAME)",
            ) from None
        except OSError as error:
            raise Unavailable(f"{path} cannot be read: {error.strerror}", mend="look at the file") from error
        if mode & _OTHERS:
            raise UsageError(
                f"others can read the key {path}",
                why="whoever has it can sign in the ledger's name",
                mend=f"chmod 600 {shlex.quote(str(path))}; if somebody may have read it: civic key rotate",
            )
        who = self.name if file == KEY else f"{self.name}, the new one"
        secret = self.passphrase(who) if _LOCKED in pem else b""
        try:
            key = load_pem_private_key(pem, secret or None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            if _LOCKED in pem:
                raise UsageError(
                    "the passphrase is wrong",
                    why=f"it unlocks {path}",
                    mend="type it again, or look at CIVIC_PASSPHRASE; if it is lost, so is the key: move that file"
                    " away, and civic key init makes another, which the ledger then names beside it",
                ) from error
            raise Damage(f"{path} is not a key: {error}", mend="put it back from a copy") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise Damage(f"{path} is not an Ed25519 key", mend="put it back from a copy")
        return key

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else who asks makes or changes keys of this name meanwhile."""
        try:
            self._make_folder()
        except OSError as error:
            raise Unavailable(
                f"{self.folder} cannot be made: {error.strerror}", mend="look at the folder, or set CIVIC_KEYS"
            ) from error
        with locked(self.folder):
            yield

    def replace(self, former: VerifierKey) -> None:
        """Put the next key in the place of the former one, which is kept as retired."""
        self.path.replace(self.folder / f"retired-{former.id.hex()}.pem")
        # Killed here, there is a next key and none in use: `rotate`, asked again, goes on from there.
        self.take_up()

    def take_up(self) -> None:
        """Put the next key in the place in which none is."""
        (self.folder / NEXT).replace(self.path)
        sync([self.folder])

    def last_signed(self) -> Checkpoint | None:
        """The newest checkpoint that was signed here.

        Raises:
            Damage: it cannot be read.
        """
        path = self.folder / LAST_SIGNED
        try:
            return note.parse_checkpoint(read(path))
        except FileNotFoundError:
            return None
        except (OSError, note.Malformed) as error:
            raise Damage(
                f"{path} cannot be read: {error}",
                why="it tells what was signed before, so that nothing else is signed in its place",
                mend="put it back: it is the newest checkpoint that was signed here",
            ) from error

    def remember(self, checkpoint: str) -> None:
        """Keep what is signed, before anybody sees it."""
        self._make_folder()
        put(self.folder / LAST_SIGNED, checkpoint.encode(), lasting=True, most=_MODE)

    def _make_folder(self) -> None:
        make_folders(self.folder, lasting=True, most=0o700)


def _as_file_name(name: str) -> str:
    """What lies under this name is found under no other, and nowhere else; other people's names may be anything."""
    written = quote(name, safe="")
    if len(written) > _LONGEST or not written.strip("."):
        return f"%sha256-{sha256(name.encode()).hexdigest()}"  # no quoted name reads so
    return written


def home(environment: Mapping[str, str]) -> Path:
    """Where keys are kept."""
    if named := environment.get("CIVIC_KEYS"):
        return Path(named)
    import platformdirs

    try:
        return platformdirs.user_data_path("civic-ledger") / "keys"
    except RuntimeError as error:  # there is no HOME, and whoever asks is no user of this machine
        raise UsageError("nobody knows where your keys are kept", why=str(error), mend="set CIVIC_KEYS") from error


def rotation(former: str, new: str) -> str:
    """What both keys sign when one takes the place of the other."""
    return f"civic-ledger-key-rotation/1\nformer {former}\nnew {new}\n"


def is_rotation(event: Mapping[str, object]) -> bool:
    """Whether the particulars of a key-rotated bear the signatures of both keys."""
    try:
        pairs = [
            (note.parse_key(str(event["former"])), str(event["signed_by_former"])),
            (note.parse_key(str(event["vkey"])), str(event["signed_by_new"])),
        ]
        text = rotation(str(pairs[0][0]), str(pairs[1][0]))
        for key, encoded in pairs:
            line = note.parse_signature(f"— {key.name} {encoded}")
            if line.key_id != key.id:
                return False
            key.verify(line.signature, text.encode())
    except (KeyError, note.Malformed, note.Forged):
        return False
    return True
