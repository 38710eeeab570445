"""Lazy files: count the words below a folder, reading only files that changed, across restarts; `python -m examples.lazy_files FOLDER`.

The database keeps a fingerprint of each file (here: its size and modification time), not its text. A file is opened when a query that has
no valid result reads it, and not before.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lestockage import Database, Input, Key, Lazy, query, unloaded


class TextFile(Input):
    """A file on disk."""

    path: Key[str]
    text: Lazy[str]


@query
def words(db: Database, file: TextFile) -> int:
    """How many words a file has; reading `file.text` loads it."""
    return len(file.text.split())


@query
def total(db: Database) -> int:
    """How many words all files have."""
    return sum(words(db, file) for file in TextFile.all(db))


def load(file: TextFile) -> str:
    """Read a file from disk."""
    return Path(file.path).read_text(encoding="utf-8")


def look(db: Database, folder: Path) -> None:
    """Bring the inputs in step with the folder, in one revision, without opening a file."""
    found = {str(path): path.stat() for path in folder.glob("**/*.txt")}
    with db.write():
        for file in TextFile.all(db):
            if file.path not in found:
                file.delete()
        for path, stat in found.items():
            TextFile(db, path=path, text=unloaded(f"{stat.st_size} {stat.st_mtime_ns}".encode()))


def count(folder: Path, database: Path) -> tuple[int, int]:
    """The number of words below a folder, and how many files had to be read to tell."""
    with Database(database) as db:
        db.set_loader(TextFile, "text", load)
        look(db, folder)
        result = total(db)
        return result, db.executions().get(words.declaration.name, 0)


def main() -> None:
    """Count twice: the second time nothing is read."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    for _ in range(2):
        result, read = count(folder, folder / "words.db")
        print(f"{result} words; {read} files read")


if __name__ == "__main__":
    main()
