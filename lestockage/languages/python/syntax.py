"""Syntax: bytes of source as a tree, or the one line that says why not."""

from __future__ import annotations

import ast
import threading
import warnings

TOO_DEEP = "nested too deeply"

# Warnings are silenced by changing state of the whole process: one thread at a time, or a filter is lost for good.
_QUIET = threading.Lock()


def read(source: bytes) -> ast.Module | str:
    """Return the tree of a file, its encoding told by BOM and PEP 263 cookie as Python does; or the reason why there is none.

    Raises RecursionError where the source is nested more deeply than the recursion limit allows: see `depth`.
    """
    try:
        tree = _compile(source, "exec")
    except SyntaxError as error:
        return _located(error, source)
    except MemoryError:
        return TOO_DEEP  # what the parser says when its own stack, of fixed size, is full
    except RecursionError:
        raise
    except Exception as error:  # noqa: BLE001  # a codec named by the file runs inside: whatever it raises, the file can't be read
        return _one_line(f"{type(error).__name__}: {error}")
    return tree if isinstance(tree, ast.Module) else "no module"


def read_expression(text: str) -> ast.expr | None:
    """Return the tree of one expression, such as a short quoted annotation; None for anything else."""
    try:
        tree = _compile(text, "eval")
    except (SyntaxError, ValueError, MemoryError):
        return None
    return tree.body if isinstance(tree, ast.Expression) else None


def _compile(source: bytes | str, mode: str) -> ast.AST:
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is the file's matter, and no error of ours under -W error
        tree: ast.AST = compile(source, "<source>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    return tree


def _located(error: SyntaxError, source: bytes) -> str:
    line = error.lineno
    if not line:  # the tokenizer stopped before it counted lines
        line = source.count(b"\n", 0, max(0, source.find(b"\0"))) + 1
    return _one_line(f"line {line}: {error.msg}")


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())
