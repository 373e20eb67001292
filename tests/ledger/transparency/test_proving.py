"""Proofs out of a real folder are believed by whoever judges them, whatever the entry and the checkpoint."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Damage, NotFound, UsageError
from ledger.transparency import merkle, note, proofs, proving
from ledger.transparency.envelope import leaf_of
from ledger.transparency.tiles import tile_path
from tests.ledger.transparency.handed_over import ORIGIN, Signed, signed
from tests.ledger.transparency.trees import root_of

SIZES = (1, 2, 7, 255, 256, 257, 400, 513)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """A ledger that was signed at sizes around the width of a tile."""
    return signed(tmp_path_factory.mktemp("town"), SIZES)


@pytest.fixture(scope="module")
def leaves(town: Signed) -> list[bytes]:
    """The hashes of the leaves of that ledger, from its entries."""
    with town.ledger() as ledger:
        return [merkle.leaf_hash(leaf_of(one)) for one in ledger.stored()]


@given(data=st.data())
def test_every_entry_under_a_checkpoint_can_be_proved(town: Signed, data: st.DataObject) -> None:
    """Whoever has the leaf and the file of the proof comes to the root of the checkpoint, which is the one signed."""
    size = data.draw(st.sampled_from(SIZES))
    position = data.draw(st.integers(1, size))
    entry = proving.entry_at(town.entries, f"position:{position}")
    proof = proving.inclusion(town.log, entry, town.checkpoint(size))
    index, hashes, checkpoint = proofs.parse_inclusion(str(proof).encode())
    assert (index, checkpoint.size) == (position - 1, size)
    assert merkle.proves_inclusion(index, size, merkle.leaf_hash(proof.leaf), hashes, checkpoint.root)
    assert set(checkpoint.note.verified([town.vkey])) == {town.vkey}


@given(data=st.data())
def test_every_checkpoint_is_proved_to_continue_the_older_ones(
    town: Signed, leaves: list[bytes], data: st.DataObject
) -> None:
    """From any size up, signed then or not, the file of the proof is believed."""
    new = data.draw(st.sampled_from(SIZES))
    old = data.draw(st.integers(0, new))
    size, hashes, checkpoint = proofs.parse_consistency(
        proving.consistency(town.log, old, town.checkpoint(new)).encode()
    )
    assert (size, checkpoint.size) == (old, new)
    assert merkle.proves_consistency(old, new, root_of(leaves[:old]), checkpoint.root, hashes)


@pytest.mark.parametrize("old", SIZES)
def test_a_checkpoint_that_was_kept_is_continued(old: int, town: Signed) -> None:
    """An old checkpoint itself may be given, instead of its size."""
    given_, newest = town.checkpoint(old), town.checkpoint()
    assert proving.consistency(town.log, given_, newest) == proving.consistency(town.log, old, newest)


def test_an_entry_is_found_by_its_id(town: Signed) -> None:
    """Position and id lead to the same entry."""
    found = proving.entry_at(town.entries, "position:5")
    (tag,) = (tag for tag in found.tags if tag.startswith("entry:"))
    assert proving.entry_at(town.entries, tag) == found


def test_what_is_not_there_is_not_found(town: Signed) -> None:
    """An entry, a checkpoint, or an entry under a checkpoint: whichever is missing is named."""
    with pytest.raises(NotFound, match="there is no entry 999"):
        proving.entry_at(town.entries, "position:999")
    with pytest.raises(NotFound, match="no checkpoint of 3 entries"):
        town.checkpoint(3)
    with pytest.raises(NotFound, match="entry 9 is not under that checkpoint"):
        proving.inclusion(town.log, proving.entry_at(town.entries, "position:9"), town.checkpoint(7))


def test_what_was_recorded_after_the_last_checkpoint_is_not_proved_yet(tmp_path: Path) -> None:
    """The mend is to sign."""
    town = signed(tmp_path, (3,))
    entry = proving.entry_at(town.entries, "position:3")._replace(position=4)
    with pytest.raises(NotFound, match="entry 4 is not under a checkpoint yet") as told:
        proving.inclusion(town.log, entry, town.checkpoint())
    assert told.value.mend == "sign the ledger as it is: civic checkpoint"


def test_nothing_is_handed_out_that_would_not_convince(tmp_path: Path) -> None:
    """An entry, a tile or a checkpoint that is not what it was is damage, not a proof."""
    town = signed(tmp_path, (3, 7))
    entry, newest, older = proving.entry_at(town.entries, "position:2"), town.checkpoint(), town.checkpoint(3)
    with pytest.raises(Damage, match="entry 2 cannot be proved"):
        proving.inclusion(town.log, entry._replace(data=entry.data.replace(b"Town 1", b"Town X")), newest)
    forged = note.parse_checkpoint(note.checkpoint_text(ORIGIN, 3, bytes(32)).encode())
    with pytest.raises(Damage, match="does not continue that of 3"):
        proving.consistency(town.log, forged, newest)
    path = town.log / tile_path(0, 0, 7)
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    with pytest.raises(Damage, match="entry 2 cannot be proved"):
        proving.inclusion(town.log, entry, newest)
    with pytest.raises(Damage, match="does not continue that of 3"):
        proving.consistency(town.log, older, newest)
    path.unlink()
    with pytest.raises(Damage, match="has lost tile/0/000"):
        proving.inclusion(town.log, entry, newest)


def test_a_checkpoint_continues_none_of_another_ledger_and_none_that_is_newer(town: Signed) -> None:
    """Both are mistakes of whoever asks, and said to be."""
    other = note.parse_checkpoint(note.checkpoint_text("other", 3, bytes(32)).encode())
    with pytest.raises(UsageError, match="a checkpoint of other"):
        proving.consistency(town.log, other, town.checkpoint())
    with pytest.raises(UsageError, match="cannot continue one of 513"):
        proving.consistency(town.log, town.checkpoint(), town.checkpoint(7))


def test_a_checkpoint_that_cannot_be_read_is_damage(tmp_path: Path) -> None:
    """So is one that stands under a name that is not its size."""
    town = signed(tmp_path, (3,))
    path = town.log / "checkpoints" / "3"
    path.rename(path.with_name("4"))
    with pytest.raises(Damage, match="is of 3 entries"):
        town.checkpoint(4)
    path.with_name("4").write_text("nothing\n")
    with pytest.raises(Damage, match="cannot be read"):
        town.checkpoint(4)
