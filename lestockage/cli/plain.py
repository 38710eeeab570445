"""Plain lines: command lines that mean one thing only, read without Typer.

Typer (0.29, which brings pydantic) takes 170 ms of processor time to read one command line, more than a whole unchanged run may take
(docs/decisions/0003-plain-command-lines.md). So a line that is made of a command, its arguments, and its options spelled out once each
is read here; every other line, and every mistake, is Typer's to read and to explain. `tests/cli/test_plain.py` holds the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Line(NamedTuple):
    """A command and what it is given, under the names of its module's `answer` function."""

    command: str
    arguments: dict[str, object]


class _Shape(NamedTuple):
    """What a command takes."""

    words: tuple[str, ...]  # the names of the arguments, in order
    required: bool  # all of them, or none
    options: dict[str, str]


_DB = {"--db": "db"}
_PROJECT = {"--project": "project"}
_FLAGS = {"--json": "as_json"}
_NUMBERS = frozenset({"--edits", "--every", "--jobs", "--depth", "--limit"})
_SHAPES = {
    "index": _Shape(("path",), required=True, options={**_DB, **_PROJECT, "--jobs": "jobs", "--snapshot": "snapshot"}),
    "symbols": _Shape(("pattern",), required=False, options={**_DB, **_PROJECT}),
    "show": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT}),
    "callers": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT}),
    "callees": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT}),
    "status": _Shape((), required=False, options=_DB),
    "gc": _Shape((), required=False, options=_DB),
    "check": _Shape((), required=False, options=_DB),
    "verify": _Shape((), required=False, options=_DB),
    "impact": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT, "--depth": "depth"}),
    "path": _Shape(("source", "target"), required=True, options={**_DB, **_PROJECT, "--limit": "limit"}),
    "cycles": _Shape((), required=False, options={**_DB, **_PROJECT}),
    "unused": _Shape((), required=False, options={**_DB, **_PROJECT}),
    "watch": _Shape(("path",), required=True, options={**_DB, **_PROJECT, "--jobs": "jobs", "--exec": "run"}),
    "bench": _Shape(
        ("tree",),
        required=False,
        options={**_PROJECT, "--edits": "edits", "--git": "git", "--json": "json_file", "--report": "report", "--check": "check"},
    ),
    "diff": _Shape(("old", "new"), required=False, options={**_DB, "--path": "path"}),
    "affected": _Shape((), required=False, options={**_DB, **_PROJECT, "--since": "since"}),
    "history": _Shape(("revisions",), required=True, options={**_DB, **_PROJECT, "--every": "every", "--path": "path", "--jobs": "jobs"}),
    "compare": _Shape(("old", "new"), required=True, options={**_DB, **_PROJECT}),
    "trend": _Shape((), required=False, options={**_DB, **_PROJECT, "--limit": "limit"}),
    "ages": _Shape((), required=False, options={**_DB, **_PROJECT, "--limit": "limit"}),
    "explain": _Shape(("symbol",), required=False, options={**_DB, **_PROJECT}),
    "snapshots": _Shape((), required=False, options={**_DB, **_PROJECT, "--drop": "drop"}),
    "flow": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT}),
    "complexity": _Shape(("pattern",), required=False, options={**_DB, **_PROJECT, "--limit": "limit"}),
    "sql": _Shape(("query",), required=False, options={**_DB, **_PROJECT, "--limit": "limit"}),
    "export": _Shape(("view",), required=True, options={**_DB, **_PROJECT, "--output": "output"}),
    "metrics": _Shape(("pattern",), required=False, options={**_DB, **_PROJECT, "--sort": "sort", "--limit": "limit"}),
    "hotspots": _Shape((), required=False, options={**_DB, **_PROJECT, "--weights": "weights", "--limit": "limit"}),
    "projects": _Shape((), required=False, options=_DB),
    "refs": _Shape(("symbol",), required=True, options={**_DB, **_PROJECT}),
    "resolve": _Shape(("name",), required=True, options={**_DB, "--from": "source"}),
    "deps": _Shape((), required=False, options={**_DB, **_PROJECT}),
    "breakage": _Shape((), required=False, options={**_DB, **_PROJECT}),
    "forget": _Shape(("project",), required=True, options=_DB),
    "report": _Shape((), required=False, options={**_DB, **_PROJECT, "--output": "output", "--since": "since", "--limit": "limit"}),
    "graph": _Shape(("symbol",), required=False, options={**_DB, **_PROJECT, "--depth": "depth", "--output": "output"}),
}


def read_plain(given: Sequence[str]) -> Line | None:
    """Return what a plain command line says, or None when it is not plain and Typer should read it."""
    shape = _SHAPES.get(given[0]) if given else None
    if shape is None:
        return None
    arguments: dict[str, object] = {}
    words = iter(given[1:])
    expected = iter(shape.words)
    for word in words:
        name, sign, text = word.partition("=")
        if not word.startswith("-"):
            key, value = next(expected, None), word
        elif name in shape.options:
            key, value = shape.options[name], text if sign else next(words, "-")
        elif word in _FLAGS:
            arguments[_FLAGS[word]] = True
            continue
        else:
            return None
        if key is None or key in arguments or not value or value.startswith("-"):
            return None
        if name in _NUMBERS and word.startswith("-"):
            if not (value.isascii() and value.isdigit() and 0 < len(value) < 6 and int(value) > 0):
                return None
            arguments[key] = int(value)
        else:
            arguments[key] = value
    if shape.required and next(expected, None) is not None:
        return None
    return Line(given[0], arguments)
