"""What a vote must reach to carry: a stated threshold, as far as its words can be read."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final, Literal, NamedTuple

Base = Literal["voting", "present", "all"]

_HALF: Final = Fraction(1, 2)
_SHARES: Final = {
    "one third": Fraction(1, 3),
    "a third": Fraction(1, 3),
    "half": _HALF,
    "three fifths": Fraction(3, 5),
    "two thirds": Fraction(2, 3),
    "three quarters": Fraction(3, 4),
    "three fourths": Fraction(3, 4),
    "four fifths": Fraction(4, 5),
}
_RATIO = re.compile(r"\b([0-9]{1,3}) ?/ ?([1-9][0-9]{0,2})\b")
_PERCENT = re.compile(r"\b([0-9]{1,3}(?:[.,][0-9]+)?) ?(?:%|per ?cent\b)")
_VOTES = re.compile(r"\b([0-9]{1,6}) votes?\b")
_MORE = re.compile(r"\b(?:more than|over|above|exceeding)\b|>")
_UNCLEAR = re.compile(r"\b(?:not?|nor|unless|without|except|if|or|and|waived|one more)\b|\+")
_HARMLESS = re.compile(r"\b(?:or more|present and voting|or greater|no (?:less|fewer) than|not (?:less|fewer) than)\b")
_OF_THOSE_VOTING = re.compile(r"\b(?:simple|voting|cast|votes|voters|ballots)\b")
_OF_ALL = re.compile(
    r"\b(?:absolute|seats)\b|\b(?:all|total|whole|entire|elected|statutory)\b.*\b(?:members?|membership|councillors|council)\b"
)


class Threshold(NamedTuple):
    """What a vote must reach."""

    share: Fraction | None
    """Of its base; None when a number of votes is asked for."""
    votes: int = 0
    base: Base = "voting"
    passed: bool = False
    """Whether it must be passed, and not only reached."""

    @property
    def under_half(self) -> bool:
        """Whether fewer may reach it than are against."""
        return self.share is None or self.share < _HALF or (self.share == _HALF and not self.passed)

    def missed(self, votes: int, base: int) -> bool:
        """Whether so many votes do not reach it, of a base of so many."""
        needed = self.votes if self.share is None else self.share * base
        return votes < needed or (self.passed and votes == needed)


def read(text: str) -> Threshold | None:
    """Read a threshold; None where its words allow more than one reading.

    Where it does not say of whom, it is taken to be of those voting: whoever misses that misses every other.
    """
    words = unicodedata.normalize("NFKC", text).casefold().replace("\u2044", "/")
    words = " ".join(re.sub(r"[-\u2010-\u2015]", " ", words).split())
    plain = _HARMLESS.sub("voting" if "present and voting" in words else "", words)
    if _UNCLEAR.search(plain):
        return None
    numbers = [int(found) for found in _VOTES.findall(plain)]
    shares = [share for name, share in _SHARES.items() if re.search(rf"\b{name}\b", plain)]
    shares += [Fraction(int(part), int(whole)) for part, whole in _RATIO.findall(plain)]
    shares += [Fraction(part.replace(",", ".")) / 100 for part in _PERCENT.findall(plain)]
    passed = _MORE.search(plain) is not None
    if not shares and not numbers and "majority" in plain:
        shares, passed = [_HALF], True
    if len(shares) + len(numbers) != 1 or any(not 0 < share <= 1 for share in shares):
        return None
    if numbers:
        return Threshold(None, numbers[0], passed=passed)
    return Threshold(shares[0], base=_base(plain), passed=passed)


def _base(words: str) -> Base:
    if _OF_THOSE_VOTING.search(words):
        return "voting"
    if re.search(r"\bpresent\b", words):
        return "present"
    return "all" if _OF_ALL.search(words) else "voting"
