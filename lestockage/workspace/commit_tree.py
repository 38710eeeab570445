"""Commit tree: which Python files a commit has, by the rules of `walk`, read from git's objects alone.

The `.gitignore` files are those of the commit. A symbolic link to a file of the commit is followed as on the disk; one that leads out of
the work tree is left out, for git does not have what is there.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from lestockage.languages.python.module_names import PACKAGE_FILES, STUBS
from lestockage.workspace.commit_links import CommitLinks
from lestockage.workspace.ignore import IGNORE_FILE, NO_RULES, SUFFIXES, IgnoreRules, is_ignored
from lestockage.workspace.module_names import package_prefix
from lestockage.workspace.walk import EDITOR_LOCK, ENVIRONMENT_FILE, PROJECT_FILES, SKIPPED_FOLDERS, is_utf8

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from lestockage.workspace.git import GitTree

_ABOVE: Final = (IGNORE_FILE, *PACKAGE_FILES)


class CommitTree(NamedTuple):
    """The Python files of a commit: the id of each one's content by path, and what else tells the names of modules."""

    files: dict[str, str]
    project_files: tuple[str, ...]
    prefix: str
    """The folder's dotted name as a package."""


class CommitTrees:
    """A context that tells the trees of commits, and what their files hold, through one process of git's."""

    def __init__(self, git: GitTree) -> None:
        self._git = git
        self._ignore_files: dict[str, bytes] = {}
        self._wanted: deque[str] = deque()
        # The process takes the next id when it is asked for the next content: one question at a time.
        self._contents = git.contents(iter(self._wanted.popleft, None))

    def content(self, blob: str) -> bytes:
        """Return the content of a file by the id of its content."""
        self._wanted.append(blob)
        return next(self._contents)

    def at(self, commit_id: str) -> CommitTree:
        """Return what a commit has."""
        listed, links = self._git.files_and_links(commit_id)
        above = self._git.files_above(_ABOVE, commit_id)
        folders = _Folders(self, listed, *self._rules_above(above))
        files: dict[str, str] = {}
        project_files = []
        linked = []
        for path in sorted([*listed, *links]):
            folder, _, name = path.rpartition("/")
            if name in PROJECT_FILES:
                if folders.rules(folder) is not None:
                    project_files.append(path)
            elif name.endswith(SUFFIXES) and not name.startswith(EDITOR_LOCK) and is_utf8(name):
                rules = folders.rules(folder)
                if rules is None or is_ignored(rules.files, folders.outer + path, name):
                    continue
                if path in listed:
                    files[path] = listed[path]
                else:
                    linked.append(path)
        if linked:
            files = dict(sorted((files | self._followed(commit_id, files, linked)).items()))
        return CommitTree(files, tuple(project_files), self._prefix({**listed, **links}, above))

    def _followed(self, commit_id: str, files: Mapping[str, str], linked: list[str]) -> dict[str, str]:
        """Return links to files that are not taken under a name of their own, with what these hold; of several to one file the first."""
        prefix = self._git.prefix
        links = CommitLinks(*self._git.files_and_links(commit_id, is_whole=True), self.content)
        taken: dict[str, str] = {}
        for path in linked:
            target = links.target(prefix + path)
            if target is not None and not (target.startswith(prefix) and target[len(prefix) :] in files):
                taken.setdefault(target, path)
        return {path: links.content_id(target) for target, path in taken.items()}

    def ignore_file(self, blob: str) -> bytes:
        """Return the content of an ignore file, which is the same in most commits."""
        if blob not in self._ignore_files:
            self._ignore_files[blob] = self.content(blob)
        return self._ignore_files[blob]

    def _rules_above(self, above: Mapping[str, str]) -> tuple[IgnoreRules, str]:
        """Return the rules that folders above lay on the folder, and its path from the top; as `rules_above`, of the commit."""
        rules, path = NO_RULES, ""
        for name in self._git.prefix.split("/")[:-1]:
            if path + IGNORE_FILE in above:
                rules = rules.with_file(self.ignore_file(above[path + IGNORE_FILE]), len(path))
            if is_ignored(rules.folders, path + name, name):
                return NO_RULES, ""
            path += name + "/"
        return rules, path

    def _prefix(self, listed: Mapping[str, str], above: Mapping[str, str]) -> str:
        """Return the folder's dotted name as a package; above the top of the work tree, as the disk has it."""
        folders = self._git.prefix.split("/")[:-1]
        top = os.path.abspath(self._git.folder)
        names: list[str] = []
        is_package = any(name in listed for name in PACKAGE_FILES)
        while folders and is_package:
            names.append(folders.pop())
            top = os.path.dirname(top)
            is_package = any("/".join([*folders, name]) in above for name in PACKAGE_FILES)
        if is_package:
            names += [os.path.basename(top), *reversed(list(filter(None, package_prefix(os.path.dirname(top)).split("."))))]
        return ".".join(name.removesuffix(STUBS) for name in reversed(names))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._contents.close()


class _Folders:
    """The rules in force in each folder of one commit."""

    def __init__(self, trees: CommitTrees, listed: Mapping[str, str], rules: IgnoreRules, outer: str) -> None:
        self._trees = trees
        self._listed = listed
        self.outer = outer
        self._known: dict[str, IgnoreRules | None] = {"": self._with_own(rules, "")}

    def rules(self, folder: str) -> IgnoreRules | None:
        """Return the rules in a folder; None when it is left out."""
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        return self._known[folder]

    def _look(self, folder: str) -> IgnoreRules | None:
        container, _, name = folder.rpartition("/")
        rules = self.rules(container)
        if rules is None or name in SKIPPED_FOLDERS or not is_utf8(name) or f"{folder}/{ENVIRONMENT_FILE}" in self._listed:
            return None
        if is_ignored(rules.folders, self.outer + folder, name):
            return None
        return self._with_own(rules, folder + "/")

    def _with_own(self, rules: IgnoreRules, prefix: str) -> IgnoreRules:
        blob = self._listed.get(prefix + IGNORE_FILE)
        return rules if blob is None else rules.with_file(self._trees.ignore_file(blob), len(self.outer + prefix))
