"""Linking: keeps what every call may run in step with the shapes of a project's files.

The linker is no query: it keeps its own state, and updates it at the price of what has changed. Its answer is a function of the shapes and
summaries alone, so it may enter the engine as inputs, one for each file, that are set where it differs from what they hold.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

import msgpack  # type: ignore[import-untyped]  # has no stubs
from blake3 import blake3

from lestockage.languages.python import linker as package
from lestockage.languages.python.linker.targets import Target, UnitCalls
from lestockage.queries.inputs import LinkedFile, LinkedProject, Project, SourceFile
from lestockage.queries.modules import by_preference
from lestockage.queries.reading import facts_of
from lestockage.queries.shapes import file_shape, project_shapes, project_shapes_digest
from lestockage.queries.unit import unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.database import Database
    from lestockage.languages.python.linker.linker import Linker
    from lestockage.languages.python.linker.program import Key


class Linking:
    """The linker of one project, and the shapes that it has taken over."""

    def __init__(self) -> None:
        self._linker: Linker | None = None
        self._taken: dict[str, bytes] = {}

    def update(self, db: Database, project: Project) -> None:
        """Set what calls of each file lead to, where that has changed; outside of queries."""
        digest = linker_code() + project_shapes_digest(db, project)
        linked = LinkedProject.get(db, name=project.name)
        if linked is not None and linked.digest == digest:
            return
        shapes = dict(project_shapes(db, project))
        from lestockage.languages.python.linker.results import file_calls  # noqa: PLC0415  # an unchanged run needs none

        if self._linker is None:
            from lestockage.languages.python.linker.linker import Linker  # noqa: PLC0415  # as above

            self._linker, self._taken = Linker(), {}
        sources = {path: SourceFile.get(db, project=project.name, path=path) for path in shapes}
        changed = {
            path: file_shape(db, source) for path, source in sources.items() if source is not None and self._taken.get(path) != shapes[path]
        }
        gone = [path for path in self._taken if path not in shapes]

        def flow(key: Key) -> bytes:
            path, name, ordinal = key
            source = sources[path]
            found = None if source is None else unit(db, source, name, ordinal)
            assert source is not None and found is not None  # noqa: PT018, S101  # the shape has it
            return facts_of(db, source, found.content_hash).flow

        try:
            affected = self._linker.update(changed, gone, by_preference(shapes), flow)
        except BaseException:
            self._linker = None  # it may be between two states
            raise
        self._taken = shapes
        with db.write():
            for path in affected if linked is not None else shapes:
                LinkedFile(db, project=project.name, path=path, calls=encode(file_calls(self._linker, path)))
            _unlink(db, project.name, () if linked is None else set(linked.files) - set(shapes))
            LinkedProject(db, name=project.name, digest=digest, files=tuple(shapes))


@functools.cache
def linker_code() -> bytes:
    """Return the 32 bytes of BLAKE3 over the source of the linker, which is no query's code: another linker may find other calls."""
    digest = blake3()
    folder = os.path.dirname(package.__file__)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                digest.update(file.read())
    return digest.digest()


def unlink(db: Database, name: str) -> None:
    """Forget what calls of a project lead to; inside `db.write()`."""
    linked = LinkedProject.get(db, name=name)
    if linked is not None:
        _unlink(db, name, linked.files)
        linked.delete()


def _unlink(db: Database, name: str, paths: Iterable[str]) -> None:
    for path in paths:
        file = LinkedFile.get(db, project=name, path=path)
        if file is not None:
            file.delete()


def encode(calls: tuple[UnitCalls, ...]) -> bytes:
    """Return the calls of a file as bytes."""
    return bytes(msgpack.packb(calls, unicode_errors="surrogatepass"))


def decode(calls: bytes) -> list[UnitCalls]:
    """Return the calls of a file from the bytes of `encode`."""
    found = msgpack.unpackb(calls, use_list=False, unicode_errors="surrogatepass")
    return [
        UnitCalls(name, ordinal, tuple([Target(*target) for target in targets]), unresolved) for name, ordinal, targets, unresolved in found
    ]
