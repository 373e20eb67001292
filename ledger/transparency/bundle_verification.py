"""The verification of a bundle: without the ledger, without trust in whoever made it, without writing anything.

It never raises for what it reads: whatever is wrong is a finding. A bundle alone shows only that it agrees with itself;
that its history is the one that was vouched for, only a checkpoint or a key from outside can show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.transparency import bundle, bundle_archive, note
from ledger.transparency.bag import Bag
from ledger.transparency.envelope import Head, NoEntry, agrees, head_of, parse_leaf, salt_of
from ledger.transparency.finding import Finding, Report, came_after, so_many_entries
from ledger.transparency.hearing import OUTSIDE, Witness
from ledger.transparency.merkle import HASH
from ledger.transparency.tiles import LONGEST_LEAF
from ledger.transparency.tree import WholeTree, leaf_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.transparency.bundle_archive import Limits
    from ledger.transparency.note import Checkpoint, VerifierKey

_LEAF: Final = re.compile(r"data/entries/([0-9]{8,18})\.leaf")
_VALUE: Final = re.compile(r"data/detached/([0-9a-f]{64})\.value")


@dataclass(slots=True)
class _Entries:
    """What the entries of a bundle tell."""

    leaves: list[bytes] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    told: int = 0
    """How many of them say what they say."""
    commitments: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    """Those that they introduce, as far as they say which."""
    silent: bool = False
    """Whether one that introduces a key does not say which."""


class BundleVerification:
    """One reading of a bundle, held against the checkpoints and the keys that are known from outside."""

    def __init__(
        self,
        path: Path,
        witnesses: Sequence[Witness] = (),
        vkeys: Sequence[VerifierKey] = (),
        limits: Limits | None = None,
    ) -> None:
        self._path = path
        self._witnesses = witnesses
        self._vkeys = vkeys
        self._limits = limits
        self.report = Report()

    def findings(self) -> Iterator[Finding]:
        """All that is found, as it is found; afterwards `report` is complete."""
        try:
            with bundle_archive.opened(self._path, self._limits) as archive:
                yield from self._read(Bag(archive))
        except bundle_archive.Malformed as error:
            yield from (Finding("BUNDLE-MALFORMED", None, f"{self._path.name}: {one}") for one in error.problems)
            self.report.unproved.append("anything: the file is not made as a bundle is, and was read no further")
        except OSError as error:
            yield Finding("UNAVAILABLE", None, f"{self._path.name}: {error.strerror}")
            self.report.unproved.append("anything: the file could not be read")

    def _read(self, bag: Bag) -> Iterator[Finding]:
        bag.read_manifest(bundle.TAGMANIFEST)
        bag.read_manifest(bundle.MANIFEST)
        yield from bag.found()
        scripts = _tags(bag)
        checkpoint = yield from _checkpoint(bag)
        entries = _Entries()
        yield from _read_entries(bag, entries)
        tree = WholeTree(leaf_hashes(entries.leaves))
        self.report.size, self.report.root = tree.size, tree.root(tree.size)
        yield from _tiles(bag, tree, entries, checkpoint)
        yield from _details(bag, entries)
        keys = yield from _keys(bag, entries)
        self._judge_scripts(scripts, checkpoint, keys, tree, sealed=bundle.entry_name(1, "json") not in bag.names)
        bag.problems += (f"{name} is no part of a bundle" for name in sorted(bag.unread))
        yield from bag.found()
        if entries.told < tree.size:
            self.report.unproved.append(
                f"what {tree.size - entries.told} of the entries say: the bundle holds their hashes alone"
            )
        if checkpoint is None:
            self.report.unproved.append("anything: there is no checkpoint in it that can be read")
        else:
            yield from self._judged(checkpoint, tree, keys)

    def _judge_scripts(
        self,
        scripts: dict[str, bytes | None],
        checkpoint: Checkpoint | None,
        keys: Sequence[VerifierKey],
        tree: WholeTree,
        *,
        sealed: bool,
    ) -> None:
        """Report programs and commands that are not those of this release."""
        own = {bundle.PROGRAM: bundle.read_script(bundle.PROGRAM)}
        if checkpoint and tree.size:
            own[bundle.GUIDE] = bundle.guide(checkpoint, list(map(str, keys)), tree, sealed=sealed)
        strange = [name for name, data in scripts.items() if data is not None and data != own.get(name)]
        if strange:
            self.report.unproved.append(
                f"{' and '.join(strange)}: not as this release makes them; read them before you run them"
            )

    def _judged(self, checkpoint: Checkpoint, tree: WholeTree, keys: Sequence[VerifierKey]) -> Iterator[Finding]:
        """Hold the entries against the checkpoint of the bundle, and those from outside."""
        own = Witness("the checkpoint of the bundle", "bundle", checkpoint)
        agreeing: list[tuple[Witness, set[VerifierKey]]] = []
        for witness in (own, *self._witnesses):
            signers = yield from self._signers(witness, checkpoint.origin, keys)
            if signers is None:
                continue
            seen = witness.checkpoint
            if seen.size > tree.size and witness is not own:
                self.report.unproved.append(
                    f"anything against {witness.name}: it is of {seen.size} entries, the bundle of {tree.size};"
                    f" ask for civic prove consistency {tree.size} {seen.size}"
                )
            elif seen.size <= tree.size and tree.root(seen.size) == seen.root:
                agreeing.append((witness, signers))
            elif witness is not own:
                told = f"among entries 1 to {seen.size} are others than those vouched for by {witness.contradicting}"
                yield Finding("REWRITTEN", 1, told)
                for key in signers & (agreeing[0][1] if agreeing else set()):
                    told = f"{key.name}+{key.id.hex()} signed {witness.name} and, against it, {own.name}"
                    yield Finding("SPLIT-VIEW", None, told)
        self._conclude(agreeing, tree.size)

    def _signers(
        self, witness: Witness, origin: str, keys: Sequence[VerifierKey]
    ) -> Generator[Finding, None, set[VerifierKey] | None]:
        """Who signed a checkpoint; None when it is no witness."""
        seen, own = witness.checkpoint, witness.place != OUTSIDE
        if seen.origin != origin:
            yield Finding("CHECKPOINT-FOREIGN", None, f"{witness.name} is of {seen.origin}, the bundle is of {origin}")
            return None
        try:
            signers = set(seen.signers([*self._vkeys, *keys]))
        except note.Forged as error:
            yield Finding("CHECKPOINT-FORGED", None, f"{witness.name}: {error}")
            return None
        enough = signers.intersection(keys) if own else signers  # the bundle's own is signed by the ledger itself
        if not enough and (own or seen.note.signatures):
            named = ", ".join(dict.fromkeys(f"{one.name}+{one.key_id.hex()}" for one in seen.note.signatures))
            told = f"{witness.name} is signed by {named or 'nobody'}, which nothing here names"
            yield Finding("KEY-UNKNOWN" if own else "SIGNER-UNKNOWN", None, told)
            return None
        if own and self._vkeys and not signers & set(self._vkeys):
            yield Finding("SIGNER-UNKNOWN", None, f"{witness.name} is not signed with a key that you named")
        return signers

    def _conclude(self, agreeing: Sequence[tuple[Witness, set[VerifierKey]]], size: int) -> None:
        report, known, outside = self.report, set(self._vkeys), 0
        for witness, signers in agreeing:
            seen = witness.checkpoint
            by = ", ".join(sorted(f"{key.name}+{key.id.hex()}" for key in signers)) or "nobody: you vouch for it"
            report.against.append(f"{witness.name}: {so_many_entries(seen.size)}, signed by {by}")
            if seen.size and (witness.place == OUTSIDE or signers & known):
                report.proved = True
                outside = report.vouched = max(outside, seen.size)
        if not report.proved:
            report.unproved.append(
                "that history was not rewritten as a whole: the bundle speaks for itself alone;"
                " give --checkpoint or --vkey"
            )
            return
        if outside < size:
            report.unproved.append(came_after(outside + 1, size))
        if not any(signers & known for _, signers in agreeing):
            report.unproved.append("who signed: the key is the one that the bundle names; give --vkey to be sure")


def _tags(bag: Bag) -> dict[str, bytes | None]:
    """Read the files beside the payload; returns those that a reader may run or type."""
    bag.read("bag-info.txt")
    if bag.read("bagit.txt") not in (None, bundle.BAGIT):
        bag.problems.append("bagit.txt is not that of BagIt 1.0")
    return {name: bag.read(name) for name in (bundle.GUIDE, bundle.PROGRAM, *({bundle.FORMER} & bag.names))}


def _checkpoint(bag: Bag) -> Generator[Finding, None, Checkpoint | None]:
    data = bag.read(bundle.CHECKPOINT)
    yield from bag.found()
    if data is None:
        return None
    try:
        found = note.parse_checkpoint(data)
    except note.Malformed as error:
        yield Finding("CHECKPOINT-MALFORMED", None, f"{bundle.CHECKPOINT}: {error}")
        return None
    if found.note.text != note.checkpoint_text(found.origin, found.size, found.root):
        yield Finding("CHECKPOINT-MALFORMED", None, f"{bundle.CHECKPOINT} says more than origin, size and root")
        return None
    if bundle.UNSEEN.search(str(found)):
        yield Finding("CHECKPOINT-MALFORMED", None, f"{bundle.CHECKPOINT} has characters that are not seen")
        return None
    return found


def _read_entries(bag: Bag, entries: _Entries) -> Iterator[Finding]:
    """Hold each leaf against its name, and what is stored of the entry against its leaf."""
    for text in sorted((found[1] for found in map(_LEAF.fullmatch, bag.names) if found), key=int):
        position, name = int(text), f"data/entries/{text}"
        leaf = bag.read(f"{name}.leaf") or b""
        present = {f"{name}.json", f"{name}.salt"} & bag.names
        content, salt = (bag.read(f"{name}.{ending}") if present else None for ending in ("json", "salt"))
        yield from bag.found()
        following = entries.positions[-1] + 1 if entries.positions else 1
        if position != following:
            yield Finding("GAP", following, f"it is not here; entry {position} stands in its place")
        entries.leaves.append(leaf[:LONGEST_LEAF])
        entries.positions.append(position)
        if len(leaf) > LONGEST_LEAF:
            yield Finding("UNREADABLE", position, f"its leaf is longer than {LONGEST_LEAF:,} bytes")
            continue
        try:
            own = parse_leaf(leaf)
        except NoEntry as error:
            yield Finding("UNREADABLE", position, f"its leaf: {error}")
            continue
        if bundle.entry_name(own.position, "leaf") != f"{name}.leaf":
            yield Finding("ALTERED", position, f"its leaf is that of entry {own.position}")
        entries.commitments.update(own.detached)
        introduces = own.type.startswith(("key-introduced/", "key-rotated/"))
        if content is None or salt is None:
            entries.silent = entries.silent or introduces
            continue
        entries.told += 1
        if len(salt) != bundle.SALT or sha256(salt + content).hexdigest() != own.content:
            yield Finding("ALTERED", position, "what is stored is not what its leaf commits to")
        elif not agrees(leaf, content) or salt_of(content) != salt:
            yield Finding("ALTERED", position, "what is stored tells of another id, time, clerk or salt than its leaf")
        else:
            try:
                told = json.loads(content)
                head, said = head_of(content), [told[member] for member in Head._fields]
                vkey = told["event"].get("vkey")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                yield Finding("UNREADABLE", position, f"it cannot be read as {own.type}: {error}"[:300])
                continue
            if said != [*head]:
                yield Finding("ALTERED", position, "what is stored tells twice of its id, time, clerk or salt")
            elif introduces:
                entries.keys.add(str(vkey))


def _tiles(bag: Bag, tree: WholeTree, entries: _Entries, checkpoint: Checkpoint | None) -> Iterator[Finding]:
    """Hold leaves, tiles and checkpoint against each other; where two of them agree, the third is what was altered."""
    sealed = bytearray()
    differing: list[str] = []
    for name, expected in bundle.tile_files(tree, entries.leaves):
        data = bag.read(name)
        if name.startswith("data/tile/0/"):
            sealed += data if data and len(data) == len(expected) else bytes(len(expected))
        if data is not None and data != expected:
            differing.append(name)
    yield from bag.found()
    size = tree.size
    if checkpoint and size < checkpoint.size:
        yield Finding("TRUNCATED", size + 1, f"the checkpoint vouches for {checkpoint.size} entries, {size} are here")
    if checkpoint and size > checkpoint.size:
        told = f"the checkpoint vouches for {checkpoint.size} entries, {size} are here"
        yield Finding("INSERTED", checkpoint.size + 1, told)
    if checkpoint and size == checkpoint.size and tree.root(size) != checkpoint.root:
        if WholeTree(sealed).root(size) == checkpoint.root:
            for place in range(size):
                at = slice(place * HASH, (place + 1) * HASH)
                if tree.levels[0][at] != sealed[at]:
                    yield Finding("ALTERED", entries.positions[place], "its leaf is not the one that was sealed")
            return
        yield Finding("REWRITTEN", 1, "the entries are not those that the checkpoint of the bundle vouches for")
    yield from (Finding("TILE-ALTERED", None, f"{name} is not what the leaves give") for name in differing)


def _details(bag: Bag, entries: _Entries) -> Iterator[Finding]:
    """Hold each personal detail that was handed over against the leaf that commits to it."""
    for commitment in sorted(found[1] for found in map(_VALUE.fullmatch, bag.names) if found):
        name = f"data/detached/{commitment}"
        value, salt = bag.read(f"{name}.value"), bag.read(f"{name}.salt")
        yield from bag.found()
        if value is None or salt is None:
            continue
        made = sha256(b"civic-ledger-personal/1\n" + salt + value).hexdigest()
        if len(salt) != bundle.DETAIL_SALT or made != commitment:
            yield Finding("DETACHED-ALTERED", None, f"{name}.value is not what was committed to")
        if commitment not in entries.commitments:
            yield Finding("BUNDLE-MALFORMED", None, f"{name}.value is named by no entry")


def _keys(bag: Bag, entries: _Entries) -> Generator[Finding, None, list[VerifierKey]]:
    """The keys that the bundle says the ledger names; where the entries can be read, they must say so too."""
    data = bag.read(bundle.KEYS) or b""
    yield from bag.found()
    try:
        found = bundle.parse_keys(data)
    except note.Malformed as error:
        yield Finding("BUNDLE-MALFORMED", None, f"{bundle.KEYS}: {error}")
        return []
    named = set(map(str, found))
    for line in sorted(entries.keys - named):
        yield Finding("KEY-UNKNOWN", None, f"{bundle.KEYS}: {line[:200]} is named by the entries alone")
    for line in sorted(named - entries.keys) if not entries.silent else ():
        yield Finding("KEY-UNKNOWN", None, f"{bundle.KEYS}: {line} is named by no entry")
    return found
