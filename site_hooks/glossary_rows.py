"""Glossary rows: the words of docs/glossary.md, each with its section and meaning."""

from __future__ import annotations

import re
from typing import NamedTuple

_SECTION = re.compile(r"^## (.+)$")
_ROW = re.compile(r"^\| (?!word \||---)(.+?) \| (.+) \|$")


class Word(NamedTuple):
    """One word, as the glossary has it; `others` are those that share its row, and so its meaning."""

    name: str
    section: str
    meaning: str
    others: tuple[str, ...]

    @property
    def title(self) -> str:
        """The word without the marks of code."""
        return self.name.strip("`")

    @property
    def page(self) -> str:
        """Where its page lies, from the folder of the documents."""
        return f"words/{re.sub(r'[^a-z0-9]+', '-', self.title.lower())}.md"


def words_of(glossary: str) -> list[Word]:
    """The words of the glossary in its order; a row of several gives each of them."""
    found = []
    section = ""
    for line in glossary.splitlines():
        if heading := _SECTION.match(line):
            section = heading[1]
        elif row := _ROW.match(line):
            names = row[1].split(", ")
            found += [Word(name, section, row[2], tuple(other for other in names if other != name)) for name in names]
    return found
