"""Opcodes: what the first element of an operation in a summary says, with the fields that follow it."""

from __future__ import annotations

from typing import Final

COPY: Final = 0  # dst src
DEFINE: Final = 1  # dst name ordinal
LITERAL: Final = 2  # dst type, and its value where it is the key that a method of dict asks for
MAKE: Final = 3  # dst kind number length
PUT: Final = 4  # container key src
EXTEND: Final = 5  # container src site
LOAD: Final = 6  # dst base attribute site
STORE: Final = 7  # base attribute src site
ITEM: Final = 8  # dst base key keyvar site
SETITEM: Final = 9  # base key keyvar src site
SLICE: Final = 10  # dst base site, and the bounds where they are constant, None for those left out
CALL: Final = 11  # dst callee args keywords site
METHOD: Final = 12  # dst base name args site
BINARY: Final = 13  # dst left right name site
ITERATE: Final = 14  # dst src is_async site
UNPACK: Final = 15  # dst src index count site
REST: Final = 16  # dst src before after number site
AWAIT: Final = 17  # dst src site
DELEGATE: Final = 18  # dst src site
INSTANCE_OF: Final = 19  # dst cls
NARROW: Final = 20  # dst src cls keep
SUPER_OF: Final = 21  # dst cls object
IMPORT: Final = 22  # dst module name level
STAR: Final = 23  # module level
RAISE: Final = 24  # src site
ANNOTATED: Final = 25  # attribute value
DEFAULT: Final = 26  # name ordinal parameter src
METACLASS: Final = 27  # cls
DECORATE: Final = 28  # dst callee src site
PUT_KEY: Final = 29  # container keyvar
MATCH_ARGUMENT: Final = 30  # dst base cls index site
RECEIVE: Final = 31  # dst
DELETE: Final = 32  # base attribute site
CREATE: Final = 33  # cls keywords site
MATCHES: Final = 34  # names: `__match_args__` of the class whose body this is
CAUGHT: Final = 35  # dst cls
SETS: Final = 36  # names: attributes that `__init__` gives its object before anybody else sees it
LOADS: Final = 37  # dst base prefix suffix site: any attribute whose name begins and ends so
KEEP: Final = 38  # base attribute src site: `__init__` stores a parameter as it is in its object
ANSWERS: Final = 39  # dst src method answer: what always answers that method so, None: of what that is not known
WHERE: Final = 40  # dst src what: src, if `what` holds anything

ASYNC: Final = 1  # flags of a summary
GENERATOR: Final = 2
GIVES_TRUE: Final = 4  # and nothing else
GIVES_FALSE: Final = 8

INSIDE: Final = 0  # where a free name is looked up: from inside the unit,
HEADING: Final = 1  # from where the unit is defined,
OTHERS: Final = 2  # in what others assign to a name of the unit's own scope,
MODULE: Final = 3  # or in the module, past everything between: names that are declared global
