"""Calculator: a small language, parsed, checked and run incrementally; `python -m examples.calculator`.

A program is a list of lines: `name = expression` defines, a bare expression prints. Each definition is a tracked struct, so an edit of one
line checks and runs what depends on that line, and nothing else. Diagnostics are pushed by whoever finds them.
"""

from __future__ import annotations

import ast

from lestockage import Accumulator, Database, Input, Key, Tracked, query


class Program(Input):
    """The source text: the only thing that is set from outside."""

    text: str


class Definition(Tracked):
    """One line: identified by its name, its source and position tracked one by one."""

    name: Key[str]
    source: str
    line: int


class Diagnostic(Accumulator):
    """Something wrong with a program. Without a line number: moving a definition repeats no diagnostic."""

    where: str
    message: str


@query
def definitions(db: Database, program: Program) -> tuple[Definition, ...]:
    """The lines of a program; those that only print are named by their order."""
    found = []
    for number, text in enumerate(program.text.splitlines(), 1):
        name, equals, source = (part.strip() for part in text.partition("="))
        if name:
            found.append(Definition(db, name=name if equals else "print", source=source if equals else name, line=number))
    return tuple(found)


@query
def names(db: Database, program: Program) -> frozenset[str]:
    """The defined names: a firewall between the text and the checks."""
    return frozenset(definition.name for definition in definitions(db, program))


@query
def named(db: Database, program: Program, name: str) -> Definition | None:
    """The definition of a name: the last one wins."""
    return next((each for each in reversed(definitions(db, program)) if each.name == name), None)


@query(durable=False)
def parsed(db: Database, definition: Definition) -> ast.expr | None:
    """The expression of a definition; a syntax error is reported, and is no expression."""
    try:
        return ast.parse(definition.source, mode="eval").body
    except SyntaxError as error:
        Diagnostic(where=definition.name, message=f"syntax error: {error.msg}").push(db)
        return None


@query
def used(db: Database, definition: Definition) -> frozenset[str]:
    """The names that a definition refers to."""
    tree = parsed(db, definition)
    return frozenset() if tree is None else frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@query
def checked(db: Database, program: Program) -> bool:
    """Whether every definition refers to what is defined."""
    sound = [_is_sound(db, program, definition) for definition in definitions(db, program)]  # all of them: each reports its own
    return all(sound)


@query
def _is_sound(db: Database, program: Program, definition: Definition) -> bool:
    unknown = sorted(used(db, definition) - names(db, program))
    for name in unknown:
        Diagnostic(where=definition.name, message=f"unknown name {name!r}").push(db)
    return not unknown and parsed(db, definition) is not None


def _recursive(db: Database, _program: Program, definition: Definition) -> float | None:
    Diagnostic(where=definition.name, message="defined by itself").push(db)
    return None


@query(cycle_result=_recursive)
def value(db: Database, program: Program, definition: Definition) -> float | None:
    """What a definition computes to; None when it, or something it needs, is wrong."""
    tree = parsed(db, definition)
    return None if tree is None or not _is_sound(db, program, definition) else _evaluate(db, program, tree)


def _evaluate(db: Database, program: Program, tree: ast.expr) -> float | None:
    match tree:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            definition = named(db, program, name)
            return None if definition is None else value(db, program, definition)
        case ast.BinOp(left=left, op=operator, right=right):
            one, other = _evaluate(db, program, left), _evaluate(db, program, right)
            if one is None or other is None:
                return None
            match operator:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
                case ast.Div() if other:
                    return one / other
    return None


@query
def output(db: Database, program: Program) -> tuple[str, ...]:
    """What running the program prints."""
    results = [value(db, program, each) for each in definitions(db, program) if each.name == "print"]
    return tuple("error" if result is None else f"{result:g}" for result in results)


def main() -> None:
    """Run a program, break it, and mend it."""
    with Database() as db:
        program = Program(db, text="width = 6\nheight = width + 1\nwidth * height")
        print("prints", *output(db, program))
        program.text = "width = 6\nheight = width + depth\nwidth * height"
        print("prints", *output(db, program))
        for found in output.accumulated(Diagnostic, db, program):
            print(f"{found.where}: {found.message}")
        program.text = "depth = 2\nwidth = 6\nheight = width + depth\nwidth * height"
        print("prints", *output(db, program))


if __name__ == "__main__":
    main()
