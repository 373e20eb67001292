"""Signed notes and checkpoints, as C2SP specifies them."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.transparency import note, proofs
from ledger.transparency.merkle import EMPTY
from ledger.transparency.note import COSIGNATURE, Forged, Malformed, Note, Signature

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KAT = "ledger.example.org/kat"

# Our own checkpoint, over the reference tree of eight leaves; Ed25519, its seed the bytes 00 to 1f.
OWN_VKEY = "ledger.example.org/kat+2458f237+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
OWN_TEXT = "ledger.example.org/kat\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
OWN_LINE = (
    "— ledger.example.org/kat"
    " JFjyN/HIuQ/dQkeDruYle0eprzqaEcDgJ0oPb1UNDQWsYyRSQhLiame+KwnfgJJtzWlYJCEyUyPxE7bJjOb+5ASAlgY=\n"
)
OWN = f"{OWN_TEXT}\n{OWN_LINE}"

# Source: C2SP signed-note, the example of a verifier key.
EXAMPLE_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""

# Source: C2SP signed-note, the example at its beginning; its key is not published.
POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore \
NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""

# Source: C2SP tlog-checkpoint and tlog-cosignature; their keys are not published.
SOFA_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SOFA_LINE = (
    "— example.com/behind-the-sofa"
    " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
WITNESS_LINE = (
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)

# Source: C2SP tlog-witness, the answers of witnesses: Ed25519 cosignatures.
ANSWERS = [
    "CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==",
    "I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==",
    "AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==",
]


def test_the_example_of_the_specification_verifies() -> None:
    """The note that C2SP shows is signed by the key that it shows, and written again as it was."""
    key, found = note.parse_key(EXAMPLE_VKEY), note.parse_note(EXAMPLE.encode())
    assert found.text == "This is an example message.\n"
    assert found.verified([key]) == {key: None}
    assert (str(found), str(key)) == (EXAMPLE, EXAMPLE_VKEY)


def test_our_own_checkpoint_is_made_again() -> None:
    """From a known key and a known tree come the very bytes that are known."""
    made = Note(OWN_TEXT, (note.sign(OWN_TEXT, KEY, KAT),))
    root = base64.b64decode("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=")
    assert str(made) == OWN
    assert str(note.verifier_of(KEY, KAT)) == OWN_VKEY
    assert note.checkpoint_text(KAT, 8, root) == OWN_TEXT
    found = note.parse_checkpoint(OWN.encode())
    assert (found.origin, found.size, found.root, str(found)) == (KAT, 8, root, OWN)
    assert found.note.verified([note.parse_key(OWN_VKEY)])


def test_a_key_may_hold_a_plus() -> None:
    """The base64 of a key may hold a plus sign of its own, and the key is read as a whole."""
    key = note.parse_key("ledger.example.org/kat+bdfe31df+AXm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk")
    assert key == note.verifier_of(OTHER, KAT)
    assert note.parse_key(f" {OWN_VKEY}\n") == note.verifier_of(KEY, KAT)


def test_a_fingerprint_is_read_aloud() -> None:
    """It is the SHA-256 of the key, in sixteen groups of four."""
    told = note.parse_key(OWN_VKEY).fingerprint
    assert told == "cb39 f0f6 d246 b033 0680 73b7 28cf 5b70 a204 cda3 b1cc b17d 8160 d12d cd1a 5ae3"


@pytest.mark.parametrize(
    ("whole", "text", "lines"),
    [(POEM, POEM.rpartition("\n\n")[0] + "\n", 1), (f"{SOFA_TEXT}\n{SOFA_LINE}{WITNESS_LINE}", SOFA_TEXT, 2)],
)
def test_the_other_examples_are_read(whole: str, text: str, lines: int) -> None:
    """Notes whose keys are not published are read and written again, be there empty lines in the text or not."""
    found = note.parse_note(whole.encode())
    assert (found.text, len(found.signatures), str(found)) == (text, lines, whole)
    assert found.verified([note.parse_key(OWN_VKEY), note.parse_key(EXAMPLE_VKEY)]) == {}


def test_the_example_of_a_checkpoint_is_read() -> None:
    """The checkpoint that C2SP shows has its origin, its size, its root and the time of its witness."""
    found = note.parse_checkpoint(f"{SOFA_TEXT}\n{SOFA_LINE}{WITNESS_LINE}".encode())
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    log, witness = found.note.signatures
    assert (log.name, log.key_id.hex(), len(log.signature)) == ("example.com/behind-the-sofa", "033de0ae", 64)
    assert (witness.key_id.hex(), len(witness.signature)) == ("8d66cf3f", 72)
    assert int.from_bytes(witness.signature[:8], "big") == 1679315147


@pytest.mark.parametrize("encoded", ANSWERS)
def test_the_answers_of_witnesses_are_read(encoded: str) -> None:
    """The lines that witnesses answer with are signatures with a time in them."""
    found = note.parse_signature(f"— witness.example/w1 {encoded}")
    assert len(found.signature) == 72
    assert str(found) == f"— witness.example/w1 {encoded}\n"


def test_a_cosignature_states_its_time() -> None:
    """A witness signs two lines and the text; who knows its key is told when, and who does not ignores it."""
    line = note.cosign(OWN_TEXT, OTHER, "witness.example/w1", 1_679_315_147)
    witness = note.verifier_of(OTHER, "witness.example/w1", COSIGNATURE)
    found = note.parse_note(f"{OWN}{line}".encode())
    own = note.parse_key(OWN_VKEY)
    assert found.verified([own, witness]) == {own: None, witness: 1_679_315_147}
    assert found.verified([own]) == {own: None}
    OTHER.public_key().verify(line.signature[8:], f"cosignature/v1\ntime 1679315147\n{OWN_TEXT}".encode())
    assert line.signature[:8].hex() == "00000000641850cb"
    with pytest.raises(Forged, match=r"witness\.example/w1"):
        note.parse_note(f"{OWN.replace('8', '9', 1)}{line}".encode()).verified([witness])


@pytest.mark.parametrize("moment", [2**63, 2**64 - 1])
def test_a_time_ends_somewhere(moment: int) -> None:
    """A cosignature whose time takes more than 63 bits is none, though its key made it."""
    line = note.cosign(OWN_TEXT, OTHER, "w", moment)
    with pytest.raises(Forged, match="a time that no clock tells"):
        Note(OWN_TEXT, (line,)).verified([note.verifier_of(OTHER, "w", COSIGNATURE)])


def test_a_cosignature_is_not_a_signature() -> None:
    """One key signs as a log and as a witness under two ids, and neither stands for the other."""
    log, witness = note.verifier_of(KEY, KAT), note.verifier_of(KEY, KAT, COSIGNATURE)
    assert log.id != witness.id
    assert note.parse_key(str(witness)) == witness
    made = note.cosign(OWN_TEXT, KEY, KAT, 1)
    for forged in (Signature(KAT, log.id, made.signature), Signature(KAT, witness.id, made.signature[8:])):
        with pytest.raises(Forged):
            Note(OWN_TEXT, (forged,)).verified([log, witness])


def test_unknown_keys_are_ignored() -> None:
    """A line by an unknown key says nothing, even if it shares its name or its id, but not both, with a known one."""
    key = note.parse_key(OWN_VKEY)
    junk = [Signature(KAT, b"none", bytes(64)), Signature("other.example", key.id, bytes(64))]
    whole = note.parse_note(str(Note(OWN_TEXT, (*junk, *note.parse_note(OWN.encode()).signatures))).encode())
    assert whole.verified([key]) == {key: None}
    assert Note(OWN_TEXT, tuple(junk)).verified([key]) == {}


def test_one_bad_signature_refuses_all() -> None:
    """A line that bears a known key's name and id and is not its signature refuses the note, good lines or not."""
    key, good = note.parse_key(OWN_VKEY), note.parse_note(OWN.encode()).signatures[0]
    for bad in (bytes(64), good.signature[:-1], good.signature + b"\x00", b"x"):
        for lines in ((good, Signature(KAT, key.id, bad)), (Signature(KAT, key.id, bad), good)):
            with pytest.raises(Forged, match="does not fit"):
                Note(OWN_TEXT, lines).verified([key])


def test_no_byte_of_a_signature_or_text_can_change() -> None:
    """Whatever byte is changed, the note is no longer signed by its key."""
    key, whole = note.parse_key(OWN_VKEY), OWN.encode()
    for place in range(len(whole)):
        for bit in range(8):
            other = bytearray(whole)
            other[place] ^= 1 << bit
            try:
                assert not note.parse_note(bytes(other)).verified([key]), (place, bit)
            except (Malformed, Forged):
                continue


@pytest.mark.parametrize("count", [1, 16, 17, 100])
def test_many_signatures_are_accepted(count: int) -> None:
    """A note may bear sixteen signatures and more, and the one that is known is found among them."""
    lines = tuple(note.cosign(OWN_TEXT, OTHER, f"witness-{number}", number) for number in range(count - 1))
    whole = note.parse_note(str(Note(OWN_TEXT, (*lines, note.sign(OWN_TEXT, KEY, KAT)))).encode())
    assert len(whole.signatures) == count
    assert set(whole.verified([note.parse_key(OWN_VKEY)])) == {note.parse_key(OWN_VKEY)}


def test_a_long_signature_of_another_kind_is_passed_over() -> None:
    """A signature of nearly five thousand bytes, as after-quantum keys make them, disturbs nobody."""
    line = Signature(KAT, b"\x06\x06\x06\x06", bytes(4_900))
    whole = note.parse_checkpoint(f"{OWN}{line}".encode())
    assert whole.note.verified([note.parse_key(OWN_VKEY)])


def test_signatures_are_added_once() -> None:
    """What is there already is not added a second time."""
    found = note.parse_note(OWN.encode())
    other = note.cosign(OWN_TEXT, OTHER, "w", 1)
    assert str(found.with_signatures([*found.signatures, other, other])) == f"{OWN}{other}"


SIGNED = "a\n\n" + OWN_LINE


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (b"", "lines"),
        (b"a", "lines"),
        (SIGNED.encode()[:-1], "lines"),
        (SIGNED.replace("\n", "\r\n").encode(), "control characters"),
        (b"a\tb\n", "control characters"),
        (b"a\x00b\n", "control characters"),
        (SIGNED.encode("latin-1", "replace"), "is not a signature"),
        (b"\xff\n", "UTF-8"),
        (b"\xed\xa0\x80\n", "UTF-8"),
        (b"a\n\n", "from 1 to 100 signatures"),
        (f"a\n\n{OWN_LINE}\n".encode(), "from 1 to 100 signatures"),
        (f"a\n\n{OWN_LINE * 101}".encode(), "from 1 to 100 signatures"),
        (b"a\n\nb\n", "'b' is not a signature"),
        (SIGNED.replace("— ", "- ").encode(), "is not a signature"),
        (SIGNED.replace("— ", "—").encode(), "is not a signature"),
        (SIGNED.replace(KAT, "").encode(), "is not a signature"),
        (SIGNED.replace(KAT, "a+b").encode(), "is not a signature"),
        (SIGNED.replace(KAT, "a\u2003b").encode(), "is not a signature"),
        (SIGNED.replace(KAT, "a\u2028b").encode(), "is not a signature"),
        (SIGNED.replace(KAT, "a\x85b").encode(), "is not a signature"),
        (SIGNED.replace("AlgY=", "AlgY").encode(), "not base64"),
        (SIGNED.replace("AlgY=", "AlgZ=").encode(), "not written as base64 is"),
        (SIGNED.replace("AlgY=", "AlgY= ").encode(), "not base64"),
        (SIGNED.replace("AlgY=", "Al-Y=").encode(), "not base64"),
        ("a\n\n— b JFjyNw==\n".encode(), "too short"),
        (b"a\n" * 2**19 + b"b\n", "at most 1,048,576 bytes"),
    ],
)
def test_what_is_no_note_is_refused(whole: bytes, reason: str) -> None:
    """Each with the reason."""
    with pytest.raises(Malformed, match=reason):
        note.parse_note(whole)


ROOT = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("o\n8\n", "three lines"),
        (f"\n8\n{ROOT}\n", "none of its lines is empty"),
        (f"o\n\n{ROOT}\n", "not a signature"),
        (f"o\n08\n{ROOT}\n", "three lines"),
        (f"o\n+8\n{ROOT}\n", "three lines"),
        (f"o\n-8\n{ROOT}\n", "three lines"),
        (f"o\n 8\n{ROOT}\n", "three lines"),
        (f"o\n8 \n{ROOT}\n", "three lines"),
        (f"o\n٨\n{ROOT}\n", "three lines"),
        (f"o\n1_0\n{ROOT}\n", "three lines"),
        (f"o\n{'9' * 20}\n{ROOT}\n", "three lines"),
        (f"o\u2028{ROOT}\n8\nx\n", "not base64"),
        (f"o\n8\n{ROOT[:-1]}\n", "not base64"),
        ("o\n8\nAAAA\n", "32 bytes, not 3"),
        (f"o\n0\n{ROOT}\n", "without leaves"),
        (f"o\n8\n{ROOT}\nmore\n\neven more\n\n{OWN_LINE}", "none of its lines is empty"),
        (f"o\n8\n{ROOT}\n\n\n{OWN_LINE}", "none of its lines is empty"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, reason: str) -> None:
    """Each with the reason."""
    with pytest.raises(Malformed, match=reason):
        note.parse_checkpoint(text.encode())


def test_lines_end_in_line_feeds_alone() -> None:
    """What Unicode calls the end of a line belongs to the line; an origin may hold it, though it should not."""
    text = f"o\u2028p\x85q\n8\n{ROOT}\nextension\n"
    found = note.parse_checkpoint(text.encode())
    assert (found.origin, found.size, found.note.text) == ("o\u2028p\x85q", 8, text)


def test_the_empty_tree_has_a_checkpoint() -> None:
    """Size 0 is written 0, with the root of no leaves."""
    found = note.parse_checkpoint(note.checkpoint_text("o", 0, EMPTY).encode())
    assert (found.size, found.root) == (0, EMPTY)


@pytest.mark.parametrize(
    ("vkey", "reason"),
    [
        ("", "NAME"),
        ("a+b", "NAME"),
        (OWN_VKEY.replace(KAT, ""), "NAME"),
        (OWN_VKEY.replace(KAT, "a b"), "NAME"),
        (OWN_VKEY.replace("2458f237", "2458F237"), "2458f237, not 2458F237"),
        (OWN_VKEY.replace("2458f237", "2458f238"), "mistyped"),
        (OWN_VKEY.replace(KAT, "ledger.example.org/cat"), "mistyped"),
        (OWN_VKEY.replace("AQOh", "AwOh"), "a kind .0x03. whose signatures"),
        (OWN_VKEY[:-4], "not as long as"),
        (OWN_VKEY[:-1], "not base64"),
        (OWN_VKEY.replace("AQOh", "AQO="), "base64"),
    ],
)
def test_what_is_no_key_is_refused(vkey: str, reason: str) -> None:
    """Each with the reason."""
    with pytest.raises(Malformed, match=reason):
        note.parse_key(vkey)


def test_a_key_that_is_no_point_signs_nothing() -> None:
    """Bytes that are no key of Ed25519 verify nothing, and nothing breaks."""
    key = note.VerifierKey("a", b"\xff" * 32)
    with pytest.raises(Forged):
        key.verify(bytes(64), b"a\n")


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\u3000b", "a\x7fb", "a\x1fb", "a\u200bb", "a\u202eb"]
)
def test_some_names_no_key_can_bear(name: str) -> None:
    """Spaces, plus signs and what cannot be seen would make a line that reads otherwise."""
    assert not note.is_key_name(name)
    assert note.is_key_name("a/b.c-d_é")


@pytest.mark.parametrize("letter", ["\U0001e4d0", "\U00010d50", "\U00018d09"])
def test_a_name_may_hold_letters_of_a_later_unicode(letter: str) -> None:
    """Whether a ledger can bear a name does not depend on the Python that is asked."""
    assert note.is_key_name(f"ledger.example/{letter}")


def test_a_name_that_the_specification_allows_is_read() -> None:
    """A line by an unknown key is ignored, whatever its name: only spaces and plus signs are forbidden."""
    strange = Signature("a\x7f\u200bb", b"1234", b"56")
    found = note.parse_note(str(Note(OWN_TEXT, (strange,))).encode())
    assert found.signatures == (strange,)


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters="+"), min_size=1)
SIGNATURES = st.builds(Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))


@given(st.lists(LINES, min_size=1), st.lists(SIGNATURES, min_size=1, max_size=17))
def test_a_note_is_read_as_it_was_written(lines: list[str], signatures: list[Signature]) -> None:
    """Whatever its lines are, empty ones too, and whoever signed it."""
    made = Note("".join(f"{one}\n" for one in lines), tuple(signatures))
    assert note.parse_note(str(made).encode()) == made


@given(NAMES, st.integers(0, 10**19 - 1), st.binary(min_size=32, max_size=32), st.lists(SIGNATURES, max_size=3))
def test_a_checkpoint_is_read_as_it_was_written(
    origin: str, size: int, root: bytes, signatures: list[Signature]
) -> None:
    """Of any size, signed or not."""
    root = root if size else EMPTY
    made = Note(note.checkpoint_text(origin, size, root), tuple(signatures))
    found = note.parse_checkpoint(str(made).encode())
    assert (found.origin, found.size, found.root, found.note) == (origin, size, root, made)


@given(NAMES, st.sampled_from([KEY, OTHER]), st.sampled_from([note.ED25519, COSIGNATURE]))
def test_a_key_is_read_as_it_was_written(name: str, key: Ed25519PrivateKey, kind: int) -> None:
    """Under any name, of both kinds."""
    made = note.verifier_of(key, name, kind)
    assert note.parse_key(str(made)) == made


MATERIAL = st.one_of(
    st.binary(),
    st.lists(
        st.one_of(
            st.sampled_from(
                [b"\n", b"\n\n", b"0", b"8", b"old 1", b"index 0", b"c2sp.org/tlog-proof@v1", b"extra a", ROOT.encode()]
            ),
            st.sampled_from([OWN_TEXT.encode(), OWN_LINE.encode(), b"o", "—".encode(), b" ", b"+", "\u2028".encode()]),
            st.binary(max_size=3),
        )
    ).map(b"".join),
)
READERS: list[Callable[[bytes], object]] = [
    note.parse_note,
    note.parse_checkpoint,
    proofs.parse_inclusion,
    proofs.parse_consistency,
    lambda whole: note.parse_key(whole.decode("utf-8", "replace")),
    lambda whole: note.parse_signature(whole.decode("utf-8", "replace")),
    lambda whole: note.from_base64(whole.decode("utf-8", "replace")),
]


@given(MATERIAL)
@example(b"a\n\n\xe2\x80\x94 \n")
@example(f"index 0\n\n{OWN}".encode())
@example(f"c2sp.org/tlog-proof@v1\n\n{OWN}".encode())
@example(f"\n\n{OWN}".encode())
def test_whatever_is_read_is_read_or_malformed(whole: bytes) -> None:
    """No bytes make a reader break."""
    for read in READERS:
        try:
            read(whole)
        except Malformed as error:
            assert str(error)  # noqa: PT017 - only what is refused is said
