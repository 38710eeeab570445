"""Programs: the small programs of the corpus, each with the call edges it must have.

A category is one Markdown file in `corpus/`. A section in it is a program: a heading that names it, a sentence that says what it is about,
one Python block for each module (`main.py`, or what the line above the block names in backquotes) and one block `calls` that is expected:

    main -> main.f builtins.len     must be found; running the program executes the in-project ones
    main ~> main.g                  must be found, though this run takes another way
    main -/> builtins.print         must not be found; needed for targets outside the program only

What is said of the program's own functions and classes is complete: any other edge between them is wrong. Targets outside the program
are judged only where they are named. `main` alone is the body of the module; a class's name is its body as a caller, as a callee the making
of an object.
"""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

Edge = tuple[str, str]

CORPUS = Path(__file__).parent / "corpus"

_SECTION = re.compile(r"^## (\S+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"(?:^`([^`\n]+)`\n\n?)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ARROWS = ("->", "~>", "-/>")


class Program(NamedTuple):
    """One program: its modules by path, and the edges that running it executes, may execute in another run, and must not have."""

    category: str
    name: str
    claim: str
    files: dict[str, str]
    executed: frozenset[Edge]
    possible: frozenset[Edge]
    forbidden: frozenset[Edge]

    @property
    def expected(self) -> frozenset[Edge]:
        """Every edge that must be found."""
        return self.executed | self.possible


def programs(category: str | None = None) -> list[Program]:
    """Return the programs of one category, or all, in the order of the files; raises ValueError for a section that cannot be read."""
    found = []
    for path in sorted(CORPUS.glob("*.md")):
        if category is None or path.stem == category:
            found += [_program(path.stem, name, body) for name, body in _SECTION.findall(path.read_text())]
    return found


def _program(category: str, name: str, body: str) -> Program:
    files = {}
    edges: dict[str, set[Edge]] = {arrow: set() for arrow in _ARROWS}
    for path, language, text in _BLOCK.findall(body):
        if language == "python":
            files[path or "main.py"] = dedent(text)
        elif language == "calls":
            for line in filter(None, map(str.strip, text.splitlines())):
                caller, arrow, *callees = line.split()
                if arrow not in edges or not callees:
                    message = f"{category}/{name}: {line!r} is no expectation"
                    raise ValueError(message)
                edges[arrow] |= {(caller, callee) for callee in callees}
        else:
            message = f"{category}/{name}: a block is python or calls, not {language}"
            raise ValueError(message)
    if not files or "```calls" not in body:
        message = f"{category}/{name}: a program has modules and an expectation"
        raise ValueError(message)
    claim = body.strip().splitlines()[0]
    return Program(category, name, claim, files, *(frozenset(edges[arrow]) for arrow in _ARROWS))
