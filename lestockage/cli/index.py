"""Index: the command that brings a database in step with a source tree."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.progress_line import ProgressLine
from lestockage.cli.table import quantity, table
from lestockage.errors import IndexingError, PathNotFound

if TYPE_CHECKING:
    from lestockage.store.snapshot_writer import SnapshotLabel
    from lestockage.workspace.libraries import WithDependencies
    from lestockage.workspace.progress import Progress
    from lestockage.workspace.report import IndexReport
    from lestockage.workspace.workspace import Workspace


def answer(  # noqa: PLR0913  # each is an option
    *,
    path: str,
    db: str | None = None,
    project: str | None = None,
    jobs: int = 1,
    snapshot: str | None = None,
    snapshot_commit: bool = False,
    as_library: bool = False,
    with_dependencies: bool = False,
    environment: str | None = None,
    as_json: bool = False,
) -> str:
    """Index the tree at `path` and return what was found and what was executed for it, and the snapshot if one is recorded.

    With `as_library` the project is one version of a distribution; with `with_dependencies` what the project needs is indexed too, out of
    the `environment`, else the one that runs this.

    A snapshot of a clean git tree has its commit's facts; with `snapshot_commit` that is demanded, and the label is the commit's id.

    Raises:
        PathNotFound: nothing is there; no database is made.
        NoRepository, DirtyTree: `snapshot_commit`, and the tree is not that of a commit.
        SnapshotExists: the label is taken.
    """
    if not os.path.lexists(path):
        raise PathNotFound(path)
    label = _label(path, snapshot, is_commit=snapshot_commit)
    database = database_path(db)
    if label is None and not as_library and not with_dependencies:
        from lestockage.workspace.unchanged import unchanged  # noqa: PLC0415  # a mistyped path needs none of it

        same = unchanged(database, path, project)
        if same is not None:
            return json_text(_object(same)) if as_json else _text(same)
    from lestockage.workspace.workspace import Workspace  # noqa: PLC0415  # an unchanged run needs none of it

    with Workspace.open(database) as workspace, ProgressLine() if ProgressLine.is_wanted() else nullcontext() as progress:
        if as_library or with_dependencies:
            found = _across(workspace, path, project, jobs, progress, environment, as_library=as_library)
        else:
            report = workspace.index(path, project=project, jobs=jobs, progress=progress, snapshot=label)
            return json_text(_object(report)) if as_json else _text(report)
    if as_json:
        dependencies = {"dependencies": [_object(each) for each in found.dependencies], "shared": list(found.shared)}
        return json_text(_object(found.project) | dependencies | {"absent": list(found.absent)})
    if found.absent:
        say(f"Not installed, so not indexed: {', '.join(found.absent)}.")
    if not found.is_declaring:
        say(f"{path} declares no dependencies in a pyproject.toml or setup.cfg: none was looked for.")
    shared = f"already there: {', '.join(found.shared)}\n" if found.shared else ""
    return "".join([_found(each) + _failed(each) for each in found.dependencies]) + shared + _text(found.project)


def _across(  # noqa: PLR0913, PLR0917  # what a run is told
    workspace: Workspace, path: str, project: str | None, jobs: int, progress: Progress | None, environment: str | None, *, as_library: bool
) -> WithDependencies:
    """Index a library, or a project with what it needs."""
    from lestockage.workspace import libraries  # noqa: PLC0415  # brings importlib.metadata, which a usual run does not need

    if as_library:
        return libraries.WithDependencies(libraries.index_library(workspace, path, project=project, jobs=jobs, progress=progress), ())
    return libraries.index_with_dependencies(workspace, path, project=project, environment=environment, jobs=jobs, progress=progress)


def _label(path: str, name: str | None, *, is_commit: bool) -> SnapshotLabel | None:
    """Return what the snapshot is to be known by, None when none is asked for."""
    if name is None and not is_commit:
        return None
    from lestockage.store.snapshot_writer import SnapshotLabel  # noqa: PLC0415  # few runs record one
    from lestockage.workspace.snapshot import commit_label  # noqa: PLC0415  # as above

    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    try:
        commit = commit_label(folder)
    except IndexingError:
        if is_commit:
            raise
        return SnapshotLabel(name or "")
    return commit if name is None else commit._replace(label=name)


def _object(report: IndexReport) -> dict[str, object]:
    recorded = report.recorded
    return {
        "project": report.project,
        "files": report.files,
        "nodes": report.nodes,
        "edges": report.edges,
        "executed": dict(report.executed),
        "reused": report.reused,
        "failed": [{"path": path, "reason": reason} for path, reason in report.failed],
        "seconds": round(report.seconds, 3),
        **({} if recorded is None else {"snapshot": {**recorded.snapshot._asdict(), "rows": recorded.rows}}),
    }


def _text(report: IndexReport) -> str:
    """Return what was found, what was executed for it, what could not be read, and the snapshot."""
    executed = sum(report.executed.values())
    if executed:
        each = ", ".join(f"{name} {count:,}" for name, count in sorted(report.executed.items(), key=lambda item: (-item[1], item[0])))
        work = f"executed {executed:,} ({each}), reused {report.reused:,}\n"
    else:
        work = f"nothing changed: executed 0, reused {report.reused:,}\n"
    recorded = report.recorded
    snapshot = "" if recorded is None else f"snapshot {recorded.snapshot.label}: {quantity(recorded.rows, 'row')} written\n"
    return _found(report) + work + _failed(report) + snapshot


def _found(report: IndexReport) -> str:
    found = f"{quantity(report.files, 'file')}, {quantity(report.nodes, 'symbol')}, {quantity(report.edges, 'edge')}"
    return f"{report.project}: {found} ({report.seconds:.2f} s)\n"


def _failed(report: IndexReport) -> str:
    return f"failed: {quantity(len(report.failed), 'file')}\n" + table(report.failed, "  ") if report.failed else ""
