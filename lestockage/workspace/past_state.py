"""Past state: a database file in which a project is as a revision of git has it, made for the length of a block.

It begins as a copy of the file, so only what differs from the present is read and computed; the file and the work tree are not touched.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lestockage.languages.python.module_names import PACKAGE_FILES
from lestockage.store.file_copy import copy_file
from lestockage.workspace.commit_tree import CommitTrees
from lestockage.workspace.git import GitTree
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.store.connection import StoreFile
    from lestockage.store.projects import ProjectRow
    from lestockage.workspace.progress import Progress


@contextmanager
def past_state(
    database: str | os.PathLike[str], project: ProjectRow, revision: str, *, progress: Progress | None = None
) -> Iterator[StoreFile]:
    """Index a revision into a copy of the file and return it open; it is gone after the block.

    Raises:
        NoRepository, UnknownRevision: the project's root lies in no git work tree, or git knows no such commit.
        StoreError: the file cannot be read, or there is no room for the copy.
    """
    git = GitTree.open(project.root)
    commit = git.commit_id(revision)
    with tempfile.TemporaryDirectory(prefix="lestockage-") as folder:
        root = _write_tree(git, commit, folder, os.path.basename(project.root))
        copy = os.path.join(folder, "copy.db")
        copy_file(database, copy)
        with Workspace.open(copy) as workspace:
            workspace.index(root, project=project.name, progress=progress)
            yield workspace.file


def _write_tree(git: GitTree, commit: str, folder: str, name: str) -> str:
    """Write what the index reads of a commit below a folder, within packages of the names of those around it, and return where."""
    with CommitTrees(git) as trees:
        tree = trees.at(commit)
        blobs = {**git.files(commit), **tree.files}
        outer = tree.prefix.split(".")[:-1]
        root = os.path.join(folder, "tree", *outer, tree.prefix.rpartition(".")[2] or name)
        os.makedirs(root)
        for depth in range(len(outer)):
            with open(os.path.join(folder, "tree", *outer[: depth + 1], PACKAGE_FILES[0]), "wb"):
                pass
        for path in (*tree.files, *tree.project_files):
            target = os.path.join(root, *path.split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(trees.content(blobs[path]) if path in blobs else b"")  # a project file that is a link: its place is what counts
    return root
