"""Every choice among the accounts of what is disputed, the one to be shown first."""

from __future__ import annotations

from domain.history import DENIAL, Act, choices

PLAIN = Act(0, 0, 0, "", "{}", "link:a--b", "link", "link-formed", "1944")


def account(position: int, option: int, kind: str = "") -> Act:
    """An act of one account of an entry."""
    return PLAIN._replace(position=position, option=option, dispute=option and 10 * position + option, kind=kind)


def test_what_nobody_disputes_is_one_choice() -> None:
    """All acts are in it."""
    acts = [account(1, 0), account(2, 0)]
    assert choices(acts) == [((), acts)]
    assert choices([]) == [((), [])]


def test_choices_differ_first_in_few_accounts() -> None:
    """As shown; then those in which one entry is told otherwise, then two; an undisputed entry is in each."""
    acts = [account(1, option) for option in (0, 1, 2)] + [account(2, option) for option in (0, 1)] + [account(3, 0)]
    found = choices(acts)
    assert [tuple(option for _, option in choice.options) for choice in found] == [
        (0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (2, 1),
    ]  # fmt: skip
    for choice in found:
        assert [position for position, _ in choice.options] == [1, 2]
        told = {(act.position, act.option) for act in choice.acts}
        assert told == {(3, 0), *choice.options}
        assert len(choice.acts) == 3


def test_an_account_may_tell_several_acts_or_none() -> None:
    """A denial tells of its subject that nothing happened there."""
    denial = account(1, 1)._replace(row=DENIAL)
    both = [account(1, 0, "twinning"), account(1, 0, "friendship"), denial]
    assert [choice.acts for choice in choices(both)] == [both[:2], []]
    first = [account(1, 0)._replace(row=DENIAL), account(1, 1)]
    assert [choice.acts for choice in choices(first)] == [[], first[1:]]
