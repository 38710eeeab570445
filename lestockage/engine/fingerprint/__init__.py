"""Fingerprint: the code of a query as one of its inputs.

`fingerprint(function)` covers the function's own canonical bytecode and everything that it reaches: the functions, classes and constants
that it names in its own module and, through modules, in others; defaults, closures, wrapped functions, bound methods, partials; members
of enums, patterns, the state of the program's own objects. `module.name` covers that name only. A library's code counts by name and
version. What is imported inside a body counts as the whole module that it is imported from, read without running it.

Not seen, and what `version=` is for: names computed at run time (`getattr` with a variable, `globals()[...]`), values that change after
the first look, names that the code itself assigns with `global`, extensions in C of the program itself, modules that make up their
attributes, the environment, files.

The first look at a function or class is kept for the life of the process; `forget()` drops it after a reload.
"""

from lestockage.engine.fingerprint.cover import explain, fingerprint, forget

__all__ = ["explain", "fingerprint", "forget"]
