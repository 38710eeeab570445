"""Errors: what their messages say, and that the drawing in the module is the tree."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from lestockage import errors
from lestockage.errors import (
    AmbiguousProject,
    AmbiguousSymbol,
    BadWeights,
    ConstraintError,
    CorruptStore,
    DamagedInput,
    DirtyTree,
    DuplicateRow,
    GitFailure,
    LestockageError,
    MissingExtra,
    MissingNode,
    NewerSchema,
    NoRepository,
    NotADatabase,
    OlderSchema,
    PathNotFound,
    ReadOnlyStore,
    RefusedQuery,
    RefusedRow,
    SnapshotExists,
    StoreClosed,
    StoreIO,
    StoreLocked,
    TransactionLost,
    UnknownMetric,
    UnknownProject,
    UnknownRevision,
    UnknownSnapshot,
    UnknownSymbol,
    UnknownType,
    UnknownView,
    UnreadableSource,
    UnusableCommand,
    UnwritableOutput,
    WrongDimension,
    WrongProject,
)

SAMPLES: list[tuple[LestockageError, str]] = [
    (AmbiguousProject(["a", "b"]), "There are 2 projects in the file: a, b. Name one with --project."),
    (AmbiguousProject([]), "There is no project in the file. Index one: lestockage index PATH."),
    (
        UnknownSnapshot("old", ["1.0", "1.1"]),
        "There is no one snapshot 'old'. The last of 2 are: 1.0, 1.1. List all: lestockage snapshots.",
    ),
    (
        UnknownSnapshot("old", []),
        "There is no snapshot 'old', nor any other. Record one: lestockage index PATH --snapshot LABEL, or lestockage history.",
    ),
    (
        SnapshotExists("1.0"),
        "There is a snapshot '1.0' of another state. Choose another label, or drop it: lestockage snapshots --drop 1.0.",
    ),
    (
        DirtyTree("/tree"),
        "/tree differs from its last commit, so no snapshot can be named by it. Commit first, or name it: --snapshot LABEL.",
    ),
    (NotADatabase("a.db"), "a.db is not a lestockage database: it is not a SQLite file. It was left untouched; name another file."),
    (StoreLocked("a.db", 5.0), "a.db is locked by another process (waited 5 s). Try again when that process has finished."),
    (
        ReadOnlyStore("a.db"),
        "a.db cannot be written: the file, its folder or this connection is read-only. Change that or name another file.",
    ),
    (
        NewerSchema("a.db", 7, 1),
        (
            "a.db was written by a newer lestockage: its schema version is 7, this one reads up to 1. "
            "It was left untouched; upgrade lestockage or name another file."
        ),
    ),
    (
        OlderSchema("a.db", 1, 2),
        (
            "a.db has schema version 1 and this lestockage needs 2, but it was opened for reading only. "
            "Run `lestockage index` on it once: that migrates it."
        ),
    ),
    (
        CorruptStore("a.db", "malformed"),
        "a.db is damaged: malformed. Everything in it can be computed again: move the file away and run once more.",
    ),
    (
        DamagedInput("File(path='a')", "text"),
        "The stored value of File(path='a').text is damaged: bytes of it have changed. Set the field again; the rest is unharmed.",
    ),
    (StoreClosed("a.db"), "a.db is closed in this process. Open it again before using it."),
    (
        StoreIO("a.db", "disk full"),
        "a.db could not be opened, read or written: disk full. The last commit stands; check the path and the disk.",
    ),
    (
        ConstraintError("a.db", "UNIQUE failed"),
        "a.db refused a row: UNIQUE failed. Nothing of this transaction was written; correct the row and write again.",
    ),
    (
        MissingNode("a.db", (1, "m.py", "m.f", 0)),
        (
            "a.db holds no node 'm.f' (number 0) of m.py in project 1, which an edge names. "
            "Nothing of this transaction was written; write the nodes of every changed file before the edges."
        ),
    ),
    (
        MissingNode("a.db", (1, None, "m.f", 0)),
        (
            "a.db holds no node 'm.f' (number 0) of no file in project 1, which an edge names. "
            "Nothing of this transaction was written; write the nodes of every changed file before the edges."
        ),
    ),
    (
        DuplicateRow("a.db", (1, 2, "call", 0, 0), 7),
        (
            "a.db refused a row: row 7: (1, 2, 'call', 0, 0) is there already. "
            "Nothing of this transaction was written; correct the row and write again."
        ),
    ),
    (
        RefusedRow("a.db", "it has 2 columns, not 7", 0),
        ("a.db refused a row: row 0: it has 2 columns, not 7. Nothing of this transaction was written; correct the row and write again."),
    ),
    (
        WrongProject("a.db", 9),
        "a.db refused a row: project 9 is not in the file. Nothing of this transaction was written; correct the row and write again.",
    ),
    (
        WrongProject("a.db", 9, 1),
        (
            "a.db refused a row: project 9 is not the node's own, which is 1. "
            "Nothing of this transaction was written; correct the row and write again."
        ),
    ),
    (
        WrongDimension("a.db", 3, 2),
        (
            "a.db has embeddings of 3 components for this project, and one of 2 was given. "
            "Nothing was written; one model makes all vectors of a project."
        ),
    ),
    (UnknownType("edge type", "calls", ["call", "import"], 3), "row 3: There is no edge type 'calls'. There are: call, import."),
    (MissingNode("a.db", 7), "a.db holds no node 7. Nothing was written; look its id up, or write the node first."),
    (MissingNode("a.db", 7, 2), "row 2: a.db holds no node 7. Nothing was written; look its id up, or write the node first."),
    (
        MissingExtra("Embeddings", "embeddings"),
        "Embeddings needs packages that are not installed. Install them: pip install 'lestockage[embeddings]'.",
    ),
    (
        TransactionLost("a.db"),
        "a.db lost its transaction to an earlier error. The last commit stands; leave the transaction and start it again.",
    ),
    (PathNotFound("src"), "src does not exist. Check the spelling, or the folder the command runs in."),
    (
        UnreadableSource("a.py", "permission denied"),
        "a.py cannot be read: permission denied. Correct that, or leave it out with a .gitignore file.",
    ),
    (UnknownProject("x"), "There is no project 'x': the database holds none. Index a folder first: lestockage index PATH."),
    (UnknownProject("x", ["a", "b"]), "There is no project 'x'. The database holds: a, b."),
    (UnknownSymbol("x"), "There is no symbol 'x', nor one like it. List what there is: lestockage symbols."),
    (UnknownSymbol("x", ["m.y"]), "There is no symbol 'x'. Near to it: m.y."),
    (AmbiguousSymbol("x", ["m.x", "n.x"]), "'x' names 2 symbols: m.x, n.x. Give more of the dotted name."),
    (NoRepository("src", "no .git"), "src is in no git repository that can be read (no .git). Name a folder of a git work tree."),
    (UnknownRevision("v9", "src"), "git knows no commit 'v9' in src. List what there is: git log --oneline --all."),
    (
        UnusableCommand("nope x", "no such file or directory"),
        (
            "the command 'nope x' cannot be run: no such file or directory. "
            "It is started without a shell; name one (sh -c '…') to use its syntax."
        ),
    ),
    (UnwritableOutput("x.dot", "Is a directory"), "x.dot cannot be written: Is a directory. Name another file or folder with -o."),
    (UnknownView("nods", ["nodes", "edges"]), "There is no view 'nods'. There are: nodes, edges."),
    (UnknownMetric("rank", ["pagerank"]), "There is no metric 'rank' here. There are: pagerank."),
    (RefusedQuery("no such column"), "The query was refused: no such column. Views and their columns: lestockage sql."),
    (
        BadWeights("x=1", "no such side"),
        "The weights 'x=1' cannot be used: no such side. Give them as centrality=1,complexity=1,churn=1.",
    ),
    (GitFailure("src", "bad object"), "git failed in src: bad object. Look at the repository: git status."),
]


@pytest.mark.parametrize(("error", "message"), SAMPLES)
def test_message(error: LestockageError, message: str) -> None:
    """A message says what happened, the facts, and what to do."""
    assert str(error) == message


@pytest.mark.parametrize("error", [error for error, _ in SAMPLES])
def test_error_survives_pickling_and_copying(error: LestockageError) -> None:
    """An error that crosses a process keeps its type, its facts and its message."""
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301  # its own bytes
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert str(twin) == str(error)


def test_long_list_of_candidates_is_cut() -> None:
    """A message lists ten candidates and counts the rest, while the attribute keeps all."""
    error = AmbiguousSymbol("f", [f"m{number}.f" for number in range(12)])
    assert "m9.f and 2 more." in str(error)
    assert len(error.candidates) == 12


def test_tree_is_drawn_as_it_is() -> None:
    """Every error of the package is in the drawing, under its base."""
    drawn: dict[str, str] = {}
    bases: dict[int, str] = {}
    for line in (errors.__doc__ or "").split("```")[1].splitlines():
        found = re.match(r"[│├└─ ]*", line)
        assert found is not None
        indent = found.end()
        if indent < len(line):
            name = line[indent:].split()[0]
            bases[indent] = name
            drawn[name] = bases[indent - 4] if indent else ""
    actual = {
        name: ("" if base.__module__ == "builtins" else base.__name__)
        for name in errors.__all__
        for base in getattr(errors, name).__mro__[1:2]
    }
    assert drawn == actual
