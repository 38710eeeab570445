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
    from collections.abc import Callable, Iterable

    from lestockage.database import Database
    from lestockage.languages.python.linker.linker import Linker
    from lestockage.languages.python.linker.program import Key
    from lestockage.store.linker_pages import LinkerPages


class Linking:
    """The linker of one project, and the shapes that it has taken over; with `pages`, as they were saved last."""

    def __init__(self, pages: LinkerPages | None = None) -> None:
        self._pages = pages
        self._linker: Linker | None = None
        self._taken: dict[str, bytes] = {}
        self._digest = b""
        self._is_saved = True

    def update(self, db: Database, project: Project) -> None:
        """Set what calls of each file lead to, where that has changed; outside of queries."""
        digest = linker_code() + project_shapes_digest(db, project)
        linked = LinkedProject.get(db, name=project.name)
        if linked is not None and linked.digest == digest:
            return
        from lestockage.languages.python.linker.results import file_calls  # noqa: PLC0415  # an unchanged run needs none
        from lestockage.store.linker_pages import LostPagesError  # noqa: PLC0415  # as above

        said = b"" if linked is None else linked.digest
        if self._linker is None or self._digest != said:
            self._open()
        shapes = dict(project_shapes(db, project))
        try:
            try:
                calls = self._follow(db, project, shapes, file_calls, is_said=self._digest == said)
            except LostPagesError:
                self._begin()
                calls = self._follow(db, project, shapes, file_calls, is_said=False)
        except BaseException:
            self._linker = None  # it may be between two states
            raise
        self._taken, self._digest, self._is_saved = shapes, digest, False
        with db.write():
            for path, found in calls.items():
                LinkedFile(db, project=project.name, path=path, calls=encode(found))
            _unlink(db, project.name, () if linked is None else set(linked.files) - set(shapes))
            LinkedProject(db, name=project.name, digest=digest, files=tuple(shapes))

    def _follow(  # all that an update knows
        self,
        db: Database,
        project: Project,
        shapes: dict[str, bytes],
        file_calls: Callable[[Linker, str], tuple[UnitCalls, ...]],
        *,
        is_said: bool,
    ) -> dict[str, tuple[UnitCalls, ...]]:
        """Have the linker take over the shapes; return the calls of files that may lead elsewhere now, or of all of them."""
        assert self._linker is not None  # noqa: S101  # its caller made one
        sources = {
            path: source
            for path, shape in shapes.items()
            if self._taken.get(path) != shape and (source := SourceFile.get(db, project=project.name, path=path)) is not None
        }

        def flow(key: Key) -> bytes:
            path, name, ordinal = key
            source = sources.get(path) or SourceFile.get(db, project=project.name, path=path)
            found = None if source is None else unit(db, source, name, ordinal)
            assert source is not None and found is not None  # noqa: PT018, S101  # the shape has it
            return facts_of(db, source, found.content_hash).flow

        gone = [path for path in self._taken if path not in shapes]
        changed = {path: file_shape(db, source) for path, source in sources.items()}
        affected = self._linker.update(changed, gone, by_preference(shapes), flow)
        calls = {path: file_calls(self._linker, path) for path in (affected if is_said else shapes)}
        self._linker.rest()
        return calls

    def _begin(self) -> None:
        from lestockage.languages.python.linker.linker import Linker  # noqa: PLC0415  # an unchanged run needs none

        self._linker, self._taken, self._digest = Linker(), {}, b""

    def _open(self) -> None:
        """Go on from what was saved last, or from nothing."""
        self._begin()
        head = None if self._pages is None else self._pages.head()
        if head is not None:
            assert self._linker is not None  # noqa: S101  # just made
            assert self._pages is not None  # noqa: S101  # it gave the head
            code, digest, taken, inner = msgpack.unpackb(head, use_list=False, unicode_errors="surrogatepass")
            if code == linker_code():
                self._linker.open(inner, self._pages.read)
                self._taken, self._digest = dict(taken), digest

    def save(self) -> None:
        """Save what has changed since the last time, in the transaction in which the calls of files become durable."""
        if self._linker is None or self._pages is None or self._is_saved:
            return
        from lestockage.store.linker_pages import LostPagesError  # noqa: PLC0415  # an unchanged run needs none

        head = bytes(
            msgpack.packb((linker_code(), self._digest, list(self._taken.items()), self._linker.head()), unicode_errors="surrogatepass")
        )
        try:
            is_whole = not self._linker.is_in_store
            self._is_saved = self._pages.save(head, list(self._linker.changed_pages()), is_whole=is_whole)
        except LostPagesError:  # those beside what has changed
            self._is_saved = False
        if self._is_saved:
            self._linker.written(self._pages.read)
        else:
            self._linker = None  # what is saved is of another state than the calls of files: the next update looks at all


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
