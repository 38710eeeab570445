"""Facts: what a language reports about one source file, as plain tuples that any store can keep.

Every field is a str, int, bytes, bool, None or a tuple of these, so a value can be packed, compared and hashed as it is.
Two kinds of knowledge are kept apart on purpose:

- `Scan` is about the file as it stands: its symbols and, in the parallel `spans` and `sites`, where everything is.
- `Facts` is about one *unit* (module, class, function, method or lambda): what its own code imports and binds, and how values move in it.
  It is a pure function of what `Symbol.content_hash` covers and holds no position, so equal hashes have equal facts in any file of any
  project.

An import or a base is tied to its place by its `ordinal`: `decode_sites(scan.sites[i])[base.ordinal]` for the unit at
`scan.symbols[i]`; so are calls in `flow`.
"""

from __future__ import annotations

from typing import NamedTuple

RESULT = "()"  # a step of a path: the result of calling what the path named so far
ITEM = "[]"  # a step of a path: an item of it
AWAITED = "await"  # a step of a path: what awaiting it gives; a keyword, so it is no attribute


def is_anonymous(name: str) -> bool:
    """Tell whether a symbol, by its name or dotted name, has one that no source says: a lambda. Lists for people leave these out."""
    return name.rpartition(".")[2].startswith("<")


class Reference(NamedTuple):
    """An expression that names something: a root, and the steps from there (attribute names, `RESULT`, `ITEM`, `AWAITED`).

    `root` says how to read `name`:
    "name"     a lexical name, looked up from the unit's own scope outwards (which passes over the class bodies around a function);
    "bound"    a variable of a comprehension around the lambda that it is in, or a type parameter: never looked up outside it;
    "self"     the first parameter of the method this is written in, an instance of its class;
    "cls"      the first parameter of the class method this is written in (or `__new__`, `__init_subclass__`, `__class_getitem__`);
    "super"    `super()`, or `super(name, ...)` with `name` (dotted) as its first argument: the steps start at the next class in the MRO;
    "literal"  a literal; `name` is its type in `builtins`.
    """

    root: str
    name: str
    path: tuple[str, ...]


class Base(NamedTuple):
    """One base of a class, in order; `reference` is None when it is computed. Looked up from the scope that holds the class."""

    reference: Reference | None
    ordinal: int


class Import(NamedTuple):
    """One name that an import statement binds.

    `import a.b` binds "a" (module "a.b", name None, asname None); `import a.b as c` binds "c" to the module a.b (asname "c").
    `from ..a import b as c` binds "c" (module "a", name "b", level 2); `from . import b` has module None.
    A star import has name and bound "*".
    """

    module: str | None
    name: str | None
    asname: str | None
    bound: str
    level: int
    ordinal: int


class Bound(NamedTuple):
    """The names that a unit's scope binds in one way, each once, in order; a name with several meanings is bound in several ways.

    `kind` is "parameter", "import", "definition", "assignment", "deletion", "global" or "nonlocal".
    "assignment" covers every binding that is none of the others: targets, loops, `with`, `except`, walrus, match captures.
    """

    kind: str
    names: tuple[str, ...]


class Typed(NamedTuple):
    """A name and the class that its annotation says it is an instance of."""

    name: str
    type: Reference


class Value(NamedTuple):
    """A name and what was assigned to it; `x = C()` has the path of C and `RESULT`. None: something that no reference describes."""

    name: str
    reference: Reference | None


class Access(NamedTuple):
    """A name from outside, or attributes of a name, that a unit reads or writes; each with the first statement that does so, -1 for none.

    Statements are numbered as in the unit's flow graph: `Scan.lines` tells on which line each begins.
    """

    reference: Reference
    read: int
    written: int


class Facts(NamedTuple):
    """What one unit's own code says: bodies of nested definitions left out, their decorators, defaults, annotations and bases included."""

    bases: tuple[Base, ...]  # classes only
    metaclass: Reference | None  # classes only
    imports: tuple[Import, ...]
    bindings: tuple[Bound, ...]  # one for each kind there is
    parameters: tuple[Typed, ...]  # annotated parameters, `*args` and `**kwargs` excepted; looked up from the scope that holds the function
    returns: Reference | None  # return annotation, looked up likewise
    variables: tuple[Typed, ...]  # annotated variables bound by nothing else, looked up from the unit's own scope
    values: tuple[Value, ...]
    """`name = reference`, only where this is the scope's only binding of the name; reference is never None.

    A function that holds no other unit is asked by nobody else: there, the values that the other references lead to.
    """
    attributes: tuple[Value, ...]  # assignments to attributes of self or cls, in order, repeated ones too
    attribute_types: tuple[Typed, ...]  # annotated ones: `self.name: C`
    exports: tuple[str, ...] | None  # modules only: `__all__`; None when there is none or it is not statically known
    has_exports: bool  # modules only: `__all__` is bound at all
    is_dynamic: bool  # calls `exec` or `globals`, so that the module's names may be bound by what no syntax says
    complexity: int  # cyclomatic, by radon's rule
    control_flow: bytes  # its flow graph, in the encoding of the language's package
    metrics: bytes  # what is measured in it, likewise
    accesses: tuple[Access, ...]  # of names from outside, builtins left out, and of attributes, in no order that matters
    flow: bytes  # how values move through it, likewise encoded


class Symbol(NamedTuple):
    """One named thing that a file defines; nothing in it depends on where in the file it stands."""

    name: str  # dotted inside the module; "" is the module itself; lambdas are `<lambda1>`, `<lambda2>` … of what holds them
    ordinal: int  # tells repeated definitions of one name in one file apart, by order
    kind: str  # "module", "class", "function", "method" or "variable"
    container: int  # index in Scan.symbols of the symbol it is defined in; -1 for the module
    signature: str | None
    visibility: str  # "public", "protected" or "private"
    decorators: tuple[str, ...]
    is_async: bool
    content_hash: bytes  # its own syntax, nested definitions reduced to their signatures, docstring left out: what Facts are keyed by
    signature_hash: bytes
    body_hash: bytes
    docstring_hash: bytes  # b"" without a docstring
    has_facts: bool


class Span(NamedTuple):
    """Where a symbol stands: lines from 1, columns in UTF-8 bytes from 0, decorators included."""

    line: int
    column: int
    end_line: int
    end_column: int


class Site(NamedTuple):
    """Where in its unit something is said: lines from 0 at the unit's first line, columns in UTF-8 bytes from 0."""

    line: int
    column: int


class Scan(NamedTuple):
    """One file: its symbols, the module first and then in source order, variables behind what their values define; and their places."""

    failure: str | None  # why the file can't be read, in one line; everything else is empty then
    symbols: tuple[Symbol, ...]
    spans: tuple[Span, ...]  # parallel to symbols
    sites: tuple[bytes, ...]  # parallel to symbols; indexed by the ordinals in the unit's Facts, in the encoding of `languages.sites`
    rebound: tuple[str, ...]  # names that some function or class of the file declares global: bound outside the module's own code too
    lines: tuple[bytes, ...]  # parallel to symbols; where each statement of a unit begins, in the encoding of the language's package


class Survey(NamedTuple):
    """One file read once: its scan, and the facts of every distinct unit by content hash."""

    scan: Scan
    facts: tuple[tuple[bytes, Facts], ...]
