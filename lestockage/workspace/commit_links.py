"""Commit links: what the symbolic links of a commit lead to, told from git's objects alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MOST_STEPS: Final = 40
"""Links on one way, as the kernel counts them: more are a circle."""


class CommitLinks:
    """The links and regular files of a whole commit, by path from the top of the work tree, as the ids of their contents."""

    def __init__(self, files: Mapping[str, str], links: Mapping[str, str], content: Callable[[str], bytes]) -> None:
        self._files = files
        self._links = links
        self._content = content

    def target(self, path: str) -> str | None:
        """Return the path of the regular file that a path leads to, itself if it is one; None for a folder, nothing, or what is outside."""
        waiting = path.split("/")[::-1]
        done: list[str] = []
        steps = 0
        while waiting:
            part = waiting.pop()
            if part == "..":
                if not done:
                    return None
                done.pop()
            elif part not in {"", "."}:
                link = self._links.get("/".join([*done, part]))
                if link is None:
                    done.append(part)
                    continue
                steps += 1
                text = self._content(link).decode("utf-8", "surrogateescape")
                if steps > _MOST_STEPS or text.startswith("/"):
                    return None
                waiting += text.split("/")[::-1]
        found = "/".join(done)
        return found if found in self._files else None

    def content_id(self, path: str) -> str:
        """Return the id of the content of a regular file."""
        return self._files[path]
