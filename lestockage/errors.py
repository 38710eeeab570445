"""Errors: the one exception tree, facts as attributes, each message saying what happened, the facts, what to do.

```
LestockageError
├── StoreError                 the SQLite file behind a database
│   ├── NotADatabase           the file is no SQLite file, or a SQLite file that is not ours
│   ├── MissingIndex           there is no file to read yet
│   ├── StoreLocked            another process held the file longer than the busy timeout
│   ├── ReadOnlyStore          a write was asked of a file or connection that cannot be written
│   ├── NewerSchema            the file was written by a newer lestockage
│   ├── OlderSchema            the file needs a migration, and was opened for reading only
│   ├── CorruptStore           the file's structure is damaged
│   ├── StoreClosed            the store was used after close()
│   ├── StoreIO                the disk is full, or reading or writing failed
│   ├── ConstraintError        a row was refused by the schema's constraints
│   │   ├── DuplicateRow       a node or edge of that identity is in the file already
│   │   ├── RefusedRow         a row is no row of its table: wrong length, type or range
│   │   ├── WrongProject       a node's project is not in the file, or is not the one it belongs to
│   │   └── WrongDimension     an embedding is not of its project's size
│   ├── UnknownType            no node or edge type has that name
│   ├── MissingNode            a node that is asked for, or that an edge names, is not in the file
│   ├── DamagedInput           the stored value of an input has changed bytes
│   ├── StoreChanged           another process changed the file meanwhile
│   └── TransactionLost        SQLite rolled a transaction back before its end
├── IndexingError              the source tree, and the symbols found in it
│   ├── PathNotFound           a path to read does not exist
│   ├── UnreadableSource       a source file or folder is there and cannot be read
│   ├── UnknownProject         no project of that name is in the file
│   ├── AmbiguousProject       the file has several projects, and none was named
│   ├── UnknownSymbol          no symbol of that name is in the file
│   ├── AmbiguousSymbol        several symbols answer to that name
│   ├── NoRepository           a folder lies in no git work tree
│   ├── UnknownRevision        git knows no commit of that name
│   ├── UnknownSnapshot        no snapshot of that name is in the file
│   ├── SnapshotExists         a snapshot of that label is in the file already
│   ├── DirtyTree              a work tree differs from its commit, which a snapshot should be named by
│   ├── GitFailure             git ended with an error
│   ├── UnusableCommand        the command of `watch --exec` cannot be run
│   ├── UnwritableOutput       what was asked for cannot be written where it should go
│   ├── NotAnalysed            a symbol has no stored analysis
│   └── CorruptAnalysis        stored analysis data cannot be read
├── CodecError                 a value and its bytes
│   ├── UnencodableType        a declared type has no encoding
│   ├── EncodingError          a value is not exactly of its declared type
│   └── DecodingError          stored bytes do not spell a value of the declared type
├── BenchmarkError             a benchmark cannot be believed, or not be compared
│   ├── Disagreement           a way came to another answer than a full rebuild
│   └── NotComparable          two results are not of the same edits of the same code
├── MissingExtra               a feature needs a package that is not installed
├── AnalyticsError             what is asked of views over the symbols
│   ├── UnknownView            no view of that name is in the file
│   ├── UnknownMetric          there is nothing of that name to sort by
│   ├── RefusedQuery           a query is no single SELECT, or DuckDB refuses it
│   └── BadWeights             weights of hotspots that mean nothing
└── EngineError                a database and its queries
    ├── DeclarationError       a declaration that cannot work
    ├── ArgumentError          a value does not fit its annotation (also a TypeError)
    ├── WriteInsideQuery       a query's body tried to change an input
    ├── QueryInsideWrite       a query was asked between two revisions
    ├── ForeignDatabase        a query's body read another database
    ├── DeletedHandle          the input or struct behind a handle is gone
    ├── DuplicateStruct        a struct or a specified value made where it may not be
    ├── CycleError             queries call each other in a circle
    ├── CycleDiverged          a fixpoint found no end
    ├── NoFile                 a database in memory was asked for its file
    └── DatabaseClosed         the database was used after close()

Cancelled                      a BaseException of its own: the running query was asked to stop
```

An error's positional arguments are its facts, so every error survives pickling (worker processes) and copying.
"""

# ruff: noqa: N818  # each class is named for what happened; the suffix would add a word to every `except`

# each class is named for what happened; the suffix would add a word to every `except`

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

__all__ = [
    "AmbiguousProject",
    "AmbiguousSymbol",
    "AnalyticsError",
    "ArgumentError",
    "BadWeights",
    "BenchmarkError",
    "Cancelled",
    "CodecError",
    "ConstraintError",
    "CorruptAnalysis",
    "CorruptStore",
    "CycleDiverged",
    "CycleError",
    "DamagedInput",
    "DatabaseClosed",
    "DeclarationError",
    "DecodingError",
    "DeletedHandle",
    "DirtyTree",
    "Disagreement",
    "DuplicateRow",
    "DuplicateStruct",
    "EncodingError",
    "EngineError",
    "ForeignDatabase",
    "GitFailure",
    "IndexingError",
    "LestockageError",
    "MissingExtra",
    "MissingIndex",
    "MissingNode",
    "NewerSchema",
    "NoFile",
    "NoRepository",
    "NotADatabase",
    "NotAnalysed",
    "NotComparable",
    "OlderSchema",
    "PathNotFound",
    "QueryInsideWrite",
    "ReadOnlyStore",
    "RefusedQuery",
    "RefusedRow",
    "SnapshotExists",
    "StoreChanged",
    "StoreClosed",
    "StoreError",
    "StoreIO",
    "StoreLocked",
    "TransactionLost",
    "UnencodableType",
    "UnknownMetric",
    "UnknownProject",
    "UnknownRevision",
    "UnknownSnapshot",
    "UnknownSymbol",
    "UnknownType",
    "UnknownView",
    "UnreadableSource",
    "UnusableCommand",
    "UnwritableOutput",
    "WriteInsideQuery",
    "WrongDimension",
    "WrongProject",
]

_NAMES_SHOWN = 10
"""How many candidates a message lists before it counts the rest; the attribute keeps them all."""


class LestockageError(Exception):
    """Base of every error this package raises on purpose; a subclass overrides `__str__`, which is the message and one line."""


# -- the store ---------------------------------------------------------------------------------------------------------------------


class StoreError(LestockageError):
    """Base of what can go wrong with the SQLite file."""


class NotADatabase(StoreError):
    """The file is no SQLite file, or a SQLite file that something else made; it was not touched."""

    def __init__(self, path: str | os.PathLike[str], detail: str = "it is not a SQLite file") -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path} is not a lestockage database: {self.detail}. It was left untouched; name another file."


class MissingIndex(StoreError):
    """There is no file at a path that should be read: nothing was indexed into it yet."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"There is no index at {self.path}. Make one (lestockage index PATH), or name another file with --db."


class StoreLocked(StoreError):
    """Another process held the file for longer than the busy timeout (`waited`, seconds)."""

    def __init__(self, path: str | os.PathLike[str], waited: float) -> None:
        super().__init__(path, waited)
        self.path = path
        self.waited = waited

    def __str__(self) -> str:
        return f"{self.path} is locked by another process (waited {self.waited:g} s). Try again when that process has finished."


class ReadOnlyStore(StoreError):
    """A write was asked of a file, folder or connection that can only be read."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} cannot be written: the file, its folder or this connection is read-only. Change that or name another file."


class NewerSchema(StoreError):
    """The file's schema version (`found`) is above what this release can read (`supported`); it was not touched."""

    def __init__(self, path: str | os.PathLike[str], found: int, supported: int) -> None:
        super().__init__(path, found, supported)
        self.path = path
        self.found = found
        self.supported = supported

    def __str__(self) -> str:
        return (
            f"{self.path} was written by a newer lestockage: its schema version is {self.found}, this one reads up to {self.supported}. "
            "It was left untouched; upgrade lestockage or name another file."
        )


class OlderSchema(StoreError):
    """The file's schema version (`found`) is below this release's (`supported`), and a reader may not migrate it."""

    def __init__(self, path: str | os.PathLike[str], found: int, supported: int) -> None:
        super().__init__(path, found, supported)
        self.path = path
        self.found = found
        self.supported = supported

    def __str__(self) -> str:
        return (
            f"{self.path} has schema version {self.found} and this lestockage needs {self.supported}, but it was opened for reading only. "
            "Run `lestockage index` on it once: that migrates it."
        )


class CorruptStore(StoreError):
    """The file is ours but its structure is damaged (`detail` is what SQLite or the check found)."""

    def __init__(self, path: str | os.PathLike[str], detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path} is damaged: {self.detail}. Everything in it can be computed again: move the file away and run once more."


class StoreClosed(StoreError):
    """The store was used after `close()`."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} is closed in this process. Open it again before using it."


class StoreIO(StoreError):
    """The disk is full, or the operating system refused to open, read or write the file (`detail`)."""

    def __init__(self, path: str | os.PathLike[str], detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path} could not be opened, read or written: {self.detail}. The last commit stands; check the path and the disk."


class ConstraintError(StoreError):
    """A row was refused by the schema: duplicate identity, orphan, unknown type, missing value (`detail` names the constraint)."""

    def __init__(self, path: str | os.PathLike[str], detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.path} refused a row: {self.detail}. Nothing of this transaction was written; correct the row and write again."


class DuplicateRow(ConstraintError):
    """A node or edge of that `identity` (its id, or the columns that tell it from others) is in the file, or in the same batch, already.

    `index` counts from 0 through the rows of a batch; it is None for a single row.
    """

    def __init__(self, path: str | os.PathLike[str], identity: tuple[object, ...], index: int | None = None) -> None:
        super().__init__(path, f"{_row(index)}{identity} is there already")
        self.args = (path, identity, index)
        self.identity = identity
        self.index = index


class RefusedRow(ConstraintError):
    """A row of a batch is no row of its table (`detail` says why; `index` counts from 0)."""

    def __init__(self, path: str | os.PathLike[str], detail: str, index: int | None = None) -> None:
        super().__init__(path, f"{_row(index)}{detail}")
        self.args = (path, detail, index)
        self.index = index


class WrongProject(ConstraintError):
    """A node names a project (`project_id`) that is not in the file, or that is not the one it belongs to (`owner`)."""

    def __init__(self, path: str | os.PathLike[str], project_id: object, owner: int | None = None, index: int | None = None) -> None:
        told = "is not in the file" if owner is None else f"is not the node's own, which is {owner}"
        super().__init__(path, f"{_row(index)}project {project_id} {told}")
        self.args = (path, project_id, owner, index)
        self.project_id = project_id
        self.owner = owner
        self.index = index


class WrongDimension(ConstraintError):
    """An embedding that is stored or sought has `found` components, and its project's have `expected`."""

    def __init__(self, path: str | os.PathLike[str], expected: int, found: int) -> None:
        super().__init__(path, f"an embedding has {found} components, and those of its project have {expected}")
        self.args = (path, expected, found)
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return (
            f"{self.path} has embeddings of {self.expected} components for this project, and one of {self.found} was given. "
            "Nothing was written; one model makes all vectors of a project."
        )


class UnknownType(StoreError):
    """No type of that name exists (`what`: node type, edge type or direction; `known` lists them; `index`: the row of a batch)."""

    def __init__(self, what: str, value: object, known: Sequence[str], index: int | None = None) -> None:
        super().__init__(what, value, tuple(known), index)
        self.what = what
        self.value = value
        self.known = tuple(known)
        self.index = index

    def __str__(self) -> str:
        return f"{_row(self.index)}There is no {self.what} {self.value!r}. There are: {', '.join(self.known)}."


class MissingNode(StoreError):
    """A node is not in the file: `key` is its id, or its project id, file or None, qualified name and ordinal.

    `index` counts from 0 through the rows of a batch: the row is an edge that names the node.
    """

    def __init__(self, path: str | os.PathLike[str], key: int | tuple[int, str | None, str, int], index: int | None = None) -> None:
        super().__init__(path, key, index)
        self.path = path
        self.key = key
        self.index = index

    def __str__(self) -> str:
        if isinstance(self.key, int):
            return f"{_row(self.index)}{self.path} holds no node {self.key}. Nothing was written; look its id up, or write the node first."
        project, file, name, ordinal = self.key
        return (
            f"{self.path} holds no node {name!r} (number {ordinal}) of {file or 'no file'} in project {project}, which an edge names. "
            "Nothing of this transaction was written; write the nodes of every changed file before the edges."
        )


class DamagedInput(StoreError):
    """The stored value of a field (`field`) of an input (`handle`, as it is written) has changed bytes, and nothing can compute it."""

    def __init__(self, handle: str, field: str) -> None:
        super().__init__(handle, field)
        self.handle = handle
        self.field = field

    def __str__(self) -> str:
        return (
            f"The stored value of {self.handle}.{self.field} is damaged: bytes of it have changed. "
            "Set the field again; the rest is unharmed."
        )


class StoreChanged(StoreError):
    """Another process has changed the file, and that cannot be taken over here: async queries are under way in this thread's event loop."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return (
            f"{self.path} was changed by another process, and a plain call cannot wait for the async queries that are under way in this "
            "thread's event loop to take that over. Await them first, or ask in another thread."
        )


class TransactionLost(StoreError):
    """SQLite rolled the running transaction back (after a full disk or an I/O error), so nothing more may be written in it."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} lost its transaction to an earlier error. The last commit stands; leave the transaction and start it again."


def _row(index: int | None) -> str:
    """Return the words that name the row of a batch."""
    return "" if index is None else f"row {index}: "


# -- the source tree and its symbols -----------------------------------------------------------------------------------------------


class IndexingError(LestockageError):
    """Base of what can go wrong between a source tree and the symbols found in it."""


class PathNotFound(IndexingError):
    """A path that should be read does not exist."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} does not exist. Check the spelling, or the folder the command runs in."


class UnreadableSource(IndexingError):
    """A source file or folder cannot be read (`reason`, in a few words); a bad file of a tree is listed with it, the rest is read."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path} cannot be read: {self.reason}. Correct that, or leave it out with a .gitignore file."


class UnknownProject(IndexingError):
    """No project of that name is in the file (`known` lists those that are)."""

    def __init__(self, name: str, known: Sequence[str] = ()) -> None:
        super().__init__(name, tuple(known))
        self.name = name
        self.known = tuple(known)

    def __str__(self) -> str:
        if not self.known:
            return f"There is no project {self.name!r}: the database holds none. Index a folder first: lestockage index PATH."
        return f"There is no project {self.name!r}. The database holds: {_listed(self.known)}."


class AmbiguousProject(IndexingError):
    """No project was named, and the file has several, or none; `names` are those that there are."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names)
        self.names = tuple(names)

    def __str__(self) -> str:
        if not self.names:
            return "There is no project in the file. Index one: lestockage index PATH."
        return f"There are {len(self.names)} projects in the file: {_listed(self.names)}. Name one with --project."


class UnknownSymbol(IndexingError):
    """No symbol answers to the name (`candidates` are the nearest qualified names)."""

    def __init__(self, name: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(name, tuple(candidates))
        self.name = name
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        if not self.candidates:
            return f"There is no symbol {self.name!r}, nor one like it. List what there is: lestockage symbols."
        return f"There is no symbol {self.name!r}. Near to it: {_listed(self.candidates)}."


class AmbiguousSymbol(IndexingError):
    """Several symbols answer to the name (`candidates` are their qualified names)."""

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        super().__init__(name, tuple(candidates))
        self.name = name
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        return f"{self.name!r} names {len(self.candidates)} symbols: {_listed(self.candidates)}. Give more of the dotted name."


class NoRepository(IndexingError):
    """A folder lies in no git work tree, or git cannot be run (`said`: its complaint)."""

    def __init__(self, folder: str | os.PathLike[str], said: str) -> None:
        super().__init__(folder, said)
        self.folder = folder
        self.said = said

    def __str__(self) -> str:
        return f"{self.folder} is in no git repository that can be read ({self.said}). Name a folder of a git work tree."


class UnknownRevision(IndexingError):
    """No commit answers to the name `revision`."""

    def __init__(self, revision: str, folder: str | os.PathLike[str]) -> None:
        super().__init__(revision, folder)
        self.revision = revision
        self.folder = folder

    def __str__(self) -> str:
        return f"git knows no commit {self.revision!r} in {self.folder}. List what there is: git log --oneline --all."


class UnknownSnapshot(IndexingError):
    """No snapshot, or more than one, answers to `name`; `labels` are those of the project in the order of recording."""

    def __init__(self, name: str, labels: Sequence[str]) -> None:
        super().__init__(name, labels)
        self.name = name
        self.labels = tuple(labels)

    def __str__(self) -> str:
        if not self.labels:
            advice = "Record one: lestockage index PATH --snapshot LABEL, or lestockage history."
            return f"There is no snapshot {self.name!r}, nor any other. {advice}"
        shown = ", ".join(self.labels[-_NAMES_SHOWN:])
        return f"There is no one snapshot {self.name!r}. The last of {len(self.labels)} are: {shown}. List all: lestockage snapshots."


class SnapshotExists(IndexingError):
    """The project has a snapshot of that `label` already, of another state."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label

    def __str__(self) -> str:
        advice = f"Choose another label, or drop it: lestockage snapshots --drop {self.label}."
        return f"There is a snapshot {self.label!r} of another state. {advice}"


class DirtyTree(IndexingError):
    """The work tree at `folder` differs from its last commit, so a snapshot of it cannot be named by the commit."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"{self.folder} differs from its last commit, so no snapshot can be named by it. Commit first, or name it: --snapshot LABEL."


class GitFailure(IndexingError):
    """git ended with an error (`said`: its complaint, in one line)."""

    def __init__(self, folder: str | os.PathLike[str], said: str) -> None:
        super().__init__(folder, said)
        self.folder = folder
        self.said = said

    def __str__(self) -> str:
        return f"git failed in {self.folder}: {self.said}. Look at the repository: git status."


class UnusableCommand(IndexingError):
    """A command that should run after something cannot be started, for `reason`."""

    def __init__(self, command: str, reason: str) -> None:
        super().__init__(command, reason)
        self.command = command
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"the command {self.command!r} cannot be run: {self.reason}. "
            "It is started without a shell; name one (sh -c '…') to use its syntax."
        )


class UnwritableOutput(IndexingError):
    """An answer cannot be written to the file or folder named for it."""

    def __init__(self, output: str | os.PathLike[str], reason: str) -> None:
        super().__init__(output, reason)
        self.output = output
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.output} cannot be written: {self.reason}. Name another file or folder with -o."


def _listed(names: Sequence[str]) -> str:
    """Return the first names joined by commas, and how many more there are."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


# -- what is installed -------------------------------------------------------------------------------------------------------------


class MissingExtra(LestockageError):
    """A feature (`what`) needs a package that is installed by an extra of this one (`extra`)."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what = what
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.what} needs packages that are not installed. Install them: pip install 'lestockage[{self.extra}]'."


# -- analytics ---------------------------------------------------------------------------------------------------------------------


class AnalyticsError(LestockageError):
    """Base of what can go wrong with views, and with SQL over them."""


class UnknownView(AnalyticsError):
    """No view of that name is in the file (`known` lists those that are)."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name, tuple(known))
        self.name = name
        self.known = tuple(known)

    def __str__(self) -> str:
        return f"There is no view {self.name!r}. There are: {', '.join(self.known)}."


class UnknownMetric(AnalyticsError):
    """There is no metric of that name to sort by (`known` lists those that are)."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name, tuple(known))
        self.name = name
        self.known = tuple(known)

    def __str__(self) -> str:
        return f"There is no metric {self.name!r} here. There are: {', '.join(self.known)}."


class RefusedQuery(AnalyticsError):
    """A query was not answered (`reason`: it is no single SELECT, or what DuckDB says)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"The query was refused: {self.reason}. Views and their columns: lestockage sql."


class BadWeights(AnalyticsError):
    """Weights of hotspots (`text`) mean nothing (`reason`)."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text, reason)
        self.text = text
        self.reason = reason

    def __str__(self) -> str:
        return f"The weights {self.text!r} cannot be used: {self.reason}. Give them as centrality=1,complexity=1,churn=1."


class BenchmarkError(LestockageError):
    """Base of what can be wrong with a benchmark."""


class Disagreement(BenchmarkError):
    """A way (`way`) came to another answer than a full rebuild, at an edit (`when`); `lines` are the first differences."""

    def __init__(self, way: str, when: str, lines: Sequence[str]) -> None:
        super().__init__(way, when, lines)
        self.way = way
        self.when = when
        self.lines = tuple(lines)

    def __str__(self) -> str:
        found = "; ".join(self.lines)
        return f"{self.way!r} disagrees with a full rebuild after {self.when}: {found}. Its figures mean nothing until that is repaired."


class NotComparable(BenchmarkError):
    """A result in a file (`file`) cannot be compared with a new one (`reason`)."""

    def __init__(self, file: str | os.PathLike[str], reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file} cannot be compared with: {self.reason}. Make it again: lestockage bench … --json FILE."


# -- the engine --------------------------------------------------------------------------------------------------------------------


class NotAnalysed(IndexingError):
    """A symbol has no stored analysis: a variable, something outside the project, or a file indexed by an older release."""

    def __init__(self, symbol: str, reason: str) -> None:
        super().__init__(symbol, reason)
        self.symbol = symbol
        self.reason = reason

    def __str__(self) -> str:
        return f"No analysis of {self.symbol} is stored: {self.reason}."


class CorruptAnalysis(IndexingError):
    """Stored analysis data cannot be read: damaged, or written by another release."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"The stored analysis ({self.what}) cannot be read: {self.reason}. Index the project again with this release."


class EngineError(LestockageError):
    """Base of what can go wrong between a database and its queries; `message` is the whole sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DeclarationError(EngineError):
    """A query, input, struct or option was declared in a way that cannot work; raised where it is declared."""


class ArgumentError(EngineError, TypeError):
    """A query was called with an argument, or a field was set to a value, that does not fit its annotation."""


class WriteInsideQuery(EngineError):
    """A query's body tried to change an input: its result would depend on itself."""


class QueryInsideWrite(EngineError):
    """A query was asked inside `with db.write():`, between two revisions."""


class ForeignDatabase(EngineError):
    """A query's body read another database, whose changes this one cannot see."""


class DeletedHandle(EngineError):
    """A handle of a deleted input, or of a tracked struct that its query no longer creates, was used."""


class DuplicateStruct(EngineError):
    """A tracked struct, or a specified value, was made outside the query that may make it."""


class CycleError(EngineError):
    """Queries that call each other in a circle, without a cycle option on the one entered first; `queries` names them in order."""

    def __init__(self, queries: Sequence[str]) -> None:
        self.queries = tuple(queries)
        super().__init__(
            f"queries depend on each other in a cycle: {' -> '.join((*self.queries, self.queries[0]))}. "
            "Break the cycle, or declare cycle_initial= (a fixpoint) or cycle_result= (a fallback) on one of them."
        )

    def __reduce__(self) -> tuple[type[CycleError], tuple[tuple[str, ...]]]:
        return type(self), (self.queries,)


class CycleDiverged(EngineError):
    """A fixpoint that did not converge within the bound."""


class NoFile(EngineError):
    """The file of a database that is in memory was asked for."""


class DatabaseClosed(EngineError):
    """The database was used after it was closed."""


class Cancelled(BaseException):
    """The running query was cancelled; a `BaseException`, so that `except Exception` in a query does not swallow it.

    Nothing was stored. Ask again to compute again.
    """


# -- values and their bytes --------------------------------------------------------------------------------------------------------


class CodecError(LestockageError):
    """Base of what can go wrong between a value and its canonical bytes."""


class UnencodableType(CodecError):
    """A declared type (`annotation`) cannot be encoded; `where` says where it sits, `reason` why."""

    def __init__(self, annotation: str, where: str, reason: str) -> None:
        super().__init__(annotation, where, reason)
        self.annotation = annotation
        self.where = where
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"{self.annotation} cannot be stored ({self.where}): {self.reason}. "
            "Declare a supported type (built-in values and collections, dataclasses, named tuples, enums, pydantic models, handles), "
            "or declare the query with durable=False."
        )


class EncodingError(CodecError):
    """A value is not exactly of its declared type: at `path` inside it, `expected` was declared and `got` was found."""

    def __init__(self, path: str, expected: str, got: str) -> None:
        super().__init__(path, expected, got)
        self.path = path
        self.expected = expected
        self.got = got

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}. Values are stored as declared, never converted; fix either."


class DecodingError(CodecError):
    """Stored bytes do not spell a value of the declared type (`expected`); `reason` says what was wrong with them."""

    def __init__(self, expected: str, reason: str) -> None:
        super().__init__(expected, reason)
        self.expected = expected
        self.reason = reason

    def __str__(self) -> str:
        return f"The stored bytes are no {self.expected}: {self.reason}. They are damaged or of another type; compute the value again."
