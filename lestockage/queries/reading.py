"""Reading: a file's bytes as a scan and facts, each made once for equal content, here or in a worker process."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lestockage.database import Database
from lestockage.engine.lazy import fingerprint_of
from lestockage.engine.query import query
from lestockage.engine.task import Content, task
from lestockage.languages.facts import Facts, Scan
from lestockage.languages.python.survey import Parsed, parse
from lestockage.queries.inputs import SourceFile, content_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lestockage.engine.task import Known

M = TypeVar("M")

_BATCHES = 24
"""Batches that a worker gets, one after the other: what the last of them are still at work on is little of the whole."""

_TREES_KEPT = 8
"""Trees that stay in memory from one revision to the next: they are large, and asked for right after an edit only."""


@query(durable=False, lru=_TREES_KEPT)
def parsed(db: Database, file: SourceFile) -> Parsed:  # noqa: ARG001  # every query takes the database
    """Return the file's tree, outlined; asked for only when the scan or some facts are not known yet."""
    return parse(file.content)


@task
def scan(source: Content[Parsed]) -> Scan:
    """Return the scan of a file's content."""
    return _made_by(parse, source.load()).scan


@task
def facts(unit: Content[Facts]) -> Facts:
    """Return the facts of a unit, known by its content hash: an edit elsewhere in its file does not reach them."""
    return _made_by(parse, unit.load())


def scan_of(db: Database, file: SourceFile) -> Scan:
    """Return the scan of a file as it stands; in a query, a dependency on the content's fingerprint alone."""
    return scan(db, Content(fingerprint_of(file, "content"), lambda: parsed(db, file)))


def facts_of(db: Database, file: SourceFile, content_hash: bytes) -> Facts:
    """Return the facts of one of a file's units; the dependency is whatever told the hash."""
    return facts(db, Content(content_hash, lambda: parsed(db, file).facts(content_hash)))


def survey_file(source: bytes) -> Iterator[Known]:
    """Yield everything that the two tasks can be asked about one file: what a worker process runs when many files are new."""
    tree = parse(source)
    yield scan.known(tree.scan, Content(content_digest(source), lambda: tree))
    for content_hash, found in tree.survey().facts:
        yield facts.known(found, Content(content_hash, _nothing))


def survey_files(sources: tuple[bytes, ...]) -> Iterator[Known]:
    """Yield the same of several files: handing work to another process and taking it back costs as much as a small file."""
    for source in sources:
        yield from survey_file(source)


def batches(sources: Iterable[bytes], workers: int) -> list[tuple[bytes, ...]]:
    """Return the files in groups of about the same number of bytes, enough of them to keep every worker busy to the end."""
    waiting = list(sources)
    enough = sum(map(len, waiting)) // (_BATCHES * workers)
    found: list[tuple[bytes, ...]] = []
    batch: list[bytes] = []
    size = 0
    for source in waiting:
        batch.append(source)
        size += len(source)
        if size >= enough:
            found.append(tuple(batch))
            batch, size = [], 0
    return [*found, tuple(batch)] if batch else found


def _nothing() -> Facts:
    raise AssertionError("the facts are given")


def _made_by(maker: Callable[[bytes], Parsed], made: M) -> M:  # noqa: ARG001  # named, not called
    """Return what the maker made elsewhere. Naming it makes its code count as the task's own: another parser is another result."""
    return made
