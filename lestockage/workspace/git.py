"""Git: what a repository knows of a source tree: commits, file contents at a revision, and what changed since one.

git is run as a process; nothing is checked out and no index is touched. Paths are relative to the folder that was named, with slashes, and
only what lies below it counts. A revision is resolved to its commit id before it is given to any other command, so a name that looks like
an option is never read as one.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple, Self

from lestockage.errors import GitFailure, NoRepository, UnknownRevision

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_STRIPPED = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"})
"""What a hook's environment says of the repository that runs it, which need not be the one that is asked."""


class ChangedFile(NamedTuple):
    """A file that differs: `status` is "added", "modified" or "deleted"; a rename is a deletion and an addition."""

    path: str
    status: str


class Commit(NamedTuple):
    """A commit: when it was made in milliseconds since 1970 (the committer's clock), who wrote it, and the first line of its message."""

    id: str
    committed_at: int
    author: str
    subject: str


class CommittedFile(NamedTuple):
    """A file that a commit touches: the commit's number (1 is the newest), when it was written (seconds since 1970), by whom (mail)."""

    commit: int
    time: int
    author: str
    path: str
    former_path: str | None
    added: int
    deleted: int


class GitTree:
    """A folder within the work tree of a git repository; made by `GitTree.open`."""

    __slots__ = ("folder", "prefix")

    def __init__(self, folder: str, prefix: str) -> None:
        self.folder = folder
        self.prefix = prefix

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Self:
        """Return the tree of a folder.

        Raises:
            NoRepository: the folder lies in no work tree, or git is not installed.
        """
        name = os.fspath(folder)
        try:
            prefix = _run(name, ["rev-parse", "--show-prefix"])
        except (GitFailure, OSError) as error:
            raise NoRepository(name, _said(error)) from error
        return cls(name, os.fsdecode(prefix.removesuffix(b"\n")))

    def commit_id(self, revision: str = "HEAD") -> str:
        """Return the full id of the commit that a revision names (a branch, a tag, `HEAD~3`, the start of an id).

        Raises:
            UnknownRevision: it names none.
        """
        try:
            found = _run(self.folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"])
        except (GitFailure, ValueError) as error:  # a ValueError: a NUL in the name
            raise UnknownRevision(revision, self.folder) from error
        return found.decode().strip()

    def commits(self, older: str, newer: str = "HEAD") -> list[str]:
        """Return the ids of the commits that lead from `older` (left out) to `newer`, oldest first, along first parents."""
        names = [f"^{self.commit_id(older)}", self.commit_id(newer)]
        return _run(self.folder, ["rev-list", "--first-parent", "--reverse", *names]).decode().split()

    def commit(self, revision: str = "HEAD") -> Commit:
        """Return the commit that a revision names.

        Raises:
            UnknownRevision: it names none.
        """
        return self._log(["-1", self.commit_id(revision)])[0]

    def history(self, older: str | None, newer: str = "HEAD") -> list[Commit]:
        """Return the commits that lead from `older` (itself among them; None: from the first one) to `newer`, along first parents.

        Oldest first. Empty when `newer` does not come after `older`.
        """
        until = self.commit_id(newer)
        if older is None:
            return self._log(["--first-parent", "--reverse", until])
        first = self.commit(older)
        after = self._log(["--first-parent", "--reverse", f"^{first.id}", until])
        return [first, *after] if after or first.id == until else []

    def _log(self, arguments: list[str]) -> list[Commit]:
        options = ["--format=tformat:%H%x00%ct%x00%aN%x00%s", "-z", "--encoding=UTF-8", "--no-show-signature", "--no-color"]
        fields = _run(self.folder, ["log", *options, *arguments, "--"]).decode(errors="backslashreplace").split("\0")[:-1]
        facts = zip(fields[::4], fields[1::4], fields[2::4], fields[3::4], strict=True)
        return [Commit(name, int(seconds) * 1000, author, subject) for name, seconds, author, subject in facts]

    def is_clean(self) -> bool:
        """Tell whether the work tree below the folder is as the last commit has it, with no file that git neither knows nor ignores."""
        return not _run(self.folder, ["status", "--porcelain", "-z", "--", "."])

    def files(self, revision: str = "HEAD") -> dict[str, str]:
        """Return the id of the content of every regular file at a revision, by path; links and submodules are left out."""
        return self.files_and_links(revision)[0]

    def files_and_links(self, revision: str = "HEAD", *, is_whole: bool = False) -> tuple[dict[str, str], dict[str, str]]:
        """Return the ids of the contents of regular files and of symbolic links (what they say), by path.

        Those below the folder, by their paths in it; with `is_whole` all of the commit, by their paths from the top of the work tree.
        """
        files, links = {}, {}
        chosen = ["--full-tree", self.commit_id(revision)] if is_whole else [self.commit_id(revision), "."]
        for entry in _fields(_run(self.folder, ["ls-tree", "-r", "-z", *chosen])):
            facts, _, path = entry.partition("\t")
            mode, _, blob = facts.split(" ")
            if mode.startswith("100"):
                files[path] = blob
            elif mode == "120000":
                links[path] = blob
        return files, links

    def files_above(self, names: Iterable[str], revision: str = "HEAD") -> dict[str, str]:
        """Return the ids of the files of some names in the folders above, by their paths from the top of the work tree."""
        folders = self.prefix.split("/")[:-1]
        paths = ["/".join([*folders[:depth], name]) for depth in range(len(folders)) for name in names]
        if not paths:
            return {}
        listed = _fields(_run(self.folder, ["ls-tree", "-z", "--full-tree", self.commit_id(revision), "--", *paths]))
        return {entry.partition("\t")[2]: entry.split(" ", 2)[2].partition("\t")[0] for entry in listed if entry.startswith("100")}

    def contents(self, blobs: Iterable[str]) -> Generator[bytes]:
        """Return the content of each blob id in turn, read through one `git cat-file --batch`.

        Raises:
            GitFailure: an id is not that of a blob of the repository.
        """
        command = _command(self.folder, ["cat-file", "--batch"])
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()) as process:  # noqa: S603  # git, with arguments of ours
            assert process.stdin is not None  # noqa: S101  # both are pipes
            assert process.stdout is not None  # noqa: S101
            try:
                for blob in blobs:
                    process.stdin.write(f"{blob}\n".encode())
                    process.stdin.flush()
                    header = process.stdout.readline().decode(errors="replace").split()
                    if len(header) != 3 or header[1] != "blob":
                        raise GitFailure(self.folder, f"{blob} is no file's content")
                    size = int(header[2])
                    yield process.stdout.read(size + 1)[:size]
            finally:
                process.stdin.close()

    def content(self, path: str, revision: str = "HEAD") -> bytes | None:
        """Return one file's content at a revision, or None when there is no such file."""
        blob = self.files(revision).get(path)
        return None if blob is None else next(iter(self.contents([blob])))

    def changes_since(self, revision: str = "HEAD") -> list[ChangedFile]:
        """Return the files that differ between a revision and the work tree, by path; files that git does not know yet are added."""
        changed = self._diff([self.commit_id(revision)])
        untracked = _fields(_run(self.folder, ["ls-files", "--others", "--exclude-standard", "-z", "--", "."]))
        changed.update(dict.fromkeys(untracked, "added"))
        return [ChangedFile(*item) for item in sorted(changed.items())]

    def changes_between(self, older: str, newer: str) -> list[ChangedFile]:
        """Return the files that differ between two revisions, by path."""
        return [ChangedFile(*item) for item in sorted(self._diff([self.commit_id(older), self.commit_id(newer)]).items())]

    def line_counts(self, revision: str = "HEAD", *, limit: int | None = None) -> Generator[CommittedFile]:
        """Yield the files of each of the last `limit` commits that touch the folder (all: None), newest first, merges left out.

        Paths are those of the commit's own time; a rename that git sees has its former path. Binary files count no lines.
        """
        count = [] if limit is None else [f"--max-count={limit}"]
        options = ["-M", "--numstat", "-z", "--no-merges", "--relative", "--no-ext-diff", "--ignore-submodules=all", "--format=%at %aE"]
        fields = iter(_fields(_run(self.folder, ["log", *count, *options, self.commit_id(revision), "--", "."])))
        number, time, author = 0, 0, ""
        for field in fields:
            added, _, rest = field.removeprefix("\n").partition("\t")
            deleted, _, path = rest.partition("\t")
            if not rest:
                number += 1
                stamp, _, author = added.partition(" ")
                time = int(stamp)
                continue
            former = None if path else next(fields)
            lines = [0 if word == "-" else int(word) for word in (added, deleted)]
            yield CommittedFile(number, time, author, path or next(fields), former, *lines)

    def _diff(self, revisions: list[str]) -> dict[str, str]:
        options = ["--name-status", "--no-renames", "--relative", "-z", "--no-ext-diff", "--ignore-submodules=all"]
        fields = _fields(_run(self.folder, ["diff", *options, *revisions, "--", "."]))
        words = {"A": "added", "D": "deleted"}
        return {path: words.get(status, "modified") for status, path in zip(fields[::2], fields[1::2], strict=True)}


def _command(folder: str, arguments: list[str]) -> list[str]:
    return ["git", "-C", folder, "-c", "core.fsmonitor=false", *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _STRIPPED}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _run(folder: str, arguments: list[str]) -> bytes:
    """Return what git prints. Raises GitFailure with what it complained of."""
    ended = subprocess.run(_command(folder, arguments), capture_output=True, check=False, env=_environment())  # noqa: S603  # git, with arguments of ours
    if ended.returncode:
        raise GitFailure(folder, " ".join(ended.stderr.decode(errors="backslashreplace").split()) or f"exit status {ended.returncode}")
    return ended.stdout


def _fields(output: bytes) -> list[str]:
    """Return what NULs end."""
    return [os.fsdecode(field) for field in output.split(b"\0")[:-1]]


def _said(error: GitFailure | OSError) -> str:
    return error.said if isinstance(error, GitFailure) else "git cannot be run: is it installed?"
