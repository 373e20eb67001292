"""A source's own document: whatever its form, what is quoted from it stands in it, and it is always the same one."""

import hashlib
import tomllib
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from pypdf import PdfReader, PdfWriter

from ledger import document_text, documents
from ledger.errors import Conflict, UsageError
from tests.house import ROOT, absent

QUOTE = 'That the Council "pause" its twinning links, first of all with Volgograd'
PAGE = """<!DOCTYPE html><html><head><title>Minutes</title><style>p { color: red }</style></head>
<body><p>That the Council &ldquo;pause&rdquo; its twin&shy;ning&nbsp;<b>links</b>,
  &#64257;rst of all<br>with Volgo<i>grad</i></p><ul><li>one</li><li>two</li></ul>
<script>hidden()</script><template><p>unused</p></template></body></html>"""


def pdf(*pages: bytes, unpacked: Callable[[bytes], bytes] | None = None) -> bytes:
    """A PDF of pages, each with the operators that draw it; `unpacked` packs them."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = b" ".join(f"{4 + 2 * number} 0 R".encode() for number in range(len(pages)))
    parts.append(b"<< /Type /Pages /Kids [ " + kids + b" ] /Count " + str(len(pages)).encode() + b" >>")
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, page in enumerate(pages):
        content = f"{5 + 2 * number} 0 R".encode()
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents " + content + b" >>"
        )
        data, packing = (page, b"") if unpacked is None else (unpacked(page), b"/Filter /FlateDecode ")
        parts.append(b"<< " + packing + b"/Length " + str(len(data)).encode() + b" >> stream\n" + data + b"\nendstream")
    whole, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += str(number).encode() + b" 0 obj\n" + part + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    size = str(len(parts) + 1).encode()
    return (
        whole + b"xref\n0 " + size + b"\n0000000000 65535 f \n" + table + b"trailer << /Size " + size
        + b" /Root 1 0 R >>\nstartxref\n" + str(len(whole)).encode() + b"\n%%EOF\n"
    )  # fmt: skip


def drawn(*lines: str) -> bytes:
    """The operators that draw lines of text."""
    return (
        b"BT /F1 12 Tf 72 720 Td "
        + b" ".join(b"(" + line.encode("cp1252") + b") Tj 0 -14 Td" for line in lines)
        + b" ET"
    )


MINUTES = pdf(
    drawn("Minutes"), drawn("That the Council “pause” its twin-", "ning links, first of all with", "Volgograd.")
)


def given(folder: Path, content: bytes | str, name: str = "minutes") -> Path:
    """A document in a folder; its name says nothing of its form."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path, quote: str = "") -> UsageError:
    """Why a document is not taken."""
    with pytest.raises(UsageError) as found:
        documents.documented({"title": "Minutes", "grade": "official", **({"quote": quote} if quote else {})}, path)
    return found.value


# What a document says


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        PAGE.encode("utf-16"),
        "\ufeff" + PAGE,
        f"<?xml version='1.0' encoding='utf-8'?>\n{PAGE}",
        MINUTES,
        pdf(drawn(QUOTE), unpacked=zlib.compress),
        f"Minutes\n\n{QUOTE}.",
        QUOTE.replace('"', "\u201c").encode("cp1252"),
        QUOTE.encode("utf-16"),
    ],
)
def test_a_quote_is_found_in_every_form(content: bytes | str, tmp_path: Path) -> None:
    """Text, HTML and PDF are told apart by what is in them, and the evidence gets the SHA-256 of the bytes."""
    path = given(tmp_path, content)
    evidence = {"title": "Minutes", "grade": "official", "quote": QUOTE}
    told = documents.documented(evidence, path)
    assert told == {**evidence, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def test_what_nobody_sees_is_not_in_a_page(tmp_path: Path) -> None:
    """Scripts and styles are no text; words in two elements are two words, in one sentence one."""
    text = documents.read_document(given(tmp_path, PAGE)).text
    assert not documents.holds(text, "hidden")
    assert not documents.holds(text, "unused")
    assert not documents.holds(text, "color")
    assert not documents.holds(text, "onetwo")
    assert documents.holds(text, "one two")
    assert documents.holds(text, "Volgograd one")


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="iso-8859-1"><p>caf\u00e9 \u201cb\u201d'.encode("cp1252"),
        '<meta charset="nonsense"><p>caf\u00e9 \u201cb\u201d'.encode(),
        "<p>caf\u00e9 \u201cb\u201d".encode("cp1252"),
        '<meta charset="windows-1251"><p>caf\u00e9 \u201cb\u201d'.encode(),
    ],
)
def test_pages_are_read_as_they_were_written(page: bytes, tmp_path: Path) -> None:
    """As a page declares it; where that is wrong or missing, as UTF-8 or as Windows wrote it."""
    found = documents.read_document(given(tmp_path, page)).text
    assert documents.holds(found, 'caf\u00e9 "b"') is (b"1251" not in page)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("the  link\n\twas\u00a0paused", "the link was paused"),
        ("twin\u00adning", "twinning"),
        ("\ufb01rst e\ufb00ort", "first effort"),
        ("\u201cso\u201d \u00absaid\u00bb \u2018he\u2019", '"so" "said" \'he\''),
        ("the twin-\n  ning of cross-\nparty groups", "the twinning of cross-party groups"),
        ("twinning", "twin-\nning"),
        ("caf\u00e9", "cafe\u0301"),
        ("(a) [b] .* \\d", "(a) [b] .* \\d"),
    ],
)
def test_how_words_are_set_makes_no_difference(text: str, quote: str) -> None:
    """White space, hyphens of a line, ligatures and the style of quotation marks are the printer's."""
    assert documents.holds(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("the link was paused", "The link was paused"),
        ("the link was paused", "the link is paused"),
        ("the link, was paused", "the link was paused"),
        ("the link was not paused", "the link was paused"),
        ("\u201cso\u201d", "'so'"),
        ("cross-party", "crossparty"),
        ("cross party", "cross-party"),
        ("abc", "a.c"),
    ],
)
def test_all_else_makes_a_difference(text: str, quote: str) -> None:
    """A quotation is exact or none."""
    assert not documents.holds(text, quote)


def test_a_quote_that_does_not_stand_there_is_told_with_what_does(tmp_path: Path) -> None:
    """The clerk sees the nearest passage, and can quote that."""
    error = refused(given(tmp_path, MINUTES), "That the Council paused its twinning links with Volgograd")
    assert error.what.startswith("the quote does not stand in")
    error = refused(
        given(tmp_path, PAGE.replace("<p>", "<p>First of all.")), "its twinning link, first of all with Volgograd"
    )
    assert error.why.startswith("the nearest passage reads: ")
    assert "first of all with" in error.why
    assert refused(given(tmp_path, PAGE), "Nothing of the kind at all").why == "nothing like it stands there"


def test_a_long_passage_is_cut(tmp_path: Path) -> None:
    """A hint is to be read at a glance."""
    long = " ".join(f"word{number}" for number in range(200))
    error = refused(given(tmp_path, long), long.replace("word100 ", ""))
    assert len(error.why) < 500


# What it is


def test_a_document_without_a_quote_is_but_named(tmp_path: Path) -> None:
    """Its SHA-256 is enough; scanned pages can be kept so."""
    path = given(tmp_path, pdf(b""))
    assert documents.documented({"title": "Scan", "grade": "official"}, path)["sha256"]
    assert "no text can be read" in refused(path, "Anything").what


def test_a_name_stands_for_one_document(tmp_path: Path) -> None:
    """Another document under the same name is a conflict, whatever is quoted; the same one again is none."""
    path = given(tmp_path, "The minutes.")
    known = documents.documented({"title": "Minutes", "grade": "official", "source": "minutes"}, path)
    assert documents.documented(known, path) == known
    with pytest.raises(Conflict) as conflict:
        documents.documented({**known, "quote": "other"}, given(tmp_path, "The other minutes."))
    assert "is not the document that is on record as the source minutes" in conflict.value.what
    assert known["sha256"] in conflict.value.why


# What cannot be read


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04word/document.xml", b"\0" * 10])
def test_other_kinds_are_refused(content: bytes, tmp_path: Path) -> None:
    """A picture or a word processor's file is none of the three, whatever it is called."""
    assert "neither text, HTML nor PDF" in refused(given(tmp_path, content, "minutes.txt")).what


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """Neither a folder nor a name that nothing bears."""
    for path in (tmp_path, tmp_path / "gone", Path("a\0b")):
        assert "is no file" in refused(path).what


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document is held in memory, so it has a bound."""
    monkeypatch.setattr(documents, "LARGEST", 2**20)
    assert "takes more than 1 MiB" in refused(given(tmp_path, b"a" * (2**20 + 1))).what


def locked() -> bytes:
    """A PDF that opens with a password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(MINUTES)))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7\nnothing", "it is a broken PDF"),
        (MINUTES[: len(MINUTES) // 2], "it is a broken PDF"),
        (MINUTES.replace(b"/Kids [ 4 0 R 6 0 R ]", b"/Kids [ 2 0 R 2 0 R ]"), "it is a broken PDF"),
        (locked(), "it is locked with a password"),
    ],
)
def test_a_broken_or_locked_pdf_is_told(content: bytes, why: str, tmp_path: Path) -> None:
    """What is wrong with it is said; nothing is recorded on the strength of half a document."""
    error = refused(given(tmp_path, content))
    assert error.what.endswith("cannot be read")
    assert error.why.startswith(why)


@pytest.mark.parametrize(("content", "library"), [(MINUTES, "pypdf"), (PAGE, "lxml")])
def test_a_library_that_is_not_installed_is_named_with_its_extra(
    content: bytes | str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clerk reads what is missing, why, and what to type; the extra is one that pyproject.toml declares."""
    absent(tmp_path, "pypdf", "lxml")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    error = refused(given(tmp_path, content), "Volgograd")
    assert error.what == f"{tmp_path / 'minutes'} cannot be read: {library} is not installed"
    assert error.why == "the libraries that read PDF and HTML are an extra of civic-ledger"
    assert error.mend == "pip install 'civic-ledger[documents]', or give the entry without the document"
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert library in {Requirement(line).name for line in extras["documents"]}
    assert documents.documented({"quote": "Volgograd"}, given(tmp_path, "Volgograd"))["sha256"]


def test_a_pdf_that_keeps_its_reader_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that unpacks to endless drawing costs a bounded time."""
    monkeypatch.setattr(document_text, "PATIENCE", 1)
    bomb = pdf(*[drawn(*["x"] * 100_000)] * 20, unpacked=zlib.compress)
    assert "takes more than 1 seconds" in refused(given(tmp_path, bomb)).why


def test_a_pdf_that_unpacks_without_end_is_given_up(tmp_path: Path) -> None:
    """A file of a few hundred kilobytes that unpacks to hundreds of megabytes."""
    bomb = pdf(b" " * 300 * 2**20, unpacked=lambda page: zlib.compress(page, 1))
    assert refused(given(tmp_path, bomb)).what.endswith("cannot be read")


def test_a_page_that_takes_too_much_memory_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of a page has bounded memory."""
    monkeypatch.setattr(document_text, "MEMORY", 256 * 2**20)
    page = b"<html>" + b"<p>a" * 2_000_000
    assert refused(given(tmp_path, page)).why in (
        "its page is too large to be taken apart",
        "it takes more than 256 MiB of memory",
    )
    assert documents.read_document(given(tmp_path, b"<html>" + b"<p>a" * 2_000)).text


def test_a_page_that_is_deep_is_read(tmp_path: Path) -> None:
    """Elements within elements, as careless pages have them."""
    text = documents.read_document(given(tmp_path, b"<html>" + b"<div>" * 1_000 + b"the link is paused")).text
    assert documents.holds(text, "the link is paused")


def test_no_module_is_taken_from_the_folder_of_the_clerk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file called like a library, beside the document, is never run."""
    for name in ("pypdf.py", "lxml.py", "ledger.py", "resource.py"):
        (tmp_path / name).write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert documents.holds(documents.read_document(given(tmp_path, MINUTES)).text, "Volgograd")
