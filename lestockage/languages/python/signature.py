"""Signature: the one line that says how a definition is used, and how public its name is."""

from __future__ import annotations

import ast

from lestockage.languages.facts import is_anonymous
from lestockage.languages.python.rendering import render, render_keyword


def function_signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return `def f(a: int, /, *args, k=1) -> str`, with `async` where it is; decorators are kept elsewhere."""
    start = "async def" if type(node) is ast.AsyncFunctionDef else "def"
    end = f" -> {render(node.returns)}" if node.returns is not None else ""
    return f"{start} {node.name}{_type_parameters(node)}({parameter_list(node.args)}){end}"


def class_signature(node: ast.ClassDef) -> str:
    """Return `class C(Base, metaclass=M)`, without parentheses where there is nothing to put between them."""
    inherited = [render(base) for base in node.bases]
    inherited += [render_keyword(keyword) for keyword in node.keywords]
    head = f"class {node.name}{_type_parameters(node)}"
    return f"{head}({', '.join(inherited)})" if inherited else head


def parameter_list(arguments: ast.arguments) -> str:
    """Return what stands between a function's parentheses, spaced as PEP 8 has it."""
    parts = []
    positional = arguments.posonlyargs + arguments.args if arguments.posonlyargs else arguments.args
    required = len(positional) - len(arguments.defaults)
    for position, argument in enumerate(positional):
        parts.append(_parameter(argument, arguments.defaults[position - required] if position >= required else None))
        if position + 1 == len(arguments.posonlyargs):
            parts.append("/")
    if arguments.vararg is not None:
        parts.append("*" + _parameter(arguments.vararg, None))
    elif arguments.kwonlyargs:
        parts.append("*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parts.append(_parameter(argument, default))
    if arguments.kwarg is not None:
        parts.append("**" + _parameter(arguments.kwarg, None))
    return ", ".join(parts)


def parameter_names(node: ast.arguments) -> list[str]:
    """Return the names that a parameter list binds, `*args` and `**kwargs` last."""
    names = [argument.arg for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs)]
    names += [argument.arg for argument in (node.vararg, node.kwarg) if argument is not None]
    return names


def visibility(name: str) -> str:
    """Return "private" for `__x`, "protected" for `_x`, "public" for all else, dunders among it; of a dotted name the last part counts.

    What has no name of its own, a lambda, is private.
    """
    if is_anonymous(name):
        return "private"
    last = name.rpartition(".")[2]
    if not last.startswith("_"):
        return "public"
    if not last.startswith("__"):
        return "protected"
    return "public" if last.endswith("__") and len(last) > 4 else "private"


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    if argument.annotation is None:
        return argument.arg if default is None else f"{argument.arg}={render(default)}"
    text = f"{argument.arg}: {render(argument.annotation)}"
    return text if default is None else f"{text} = {render(default)}"


def type_parameter_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[str]:
    """Return the names in the brackets of `def f[T](...)`; none before Python 3.12."""
    return [parameter.name for parameter in getattr(node, "type_params", ())]


def _type_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    parameters = getattr(node, "type_params", None)  # since Python 3.12
    return f"[{', '.join([ast.unparse(parameter) for parameter in parameters])}]" if parameters else ""
