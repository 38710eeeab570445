"""Inputs: what is set from outside: the projects, and the source files in them."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from blake3 import blake3

from lestockage.engine.annotations import Key
from lestockage.engine.inputs import Input
from lestockage.engine.lazy import Lazy


class Project(Input):
    """One source tree; `prefix` is its folder's dotted name as a package, `project_files` are the paths of pyproject.toml and the like.

    `files` are the paths of its source files, by path; one that has no `SourceFile` cannot be read.
    """

    name: Key[str]
    prefix: str
    project_files: tuple[str, ...]
    files: tuple[str, ...] = ()


class SourceFile(Input):
    """One Python file; `content` is set to `unloaded(content_digest(source))`, and loaded by whoever opened the tree."""

    project: Key[str]
    path: Key[str]
    content: Lazy[bytes]


class LinkedProject(Input):
    """A project whose calls are linked: the digest of its files' shapes when that was done last, and the paths of its `LinkedFile`s."""

    name: Key[str]
    digest: bytes
    files: tuple[str, ...]


class LinkedFile(Input):
    """What the calls of one file lead to, as `linking` found it."""

    project: Key[str]
    path: Key[str]
    calls: bytes


def content_digest(source: bytes) -> bytes:
    """Return the 32 bytes of BLAKE3 by which the content of a file is told from any other."""
    return blake3(source).digest()
