"""Source editor: seeded random edits of a real source tree, the kinds that people make.

Every edit reads and writes files as bytes and says what it did, so a failing run can be told and replayed from its seed.
"""

from __future__ import annotations

import ast
import io
import random
import re
import shutil
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class SourceEditor:
    """Edits the Python files below `root`; two editors with one seed over equal trees make the same edits."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)  # noqa: S311  # reproducible, not secret
        self._count = 0
        self._broken: dict[Path, bytes] = {}
        self._places: dict[Path, tuple[str, list[tuple[int, int]]]] = {}  # of texts as they were last: most files stay what they are
        self.kinds: dict[str, Callable[[], str | None]] = {
            "body": self.edit_body,
            "signature": self.edit_signature,
            "rename": self.rename_function,
            "blank": self.insert_blank_line,
            "comment": self.insert_comment,
            "add": self.add_file,
            "remove": self.remove_file,
            "move": self.move_function,
            "move_file": self.move_file,
            "break": self.break_syntax,
            "repair": self.repair_syntax,
            "import": self.add_import,
            "inherit": self.add_subclass,
        }

    def step(self) -> str:
        """Make one edit of a random kind and return what it was."""
        while True:
            done = self.kinds[self.random.choice(sorted(self.kinds))]()
            if done is not None:
                return done

    def files(self) -> list[Path]:
        """The Python files there are, in a fixed order."""
        return sorted(path for path in self.root.rglob("*.py") if path.is_file())

    def edit_body(self) -> str | None:
        """Add a statement to a function's body that calls something."""
        chosen = self._function()
        if chosen is None:
            return None
        path, lines, function = chosen
        first = function.body[0]
        callee = self._function()
        name = "print" if callee is None else callee[2].name
        lines.insert(first.lineno - 1, f"{' ' * first.col_offset}_edit{self._next()} = {name}\n{' ' * first.col_offset}{name}()\n")
        return self._write(path, lines, f"body of {function.name}")

    def edit_bodies(self, share: float) -> str | None:
        """Add a statement to the bodies of a share of all functions (at least one), spread over all files that parse."""
        found = [(path, place) for path in self.files() for place in self._body_places(path)]
        if not found:
            return None
        chosen = self.random.sample(found, max(1, round(share * len(found))))
        places: dict[Path, list[tuple[int, int]]] = {}
        for path, place in chosen:
            places.setdefault(path, []).append(place)
        for path in sorted(places):
            lines = self._lines(path)
            for line, column in sorted(places[path], reverse=True):
                lines.insert(line - 1, f"{' ' * column}_edit{self._next()} = print\n")
            if _parsed("".join(lines)) is not None:
                self._write(path, lines, "")
        first = min(path for path, _ in chosen).relative_to(self.root)
        return f"bodies of {len(chosen):,} of {len(found):,} functions, in {len(places):,} files, {first} first"

    def count_functions(self) -> int:
        """How many functions `edit_bodies` chooses from."""
        return sum(len(self._body_places(path)) for path in self.files())

    def edit_signature(self) -> str | None:
        """Give a function one more parameter, by keyword only and with a default."""
        chosen = self._function(lambda function: not function.args.kwarg and not function.args.vararg and not function.args.kwonlyargs)
        if chosen is None:
            return None
        path, lines, function = chosen
        extra = f"*, _extra{self._next()}=None"
        given: list[ast.arg | ast.expr] = [*function.args.posonlyargs, *function.args.args, *function.args.defaults]
        if given:
            line, column = max((node.end_lineno or 0, node.end_col_offset or 0) for node in given)
            text = lines[line - 1].encode()
            lines[line - 1] = (text[:column] + f", {extra}".encode() + text[column:]).decode()
        else:
            text_before = "".join(lines[function.lineno - 1 : function.body[0].lineno - 1])
            changed = re.sub(rf"(def\s+{function.name}\s*\()", rf"\1{extra}", text_before, count=1)
            lines[function.lineno - 1 : function.body[0].lineno - 1] = [changed]
        if _parsed("".join(lines)) is None:  # a default in parentheses, or positional only parameters alone
            return None
        return self._write(path, lines, f"signature of {function.name}")

    def rename_function(self) -> str | None:
        """Rename a function where it is defined and, in the same file, where it is called; callers elsewhere keep the old name."""
        chosen = self._function()
        if chosen is None:
            return None
        path, lines, function = chosen
        fresh = f"renamed_{self._next()}"
        text = re.sub(rf"\b{function.name}\b", fresh, "".join(lines))
        return self._write(path, [text], f"rename {function.name} to {fresh}")

    def insert_blank_line(self) -> str | None:
        """Move a whole file down by a line."""
        path = self._file()
        if path is None:
            return None
        return self._write(path, ["\n", *self._lines(path)], "blank line")

    def insert_comment(self) -> str | None:
        """Put a comment into a function's body."""
        chosen = self._function()
        if chosen is None:
            return None
        path, lines, function = chosen
        lines.insert(function.body[0].lineno - 1, f"    # comment {self._next()}\n")
        return self._write(path, lines, f"comment in {function.name}")

    def add_file(self) -> str | None:
        """Copy a module under a new name."""
        path = self._file()
        if path is None:
            return None
        fresh = path.with_name(f"added_{self._next()}.py")
        shutil.copyfile(path, fresh)
        return f"add {fresh.relative_to(self.root)}"

    def remove_file(self) -> str | None:
        """Delete a module."""
        files = self.files()
        if len(files) < 3:
            return None
        path = self.random.choice(files)
        path.unlink()
        self._broken.pop(path, None)
        return f"remove {path.relative_to(self.root)}"

    def move_function(self) -> str | None:
        """Cut a top-level function out of one module and append it to another."""
        chosen = self._function(lambda function: function.col_offset == 0)
        target = self._file()
        if chosen is None or target is None or target == chosen[0]:
            return None
        path, lines, function = chosen
        start = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)]) - 1
        cut = lines[start : function.end_lineno]
        del lines[start : function.end_lineno]
        self._write(target, [*self._lines(target), "\n\n", *cut, "\n"], "")
        return self._write(path, lines, f"move {function.name} to {target.relative_to(self.root)}, out of")

    def move_file(self) -> str | None:
        """Rename a module."""
        path = self._file()
        if path is None or path.name == "__init__.py":
            return None
        fresh = path.with_name(f"moved_{self._next()}.py")
        path.rename(fresh)
        if path in self._broken:
            self._broken[fresh] = self._broken.pop(path)
        return f"move {path.relative_to(self.root)} to {fresh.name}"

    def break_syntax(self) -> str | None:
        """Leave a file with a syntax error."""
        path = self._file()
        if path is None or path in self._broken:
            return None
        self._broken[path] = path.read_bytes()
        path.write_bytes(self._broken[path] + b"\ndef broken(:\n")
        return f"break {path.relative_to(self.root)}"

    def repair_syntax(self) -> str | None:
        """Put a broken file back as it was."""
        if not self._broken:
            return None
        path = self.random.choice(sorted(self._broken))
        path.write_bytes(self._broken.pop(path))
        return f"repair {path.relative_to(self.root)}"

    def add_import(self) -> str | None:
        """Import a function of another module of the same folder, and call it at module level."""
        chosen = self._function(lambda function: function.col_offset == 0)
        target = self._file()
        if chosen is None or target is None or chosen[0] == target or chosen[0].parent != target.parent:
            return None
        path, _, function = chosen
        line = f"\nfrom .{path.stem} import {function.name} as _import{self._next()}\n_import{self._count}()\n"
        return self._write(target, [*self._lines(target), line], f"import {function.name} into")

    def add_subclass(self) -> str | None:
        """Add a class that inherits from one of the same module and calls a method of it."""
        path = self._file()
        if path is None:
            return None
        lines = self._lines(path)
        classes = [node for node in ast.parse("".join(lines)).body if isinstance(node, ast.ClassDef)]
        if not classes:
            return None
        base = self.random.choice(classes)
        methods = [node.name for node in base.body if isinstance(node, ast.FunctionDef)] or ["missing"]
        name = f"Added{self._next()}"
        lines.append(f"\n\nclass {name}({base.name}):\n    def added(self):\n        return self.{self.random.choice(methods)}()\n")
        return self._write(path, lines, f"subclass of {base.name} in")

    def _body_places(self, path: Path) -> list[tuple[int, int]]:
        """Return where a statement can be put into each function of a file; none in one that is no text."""
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            return []
        known = self._places.get(path)
        if known is None or known[0] != text:
            known = self._places[path] = (text, _body_places(text))
        return known[1]

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _lines(self, path: Path) -> list[str]:
        return [*io.StringIO(path.read_text("utf-8"))]  # by line feeds alone, as `ast` counts

    def _write(self, path: Path, lines: list[str], what: str) -> str:
        path.write_text("".join(lines), "utf-8")
        return f"{what} {path.relative_to(self.root)}"

    def _file(self) -> Path | None:
        """A random file that parses."""
        files = [path for path in self.files() if path not in self._broken]
        for path in self.random.sample(files, min(len(files), 5)):
            try:
                if _parsed(path.read_text("utf-8")) is not None:
                    return path
            except UnicodeDecodeError:
                continue
        return None

    def _function(self, accept: Callable[[Function], bool] = lambda _function: True) -> tuple[Path, list[str], Function] | None:
        """A random function with its file, as lines."""
        path = self._file()
        if path is None:
            return None
        lines = self._lines(path)
        found = [
            node
            for node in ast.walk(ast.parse("".join(lines)))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.body[0].lineno > node.lineno and accept(node)
        ]
        return (path, lines, self.random.choice(found)) if found else None


def _body_places(text: str) -> list[tuple[int, int]]:
    """Return where a statement can be put into each function, after the docstring: line and column; none in what does not parse."""
    tree = _parsed(text)
    places = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.body[0].lineno > node.lineno:
            first = node.body[1] if len(node.body) > 1 and ast.get_docstring(node, clean=False) is not None else node.body[0]
            decorators = first.decorator_list if isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) else []
            places.append((min([first.lineno, *(decorator.lineno for decorator in decorators)]), node.body[0].col_offset))
    return places


def _parsed(text: str) -> ast.Module | None:
    """Return the tree of a text, or None when it has none; what Python would warn of is nobody's business here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):  # a ValueError: a NUL
            return None
