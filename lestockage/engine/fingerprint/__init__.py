"""Fingerprint: the code of a query as one of its inputs.

`fingerprint(function)` covers the function's own canonical bytecode and everything that it reaches: the functions, classes and
constants that it names in its own module and, through modules, in others; defaults, closures, wrapped functions, bound methods,
partials; members of enums, patterns, the state of the program's own objects. `module.name` covers that name only. Code of the standard
library and of installed distributions counts by name and version. What is imported inside a body counts as the whole module that it is
imported from, read without running it. `explain(function)` lists what was covered.

Not seen, and what `version=` is for: names computed at run time (`getattr` with a variable, `globals()[...]`), values that change after
the first look, names that the code assigns with `global` and containers that it fills itself (caches), the state of a library's
objects, modules of the program written in C, modules that make up their attributes, the environment, files.

The first look at a function or class is kept for the life of the process; `forget()` drops it after a reload. A module-level value that
some other function changes should not be read by a query: its fingerprint would depend on when it was looked at.
"""

from lestockage.engine.fingerprint.cover import explain, fingerprint, forget

__all__ = ["explain", "fingerprint", "forget"]
