"""Verifies this bundle with nothing but Python 3.8 or newer: python3 -I -S verify.py [NAME+ID+KEY].

With a key, which you know from elsewhere, the checkpoint must be signed with it. Exit 0: it is as printed. Exit 1:
something is not what it should be, each named. It reads one file at a time, and changes nothing; VERIFY.txt says in
plain words what each step means.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import sys
from hashlib import sha256, sha512
from pathlib import Path

HERE = Path(__file__).resolve().parent
TAGS = ("VERIFY.txt", "bag-info.txt", "bagit.txt", "manifest-sha256.txt", "verify.py")
TAGMANIFEST = "tagmanifest-sha256.txt"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)")
CHECKPOINT = re.compile(
    r"([^\n]+)\n([1-9][0-9]{0,11})\n([A-Za-z0-9+/]{43}=)\n\n((?:\u2014 [^\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,100})"
)
KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})")
LEAF = re.compile(
    rb"civic-ledger-entry/1\nposition ([1-9][0-9]{0,18})\nid ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\n"
    rb"type [a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]*\nrecorded (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\n"
    rb"actor ([a-z0-9]+(?:-[a-z0-9]+)*)\ntags-sha256 [0-9a-f]{64}\n"
    rb"content-sha256 ([0-9a-f]{64})\n((?:detached [0-9a-f]{64}\n)*)"
)
HEAD = re.compile(
    rb'\{"id":"([0-9a-f-]{36})",(?:"key":"(?:[^"\\\x00-\x1f]|\\["\\/bfnrtu])*",)?"salt":"([0-9a-f]{32})",'
    rb'"recorded_at":"([^"\\]+)","recorded_by":"([^"\\]+)",(?:"detached":\[([^]]*)\],)?"evidence":'
)
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000]"
)  # what a terminal obeys or hides; spaces of other kinds too
LONGEST_LEAF, LONGEST_CHECKPOINT, LONGEST_KEYS, MOST_KEYS = 65_535, 2**20, 2**16, 100
SHOWN = 20


class Bad(Exception):
    """Nothing further can be judged."""


class Bundle:
    """The unpacked bundle, and what is wrong with it."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.sums: dict[str, str] = {}
        self.used: set[str] = set()

    def check(self, right: bool, complaint: str) -> bool:  # noqa: FBT001 - it reads as a sentence
        """Note the complaint unless it is right."""
        if not right:
            self.wrong.append(complaint)
        return right

    def read(self, name: str) -> bytes:
        """A file, which must be what the manifest says."""
        self.used.add(name)
        try:
            data = HERE.joinpath(name).read_bytes()
        except OSError as error:
            raise Bad(f"{name} cannot be read: {error.strerror}") from None
        self.check(sha256(data).hexdigest() == self.sums.get(name), f"{name} is not what the manifest says")
        return data


def files() -> set[str]:
    """All that lies here; links and the like are refused."""
    found: set[str] = set()
    for folder, folders, names in os.walk(str(HERE)):
        for path in (Path(folder, name) for name in folders + names):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise Bad(f"{path} is no file")
            if path.is_file():
                found.add(path.relative_to(HERE).as_posix())
    return found


def manifests(bundle: Bundle, here: set[str]) -> None:
    """The files are those of the manifests, neither more nor fewer."""
    for manifest, own in ((TAGMANIFEST, True), ("manifest-sha256.txt", False)):
        try:
            lines = HERE.joinpath(manifest).read_bytes().decode("ascii").split("\n")
        except (OSError, UnicodeDecodeError):
            raise Bad(f"{manifest} cannot be read") from None
        bundle.check(lines.pop() == "", f"{manifest} is cut short")
        for line in lines:
            sum_ = SUM.fullmatch(line)
            listed = sum_ is not None and (sum_[2] in bundle.sums or sum_[2] == TAGMANIFEST)
            if sum_ is None or listed or sum_[2].startswith("data/") is own:
                raise Bad(f"{manifest} is not written as it should be: {line[:80]!r}")
            bundle.sums[sum_[2]] = sum_[1]
    for name in sorted(here ^ {*bundle.sums, TAGMANIFEST}):
        bundle.wrong.append(f"{name}: it is only here, or only in the manifest")


def read_text(bundle: Bundle, name: str, longest: int) -> str:
    """A file of lines of UTF-8 in which all is seen."""
    data = bundle.read(name)
    if len(data) > longest:
        raise Bad(f"{name} is longer than {longest} bytes")
    if data and not data.endswith(b"\n"):
        raise Bad(f"{name} is cut short: its last line does not end")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Bad(f"{name} is not UTF-8") from None
    if UNSEEN.search(text):
        raise Bad(f"{name} has characters that are not seen")
    return text


def read_checkpoint(bundle: Bundle) -> tuple[str, int, str, list[tuple[str, bytes]]]:
    """The origin, the size, the root (base64), and of each signature the name and the bytes."""
    lines = CHECKPOINT.fullmatch(read_text(bundle, "data/checkpoint", LONGEST_CHECKPOINT))
    if lines is None:
        raise Bad("data/checkpoint is not written as a checkpoint is")
    signatures = [(line.split(" ")[1], decoded(line.split(" ")[2])) for line in lines[4].split("\n")[:-1]]
    if any(len(signature) <= 4 for _, signature in signatures):
        raise Bad("there is a signature that is none")
    return lines[1], int(lines[2]), lines[3], signatures


def read_keys(bundle: Bundle) -> list[str]:
    """The keys that the bundle says the entries introduce, one a line, none twice."""
    keys = read_text(bundle, "data/key.txt", LONGEST_KEYS).split("\n")[:-1]
    if len(keys) > MOST_KEYS:
        raise Bad(f"data/key.txt names more than {MOST_KEYS} keys")
    if len(set(keys)) < len(keys):
        raise Bad("data/key.txt names a key twice")
    return keys


def read_entries(bundle: Bundle, here: set[str]) -> tuple[list[bytes], list[int], int, set[str], set[str], bool]:
    """The hashes and lengths of the leaves, how many entries say what they say, the commitments, the keys introduced.

    At last, whether an entry that introduces a key does not say which.
    """
    hashes, lengths, told, silent = [], [], 0, False
    commitments: set[str] = set()
    keys: set[str] = set()
    positions = sorted(name[13:-5] for name in here if re.fullmatch(r"data/entries/[0-9]{8,18}\.leaf", name))
    for place, text in enumerate(sorted(positions, key=int), 1):
        name = f"data/entries/{text}"
        if text != f"{place:08d}":
            raise Bad(f"{name}.leaf is not the leaf of entry {place}")
        data = bundle.read(f"{name}.leaf")
        hashes.append(sha256(b"\0" + data).digest())
        lengths.append(len(data))
        leaf = LEAF.fullmatch(data)
        if leaf is None or len(data) > LONGEST_LEAF or int(leaf[1]) != place:
            raise Bad(f"{name}.leaf is not the leaf of entry {place}")
        introduces = data.split(b"\n")[3].startswith((b"type key-introduced/", b"type key-rotated/"))
        commitments.update(line.split()[1] for line in leaf[6].decode().splitlines())
        if f"{name}.json" not in here and f"{name}.salt" not in here:
            silent = silent or introduces
            continue
        content, salt = bundle.read(f"{name}.json"), bundle.read(f"{name}.salt")
        told += 1
        fits = len(salt) == 16 and sha256(salt + content).hexdigest().encode() == leaf[5]
        try:
            entry = json.loads(content)
            said = [entry[member].encode() for member in ("id", "salt", "recorded_at", "recorded_by")]
            named = entry["event"].get("vkey")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            fits, said, named = False, [], ""
        head = HEAD.match(content)
        marks = b",".join(b'"' + line.split()[1] + b'"' for line in leaf[6].splitlines())
        expected = [leaf[2], salt.hex().encode(), leaf[3], leaf[4]]
        fits = fits and said == expected and head is not None and [*head.groups(b"")] == [*expected, marks]
        bundle.check(fits, f"entry {leaf[1].decode()}: what is stored is not what its leaf commits to")
        if introduces:
            keys.add(str(named))
    return hashes, lengths, told, commitments, keys, silent


def read_details(bundle: Bundle, here: set[str], commitments: set[str]) -> int:
    """How many personal details are here; each is what a leaf commits to."""
    names = sorted(name[:-6] for name in here if name.startswith("data/detached/") and name.endswith(".value"))
    for name in names:
        value, salt, commitment = bundle.read(f"{name}.value"), bundle.read(f"{name}.salt"), name[14:]
        made = sha256(b"civic-ledger-personal/1\n" + salt + value).hexdigest()
        bundle.check(len(salt) == 32 and made == commitment, f"{name}.value is not what was committed to")
        bundle.check(commitment in commitments, f"{name}.value is named by no entry")
    return len(names)


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return sha256(b"\1" + left + right).digest()


def fold(bundle: Bundle, row: list[bytes], lengths: list[int]) -> bytes:
    """The root over the hashes of the leaves; on the way up, every eighth row is held against the tiles."""
    size, height, leaves = len(row), 0, row
    while True:
        if height % 8 == 0:
            tiles(bundle, height // 8, row[: size >> height], leaves, lengths)
        if len(row) == 1:
            return row[0]
        above = [node(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
        row = above + row[len(above) * 2 :]
        height += 1


def tiles(bundle: Bundle, level: int, row: list[bytes], leaves: list[bytes], lengths: list[int]) -> None:
    """The tiles of a level are what the leaves give; at the lowest, those of the leaves themselves too."""
    for start in range(0, len(row), 256):
        width = len(row[start : start + 256])
        groups = re.findall("...", f"{start // 256:03d}".rjust(-(-len(f"{start // 256:03d}") // 3) * 3, "0"))
        path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + (f".p/{width}" if width < 256 else "")
        tile = bundle.read(f"data/tile/{level}/{path}")
        bundle.check(
            tile == b"".join(row[start : start + 256]), f"data/tile/{level}/{path} is not what the leaves give"
        )
        if level:
            continue
        at, held, data = 0, [], bundle.read(f"data/tile/entries/{path}")
        for length in lengths[start : start + 256]:
            same = data[at : at + 2] == length.to_bytes(2, "big")
            held.append(sha256(b"\0" + data[at + 2 : at + 2 + length]).digest() if same else b"")
            at += 2 + length
        right = held == leaves[start : start + 256] and at == len(data)
        bundle.check(right, f"data/tile/entries/{path} does not hold the leaves")


# Ed25519, as RFC 8032, section 5.1, writes it down; points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The sum of two points."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    """A multiple of a point."""
    found: tuple[int, ...] = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = add(found, point)
        point, factor = add(point, point), factor >> 1
    return found


def point_of(data: bytes) -> tuple[int, ...] | None:
    """The point that 32 bytes stand for; None when they stand for none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signature(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether it is the signature of the text with that key."""
    key, start, scalar = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if BASE is None or key is None or start is None or len(signature) != 64 or scalar >= L:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % L
    one, other = times(scalar, BASE), add(start, times(challenge, key))
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def decoded(text: str) -> bytes:
    """What base64 stands for; nothing where it is not written in the one standard way."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""
    return data if base64.b64encode(data).decode() == text else b""


def signed_by(vkey: str, origin: str, text: bytes, signatures: list[tuple[str, bytes]]) -> bool:
    """Whether there is a signature by a key of the ledger; one that is not the key's ends it all."""
    parts = KEY.fullmatch(vkey)
    key = decoded(parts[3]) if parts else b""
    if parts is None or key[0] != 1:
        raise Bad(f"not an Ed25519 key: {vkey[:200]}")
    if sha256(parts[1].encode() + b"\n" + key).hexdigest()[:8] != parts[2]:
        raise Bad(f"the key does not bear its own id, a letter may be mistyped: {vkey[:200]}")
    found = False
    for name, signature in signatures:
        if name == parts[1] == origin and signature[:4].hex() == parts[2]:
            if not is_signature(key[1:], text, signature[4:]):
                raise Bad(f"the signature of {name} does not fit the checkpoint")
            found = True
    return found


def verify(bundle: Bundle, known: str) -> list[str]:
    """What is proved, and what is not, in sentences; what is wrong is in the bundle."""
    here = files()
    manifests(bundle, here)
    for name in TAGS:
        data = bundle.read(name)
        bundle.check(name != "bagit.txt" or data == BAGIT, "bagit.txt is not that of BagIt 1.0")
    origin, size, root, signatures = read_checkpoint(bundle)
    hashes, lengths, told, commitments, introduced, silent = read_entries(bundle, here)
    details = read_details(bundle, here, commitments)
    if len(hashes) != size:
        raise Bad(f"the checkpoint vouches for {size} entries, {len(hashes)} are here")
    made = base64.b64encode(fold(bundle, hashes, lengths)).decode()
    bundle.check(made == root, "the entries are not those that the checkpoint vouches for: they fold into another root")
    keys = read_keys(bundle)
    for name in sorted(here - bundle.used - {TAGMANIFEST}):
        bundle.wrong.append(f"{name} is no part of a bundle")
    text = f"{origin}\n{size}\n{root}\n".encode()
    signers = [key for key in keys if signed_by(key, origin, text, signatures)]
    bundle.check(bool(signers), "the checkpoint is signed by no key that the ledger names")
    if not introduced <= set(keys) or (introduced != set(keys) and not silent):
        bundle.wrong.append("data/key.txt does not name the keys that the entries introduce")
    if known:
        bundle.check(
            signed_by(known, origin, text, signatures), "the checkpoint is not signed with the key that you named"
        )
        signers = [known]
    key = signers[-1] if signers else ""
    said = [
        f"Proved: the {size} entries here are those, in this order, that the checkpoint of {origin} vouches for;",
        f"  what is stored is here of {told} of them, and is what was recorded;",
        f"  {details} personal details are here, and are what was committed to;",
        f"  the checkpoint is signed with the key {key}",
        f"  fingerprint {sha256(decoded(key.split('+', 2)[-1])).hexdigest()}",
    ]
    if known:
        said.append("You named that key.")
    else:
        said.append("Not proved: whose key that is. It came with the bundle: have the fingerprint read to you over the")
        said.append("  telephone, or compare the first three lines of data/checkpoint with a copy kept elsewhere.")
    if told < size:
        said.append(f"Not proved: what {size - told} of the entries say; the bundle holds their hashes alone.")
    return [*said, "Not proved: that what was recorded is true, and that nothing was left unrecorded."]


def main() -> int:
    """Verify, tell, and give the exit code."""
    bundle = Bundle()
    said: list[str] = []
    try:
        said = verify(bundle, sys.argv[1] if len(sys.argv) > 1 else "")
    except Bad as error:
        bundle.wrong.append(str(error))
    for complaint in bundle.wrong[:SHOWN]:
        print("REFUSED: " + ascii(complaint)[1:-1], file=sys.stderr)
    if bundle.wrong[SHOWN:]:
        print(f"REFUSED: and {len(bundle.wrong) - SHOWN} more", file=sys.stderr)
    if bundle.wrong:
        return 1
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    print("\n".join(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
