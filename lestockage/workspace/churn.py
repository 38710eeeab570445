"""Churn: how often the files of a project have changed, from the history of the git repository that its root lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.churn import FileChurn
from lestockage.errors import NoRepository, UnknownRevision
from lestockage.workspace.git import GitTree

if TYPE_CHECKING:
    from lestockage.analytics.churn import ChurnOf

COMMITS = 1_000
"""Commits that are read, unless it is said otherwise: what happened long ago says little of what will change, and costs as much to read."""


def git_churn(limit: int | None = COMMITS) -> ChurnOf:
    """Return what tells a project's churn from the last `limit` commits that touch its root, merges left out, or from all of them (None).

    A file that git saw renamed is counted under its present name, with what it was before. Nothing is known of a root that is in no
    repository, or whose repository has no commit.
    """

    def churn(root: str) -> dict[str, FileChurn]:
        try:
            return _counted(GitTree.open(root), limit)
        except (NoRepository, UnknownRevision):
            return {}

    return churn


def _counted(tree: GitTree, limit: int | None) -> dict[str, FileChurn]:
    found: dict[str, list[int]] = {}
    authors: dict[str, set[str]] = {}
    # What a path of this commit's time is called at present; from newest to oldest, so it is known before it is needed.
    present: dict[str, str] = {}
    for each in tree.line_counts(limit=limit):
        path = present.get(each.path, each.path)
        if each.former_path is not None:
            present[each.former_path] = path
        counts = found.setdefault(path, [0, 0, 0, 0])
        counts[0] += 1
        counts[1] += each.added
        counts[2] += each.deleted
        counts[3] = max(counts[3], each.time * 1_000)
        authors.setdefault(path, set()).add(each.author)
    return {path: FileChurn(commits, added, deleted, len(authors[path]), last) for path, (commits, added, deleted, last) in found.items()}
