"""Edits: small random changes of a program's text, as an editor makes them: definitions, methods, bases, decorators, names, whole files."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from tests.queries.trees import Tree

Edit = "Callable[[ast.Module, Random], None]"

SPARE = (
    "def spare(*args, **kwargs):\n    return args[0] if args else spare",
    "class Spare:\n    def __init__(self, *args):\n        self.held = args\n    def __call__(self, *args):\n        return self",
    "spare = lambda given=None, *rest: given",
)
"""Definitions that are put in under a name that the program has."""


SPECIAL = (
    "__init_subclass__",
    "__set_name__",
    "__getattr__",
    "__new__",
    "__call__",
    "__iter__",
    "__next__",
    "__hash__",
    "__get__",
    "__set__",
)


def rewrite(tree: Tree, before: Mapping[str, str], files: Mapping[str, str]) -> None:
    """Have a tree that has the files `before` have these instead."""
    for path in set(before) - set(files):
        tree.remove(path)
    tree.write({path: text for path, text in files.items() if before.get(path) != text})


def edited(files: Mapping[str, str], other: Mapping[str, str], random: Random) -> dict[str, str]:
    """Return the files after one edit; `other` is another program, of which a file may take the place of one."""
    after = dict(files)
    path = random.choice(sorted(files))
    how = random.randrange(12)
    if how == 0:
        after[path] = random.choice(sorted(other.values()))
    elif how == 1:
        after |= other
    elif how == 2 and len(files) > 1:
        del after[path]
    elif how == 3:
        after[f"new{random.randrange(3)}.py"] = files[path]
    else:
        after[path] = changed(files[path], random)
    return after


def changed(source: str, random: Random) -> str:
    """Return a module's text after one change of its definitions."""
    try:
        module = ast.parse(source)
    except SyntaxError:
        return ""
    random.choice(CHANGES)(module, random)
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def _bodies(module: ast.Module) -> list[list[ast.stmt]]:
    return [body for node in ast.walk(module) for body in [getattr(node, "body", None)] if isinstance(body, list) and body]


def _definitions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _names(module: ast.Module) -> list[str]:
    found = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    found |= {node.name for node in _definitions(module)}
    found |= {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    return sorted(found) or ["spare"]


def remove_statement(module: ast.Module, random: Random) -> None:
    """Take a statement away, a definition as likely as any other."""
    bodies = _bodies(module)
    if bodies:
        body = random.choice(bodies)
        del body[random.randrange(len(body))]
        if not body:
            body.append(ast.Pass())


def move_statement(module: ast.Module, random: Random) -> None:
    """Move a statement to another body, or another place of its own: methods become functions, functions become nested."""
    bodies = _bodies(module)
    if bodies:
        body = random.choice(bodies)
        statement = body.pop(random.randrange(len(body)))
        if not body:
            body.append(ast.Pass())
        target = random.choice([body, module.body, *(each for each in _bodies(ast.Module(module.body, [])) if each is not body)])
        target.insert(random.randrange(len(target) + 1), statement)


def repeat_statement(module: ast.Module, random: Random) -> None:
    """Write a statement once more: a second definition of a name, or another call."""
    bodies = _bodies(module)
    if bodies:
        body = random.choice(bodies)
        body.insert(random.randrange(len(body) + 1), random.choice(body))


def rename_definition(module: ast.Module, random: Random) -> None:
    """Give a definition another name that the program has."""
    definitions = _definitions(module)
    if definitions:
        random.choice(definitions).name = random.choice([*_names(module), "fresh", "__call__", "__init__", "__getattr__"])


def rename_use(module: ast.Module, random: Random) -> None:
    """Have a name or an attribute lead elsewhere."""
    uses = [node for node in ast.walk(module) if isinstance(node, ast.Name | ast.Attribute)]
    if uses:
        use = random.choice(uses)
        if isinstance(use, ast.Name):
            use.id = random.choice(_names(module))
        else:
            use.attr = random.choice(_names(module))


def change_bases(module: ast.Module, random: Random) -> None:
    """Add or take a base."""
    classes = [node for node in _definitions(module) if isinstance(node, ast.ClassDef)]
    if classes:
        of = random.choice(classes)
        if of.bases and random.random() < 0.5:
            of.bases.pop()
        else:
            of.bases.append(ast.Name(random.choice([*(each.name for each in classes), "dict", "object"])))


def change_decorators(module: ast.Module, random: Random) -> None:
    """Add or take a decorator."""
    definitions = _definitions(module)
    if definitions:
        of = random.choice(definitions)
        if of.decorator_list and random.random() < 0.5:
            of.decorator_list.pop()
        else:
            of.decorator_list.append(ast.Name(random.choice([*_names(module), "property", "staticmethod", "classmethod"])))


def change_parameters(module: ast.Module, random: Random) -> None:
    """Add or take a parameter: by position, with a default, or starred."""
    functions = [node for node in _definitions(module) if not isinstance(node, ast.ClassDef)]
    if functions:
        arguments = random.choice(functions).args
        how = random.randrange(4)
        if how == 0 and arguments.args:
            arguments.args.pop()
            del arguments.defaults[: max(0, len(arguments.defaults) - len(arguments.args) - len(arguments.posonlyargs))]
        elif how == 1:
            arguments.vararg = None if arguments.vararg else ast.arg("rest")
        elif how == 2:
            arguments.kwarg = None if arguments.kwarg else ast.arg("others")
        else:
            arguments.args.insert(random.randrange(len(arguments.args) + 1), ast.arg(f"more{random.randrange(1000)}"))
            if arguments.defaults:
                arguments.defaults.append(ast.Name(random.choice(_names(module))))


def add_definition(module: ast.Module, random: Random) -> None:
    """Put a definition in, under a name that the program has or a new one."""
    statement = ast.parse(random.choice(SPARE)).body[0]
    name = random.choice([*_names(module), "spare"])
    if isinstance(statement, ast.Assign):
        statement.targets = [ast.Name(name)]
    elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
        statement.name = name
    body = random.choice([module.body, *_bodies(module)])
    body.insert(random.randrange(len(body) + 1), statement)


def return_parameter(module: ast.Module, random: Random) -> None:
    """Have a function return what it gets first, or no longer anything."""
    functions = [node for node in _definitions(module) if not isinstance(node, ast.ClassDef) and node.args.args]
    if functions:
        of = random.choice(functions)
        if isinstance(of.body[-1], ast.Return):
            of.body[-1] = ast.Pass()
        else:
            of.body.append(ast.Return(ast.Name(of.args.args[0].arg)))


def make_special(module: ast.Module, random: Random) -> None:
    """Give a class, or the module, one of the methods that Python calls by itself."""
    statement = ast.parse(f"def {random.choice(SPECIAL)}(self, *args, **options):\n    return self").body[0]
    bodies = [node.body for node in _definitions(module) if isinstance(node, ast.ClassDef)]
    random.choice([module.body, *bodies]).append(statement)


def keep_parameter(module: ast.Module, random: Random) -> None:
    """Have a class be made with something that it keeps, under a name that the program has."""
    classes = [node for node in _definitions(module) if isinstance(node, ast.ClassDef)]
    if classes:
        name = random.choice(_names(module))
        source = f"def __init__(self, given=None, *rest):\n    self.{name} = given"
        random.choice(classes).body.append(ast.parse(source).body[0])


CHANGES = (
    make_special,
    keep_parameter,
    remove_statement,
    move_statement,
    repeat_statement,
    rename_definition,
    rename_use,
    change_bases,
    change_decorators,
    change_parameters,
    add_definition,
    return_parameter,
)
