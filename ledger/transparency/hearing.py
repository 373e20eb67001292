"""Checkpoints as witnesses: which of them are to be believed, which agree with the entries, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.transparency import note
from ledger.transparency.finding import Finding, came_after, entries_from, so_many_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.transparency.entries_read import EntriesRead
    from ledger.transparency.finding import Report
    from ledger.transparency.log_files import LogFiles
    from ledger.transparency.note import Checkpoint, VerifierKey
    from ledger.transparency.tree import WholeTree

OUTSIDE: Final = "outside"
"""Where a checkpoint comes from that was handed to the verifier."""


LOG: Final = "log"
"""Where a checkpoint comes from that lies in the folder."""

MACHINE: Final = "machine"
"""Where a checkpoint comes from that was signed on this machine, and is kept outside of the folder."""

_TRUST: Final = {LOG: 0, MACHINE: 1, OUTSIDE: 2}
"""By place: the less it is in the hands of whoever has the folder, the more."""

NEWEST: Final = "log/checkpoint"


@dataclass(frozen=True, slots=True)
class Witness:
    """A checkpoint against which the entries are held."""

    name: str
    """What it is called in a sentence."""
    place: str
    """log, machine or outside: who could have changed it together with the entries."""
    checkpoint: Checkpoint

    @property
    def contradicting(self) -> str:
        """What it is called where it says something else than the entries."""
        if self.checkpoint.note.signatures:
            return self.name
        return f"{self.name} (nobody signed it: if it was typed, look at each letter of it)"


Heard = tuple[Witness, set["VerifierKey"]]
"""A witness that is believed, and whose signatures it bears."""


@dataclass(slots=True)
class Hearing:
    """The entries of a ledger, and what is known of it."""

    origin: str
    vkeys: Sequence[VerifierKey]
    """The keys that the auditor knows."""
    entries: EntriesRead
    tree: WholeTree
    log: LogFiles
    report: Report

    def findings(self, witnesses: Sequence[Witness]) -> Iterator[Finding]:
        """Hold the entries against every checkpoint that is known, and conclude."""
        yield from self._restored()
        yield from self._checkpoints(witnesses)

    def _restored(self) -> Iterator[Finding]:
        """Hold what was restored against the root that the entry names which says so."""
        for position, former, size, root in self.entries.restored:
            if size < position and note.to_base64(self.tree.root(size)) == root:
                yield Finding("RESTORED", position, f"it went on from {so_many_entries(size)} of {former}")
            else:
                yield Finding(
                    "REWRITTEN", 1, f"the first {size} entries are not those of {former} that entry {position} names"
                )

    def _checkpoints(self, witnesses: Sequence[Witness]) -> Iterator[Finding]:
        """Hold the entries against every checkpoint that is known."""
        keys = [*self.vkeys, *self.entries.keys]
        believed: list[Heard] = []
        for witness in (*(Witness(name, LOG, one) for name, one in self.log.checkpoints), *witnesses):
            yield from self._believed(witness, keys, believed)
        kept = {one.checkpoint.note.text for one, _ in believed if one.place == LOG and one.name != NEWEST}
        if any(one.name == NEWEST and one.checkpoint.note.text not in kept for one, _ in believed):
            yield Finding("CHECKPOINT-MISSING", None, f"{NEWEST} is not kept in log/checkpoints")
        if not believed and not self.log.checkpoints:
            signed = "nothing was signed yet: civic checkpoint"
            if position := self.entries.keyed:
                signed = f"no checkpoint is there, though entry {position} introduced a key: either nothing"
                signed += " was signed yet (civic checkpoint), or what was signed is gone"
            self.report.unproved.append(signed)
        agreeing = [
            (witness, signers)
            for witness, signers in believed
            if witness.checkpoint.size <= self.tree.size
            and self.tree.root(witness.checkpoint.size) == witness.checkpoint.root
        ]
        sealed = {one.note.text for _, one in self.log.checkpoints}
        unkept = dict(self.log.unkept)
        for own in (one.checkpoint for one, _ in agreeing if one.place == MACHINE):
            if own.origin == self.origin and own.note.text not in sealed:
                unkept.pop(own.size, None)
                why = "it was removed, an older one was put back, or signing was cut short: civic repair"
                yield Finding(
                    "CHECKPOINT-MISSING",
                    None,
                    f"the checkpoint of {so_many_entries(own.size)} that was signed on this machine is not in the log;"
                    f" {why}",
                )
        for size, name in sorted(unkept.items()):
            why = f"log/{name} is written only when one is signed"
            yield Finding("CHECKPOINT-MISSING", None, f"the checkpoint of {so_many_entries(size)} is gone: {why}")
        disagreeing: dict[str, list[Witness]] = {}
        for witness, _ in believed:
            if all(witness is not one for one, _ in agreeing):
                disagreeing.setdefault(witness.checkpoint.note.text, []).append(witness)
        for against in disagreeing.values():
            yield from self._contradicted(against, [one for one, _ in agreeing])
        yield from _split_views(believed, agreeing)
        self._conclude(agreeing)

    def _believed(self, witness: Witness, keys: Sequence[VerifierKey], believed: list[Heard]) -> Iterator[Finding]:
        """Take a checkpoint as a witness if it is of this ledger, and nobody's signature in it is forged."""
        own = witness.checkpoint
        formers = {former: (size, position) for position, former, size, _ in self.entries.restored}
        size, position = formers.get(own.origin, (0, 0))
        if position and own.size > size:
            lost = f"entries {size + 1} to {own.size} of {own.origin}, which {witness.name} vouches for, were lost"
            yield Finding("TRUNCATED", position, f"{lost} when it was restored")
            return
        if own.origin != self.origin and not position:
            yield Finding(
                "CHECKPOINT-FOREIGN",
                None,
                f"{witness.name} is of {own.origin}, this ledger is {self.origin}: one of them is not the right one",
            )
            return
        try:
            known = set(own.signers(keys))
        except note.Forged as error:
            yield Finding("CHECKPOINT-FORGED", None, f"{witness.name}: {error}")
            return
        retired = {key for key in known if self.entries.retired.get(key, own.size + 1) <= own.size}
        named_by = self.vkeys if witness.place == OUTSIDE and self.vkeys else keys
        signers = known.intersection(named_by) - retired
        # What lies in the folder or on the machine the ledger itself signs; a witness's line could outlive its own.
        enough = signers if witness.place == OUTSIDE else any(key.kind == note.ED25519 for key in signers)
        if not enough and (own.note.signatures or witness.place != OUTSIDE):
            named = ", ".join(dict.fromkeys(f"{one.name}+{one.key_id.hex()}" for one in own.note.signatures))
            kind = "SIGNER-UNKNOWN" if witness.place == OUTSIDE else "KEY-UNKNOWN"
            whose = "which you did not name" if named_by is self.vkeys else "which nothing here names"
            if retired:
                whose = f"which entry {min(self.entries.retired[key] for key in retired)} put out of use"
            yield Finding(kind, None, f"{witness.name} is signed by {named or 'nobody'}, {whose}")
            return
        believed.append((witness, signers))

    def _contradicted(self, witnesses: Sequence[Witness], agreeing: Sequence[Witness]) -> Iterator[Finding]:
        """What a checkpoint says against the entries, wherever it is kept."""
        own, names = witnesses[0].checkpoint, " and ".join(one.contradicting for one in witnesses)
        sealed = self.log.root(own.size) == own.root  # then each entry that differs from the log was named
        # Whoever has the key could sign anew what lies in the folder; it bounds nothing that is known from elsewhere.
        trust = max(_TRUST[one.place] for one in witnesses)
        bounds = (one.checkpoint.size for one in agreeing if _TRUST[one.place] >= trust)
        first = max((size for size in bounds if size < own.size), default=0) + 1
        if own.size > self.tree.size:
            gone = "entry" if own.size == self.tree.size + 1 else f"entries {self.tree.size + 1} to"
            are = "is" if own.size == self.tree.size + 1 else "are"
            yield Finding("TRUNCATED", self.tree.size + 1, f"{gone} {own.size} {are} gone: vouched for by {names}")
            if first <= self.tree.size and not sealed:
                self.report.unproved.append(
                    f"entries {first} to {self.tree.size}: {names} vouches for them only with those that are gone"
                )
        elif first <= own.size and not sealed:
            among = (
                f"among entries {first} to {own.size} are others than those"
                if first < own.size
                else "it is not the one"
            )
            yield Finding("REWRITTEN", first if first == own.size else None, f"{among} vouched for by {names}")

    def _conclude(self, agreeing: Sequence[Heard]) -> None:
        report = self.report
        outside, told = 0, dict[str, list[str]]()
        for witness, signers in agreeing:
            own = witness.checkpoint
            by = ", ".join(sorted(f"{key.name}+{key.id.hex()}" for key in signers)) or "nobody: you vouch for it"
            told.setdefault(f"{so_many_entries(own.size)}, signed by {by}", []).append(witness.name)
            if witness.place == OUTSIDE and own.size:
                report.proved = True
                outside = report.vouched = max(outside, own.size)
        report.against += [f"{' and '.join(names)}: {sentence}" for sentence, names in told.items()]
        if not report.proved:
            report.unproved.append(
                "that history was not rewritten as a whole: no checkpoint from outside was given that vouches for it"
            )
        elif outside < self.tree.size:
            report.unproved.append(came_after(outside + 1, self.tree.size))
        report.covered = max((one.checkpoint.size for one, _ in agreeing), default=0)
        if not report.proved and report.covered < self.tree.size:
            tail = entries_from(report.covered + 1, self.tree.size)
            report.unproved.append(f"{tail}: no checkpoint reaches so far")
        if report.proved and not any(key in self.vkeys for _, signers in agreeing for key in signers):
            report.unproved.append(
                "who signed: the key is the one that the ledger itself names; give --vkey to be sure"
            )


def _split_views(believed: Sequence[Heard], agreeing: Sequence[Heard]) -> Iterator[Finding]:
    """Two checkpoints by one key, of which one agrees with the entries and the other, within them, does not."""
    for witness, signers in believed:
        if any(witness is one for one, _ in agreeing):
            continue
        for other, others in agreeing:
            both = signers & others
            if both and other.checkpoint.size >= witness.checkpoint.size:
                key = min(both, key=str)
                yield Finding(
                    "SPLIT-VIEW", None, f"{key.name}+{key.id.hex()} signed {witness.name} and, against it, {other.name}"
                )
                break
