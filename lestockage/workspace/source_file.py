"""Source file: the bytes of one file of the tree, or the reason why they cannot be had."""

from __future__ import annotations

import errno
import os
import stat

from lestockage.errors import UnreadableSource

LARGEST = 64 * 1024 * 1024
"""Bytes above which a file is refused: parsing needs some hundred times its size in memory, and no source written by people is near it."""
NO_PATH = "its name cannot be that of a file"

_REASONS = {
    errno.ENOENT: "it vanished before it could be read",
    errno.ENOTDIR: "it vanished before it could be read",
    errno.ELOOP: "its symbolic link leads back to itself",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "it is no regular file",
    errno.ENXIO: "it is no regular file",
}


def read_source(root: str, path: str) -> bytes:
    """Return the content of the file at `path` (relative, with slashes) under `root`.

    Opening never waits: a pipe or device that has taken the file's place since it was listed is refused, not read.

    Raises:
        UnreadableSource: it vanished, may not be read, is no regular file, or is larger than `LARGEST` bytes.
    """
    try:
        descriptor = os.open(os.path.join(root, path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableSource(printable(path), _REASONS[errno.EISDIR])
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableSource(printable(path), reason(error)) from error
    except ValueError as error:  # a NUL or a lone surrogate in the name
        raise UnreadableSource(printable(path), NO_PATH) from error
    if len(content) > LARGEST:
        raise UnreadableSource(printable(path), too_large())
    return content


def too_large() -> str:
    """Return why a file of more than `LARGEST` bytes is refused."""
    return f"it is larger than {LARGEST // 1024 // 1024} MiB"


def reason(error: OSError) -> str:
    """Return why the operating system refused, in a few words and without the path."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return (error.strerror or str(error) or type(error).__name__).lower()


def printable(path: str) -> str:
    r"""Return `path` with each byte that is no UTF-8 as `\xNN`, so that it can be shown, stored and sent as JSON."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte, from a caller and not from the file system
        return path.encode("utf-8", "backslashreplace").decode()
