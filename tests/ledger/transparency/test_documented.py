"""The example in docs/verification.md, computed again with what a stranger has: hashes, and Ed25519 from a library."""

from __future__ import annotations

import base64
import json
import re
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.entry import Draft
from domain.samples import EVIDENCE
from ledger.transparency import merkle, proofs
from ledger.transparency.envelope import leaf_of
from tests.books import on_disk
from tests.domain.story import body, told

PAGE = Path(__file__).parents[3] / "docs/verification.md"


def test_the_page_says_how_an_entry_holds_its_commitments(tmp_path: Path) -> None:
    """As a list of 64 hex digits under `detached`, or not at all; entries are stored so, and leaves have the same."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "`detached` is a list of strings, each the 64 hex digits of a commitment" in page
    with closing(on_disk(tmp_path)) as ledger:
        ledger.record([Draft(body("coventry"), (EVIDENCE,))])
        asked = told("request-received", by="coventry", from_="Ann Other", on="2022-03-20", summary="To end it.")
        ledger.record([Draft(asked, (EVIDENCE,))])
        plain, apart = list(ledger.stored())
    assert "detached" not in json.loads(plain.data)
    commitments = json.loads(apart.data)["detached"]
    assert [re.fullmatch("[0-9a-f]{64}", one) is not None for one in commitments] == [True]
    lines = leaf_of(apart).decode().splitlines()
    assert [line.removeprefix("detached ") for line in lines if line.startswith("detached ")] == commitments


def test_the_example_can_be_computed_by_hand() -> None:
    """Leaf, hashes, root, signature, key and proof are as the page says; and our own reads its proof."""
    section = PAGE.read_text(encoding="utf-8").partition("### An example\n")[2].partition("\n## ")[0]
    entry, leaf, hashes, checkpoint, vkey, proof = re.findall(r"```\n(.*?)```\n", section, re.DOTALL)
    made = []
    for number in (1, 2):
        data = re.sub(r"1(?=\"(,\"(salt|recorded_at)|\}))", str(number), entry.rstrip("\n")).encode()
        id_ = f"00000000-0000-4000-8000-{number:012d}"
        lines = [
            "civic-ledger-entry/1",
            f"position {number}",
            f"id {id_}",
            "type note-added/2",
            "recorded 2026-01-01T00:00:00.000000Z",
            "actor clerk",
            f"tags-sha256 {sha256(f'entry:{id_}'.encode()).hexdigest()}",
            f"content-sha256 {sha256(number.to_bytes(16, 'big') + data).hexdigest()}",
        ]
        made.append("".join(f"{line}\n" for line in lines))
    assert made[0] == leaf
    own = [sha256(b"\0" + one.encode()).digest() for one in made]
    assert [one.hex() for one in own] == hashes.split()
    root = sha256(b"\1" + own[0] + own[1]).digest()
    text, _, line = checkpoint.partition("\n\n")
    assert text.split("\n") == ["ledger.example.org/two", "2", base64.b64encode(root).decode()]
    name, id_, encoded = vkey.rstrip("\n").split("+", 2)
    public = base64.b64decode(encoded)
    assert public[1:] == Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    assert sha256(name.encode() + b"\n" + public).hexdigest()[:8] == id_
    dash, signer, signature = line.rstrip("\n").split(" ")
    assert (dash, signer, base64.b64decode(signature)[:4].hex()) == ("—", name, id_)
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(base64.b64decode(signature)[4:], f"{text}\n".encode())
    assert proof == f"c2sp.org/tlog-proof@v1\nindex 0\n{base64.b64encode(own[1]).decode()}\n\n{checkpoint}"
    index, path, seen = proofs.parse_inclusion(proof.encode())
    assert merkle.proves_inclusion(index, seen.size, own[0], path, seen.root)
