"""Buckets: a project's files in parts, so that what is said of all of them is put together from what was said of each part.

What reads a digest of every file has to load all of them again when one has changed. Over buckets it loads one for each bucket, and those
of the files in the bucket of the changed one: twice the square root of the number of files.
"""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from zlib import crc32

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.queries.inputs import Project, SourceFile


@query(durable=False)
def buckets(db: Database, project: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of a project's files, by bucket. A file stays in its own until there are some four times as many, or a quarter."""
    found = Project.get(db, name=project)
    paths = found.files if found is not None else ()
    # A power of two next to the square root.
    parts: list[list[str]] = [[] for _ in range(1 << (len(paths).bit_length() // 2))]
    for path in paths:
        parts[crc32(path.encode("utf-8", "surrogatepass")) % len(parts)].append(path)
    return tuple([tuple(part) for part in parts])


@query
def bucket_count(db: Database, project: str) -> int:
    """Return how many buckets a project has. Shields from which files there are."""
    return len(buckets(db, project))


@query
def bucket_paths(db: Database, project: str, number: int) -> tuple[str, ...]:
    """Return the paths in one bucket. Shields from files in other buckets coming and going."""
    found = buckets(db, project)
    return found[number] if number < len(found) else ()


def bucket_files(db: Database, project: str, number: int) -> list[SourceFile]:
    """Return the files in one bucket that can be read."""
    several = [SourceFile.get(db, project=project, path=path) for path in bucket_paths(db, project, number)]
    return [file for file in several if file is not None]
