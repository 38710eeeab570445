"""Document: what a report says, in the shapes that every format shows: sections with charts and tables. All text is data, never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Cell: TypeAlias = "str | int | float | None"
"""What one place of a table holds; None is shown as a dash."""

Specification: TypeAlias = "dict[str, Any]"
"""A chart in the words of Vega-Lite, data included."""


class Column(NamedTuple):
    """One column of a table.

    `kind` is "text" (a word or two), "prose" (sentences), "code" (a name, path or signature from the source), "id" (a short one),
    "number" or "percent" (a share from 0 to 1). What is `is_minor` is
    left out where there is little room; `about` tells what it means.
    """

    title: str
    kind: str = "text"
    about: str = ""
    is_minor: bool = False


class Table(NamedTuple):
    """Rows under columns; `total` is how many rows there are, of which these are the first. `key` is unique in a document."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


class Chart(NamedTuple):
    """A picture, and what it shows for those who do not see it.

    `specification` makes it for a width in pixels. A chart that `is_small` is drawn once, for a third of the page; others twice, for a wide
    page and for a phone.
    """

    key: str
    title: str
    description: str
    specification: Callable[[int], Specification]
    is_small: bool = False


class Figure(NamedTuple):
    """One number at the top: what it counts, what it is, and what makes sense of it. `tone` is "plain", "good" or "bad"."""

    label: str
    value: str
    note: str = ""
    tone: str = "plain"


class Section(NamedTuple):
    """A part under a heading: a few sentences, then charts, then tables, then how to read them."""

    key: str
    title: str
    lead: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    note: str = ""


class Document(NamedTuple):
    """A whole report. `findings` are what stands out, a sentence each."""

    title: str
    subject: str
    made_at: datetime
    figures: tuple[Figure, ...]
    findings: tuple[str, ...]
    sections: tuple[Section, ...]
