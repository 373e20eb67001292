"""Councils other than Coventry, for stories about real decisions."""

from __future__ import annotations

from typing import Any

from domain.catalogue import AnyEvent
from tests.domain.story import Given, Told, body, given, told


def bodies(*slugs: str) -> list[AnyEvent]:
    """Bodies are registered."""
    return [body(slug) for slug in slugs]


def on_link(name: str, link: str, on: str, by: str = "", /, **more: object) -> AnyEvent:
    """Something happens to a link."""
    return told(name, link=link, on=on, **({"by": by} if by else {}), **more)


def under(power: str, reference: str = "", **more: str) -> dict[str, Any]:
    """An authority."""
    return {"power": power, **({"reference": reference} if reference else {}), **more}


def in_any_order(*events: Told) -> Given:
    """What is told is accepted as a batch from either end, and stands."""
    given().when(*events).accepted()
    given().when(*reversed(events)).accepted()
    return given(*events)
