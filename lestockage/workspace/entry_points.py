"""Entry points: the qualified names that a project's metadata offers to run: commands and plugins."""

from __future__ import annotations

import configparser
import glob
import os
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INSTALLED = ("*.dist-info", "*.egg-info")


def offered(root: str) -> frozenset[str]:
    """Return what is offered by the metadata in a project's folder or the one above, and by what is installed there."""
    found: set[str] = set()
    for folder in (root, os.path.dirname(os.path.abspath(root))):
        found.update(_of_pyproject(os.path.join(folder, "pyproject.toml")))
        found.update(_of_setup_cfg(os.path.join(folder, "setup.cfg")))
        for pattern in _INSTALLED:
            for path in glob.glob(os.path.join(glob.escape(folder), pattern, "entry_points.txt")):
                found.update(_of_text(_content(path)))
    return frozenset(found)


def _of_pyproject(path: str) -> Iterator[str]:
    try:
        data: Mapping[str, Any] = tomllib.loads(_content(path))
    except tomllib.TOMLDecodeError:
        return
    project = data.get("project", {})
    tables = [project.get("scripts"), project.get("gui-scripts"), *dict(project.get("entry-points") or {}).values()]
    poetry = data.get("tool", {}).get("poetry", {})
    tables += [poetry.get("scripts"), *dict(poetry.get("plugins") or {}).values()]
    for table in tables:
        for target in dict(table or {}).values():
            if isinstance(target, str):
                yield _qualified(target)


def _of_setup_cfg(path: str) -> Iterator[str]:
    sections = _parsed(_content(path))
    for lines in dict(sections.get("options.entry_points", {})).values():
        for line in lines.splitlines():
            if "=" in line:
                yield _qualified(line.partition("=")[2])


def _of_text(text: str) -> Iterator[str]:
    for section in _parsed(text).values():
        yield from (_qualified(target) for target in section.values())


def _parsed(text: str) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.RawConfigParser(delimiters=("=",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: dict(parser.items(name)) for name in parser.sections()}


def _qualified(target: str) -> str:
    """Return `package.module:object [extra]` as a qualified name."""
    return target.partition("[")[0].strip().replace(":", ".")


def _content(path: str) -> str:
    """Return a text; nothing where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""
