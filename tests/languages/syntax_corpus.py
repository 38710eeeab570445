"""Syntax corpus: expressions, statements and function heads of which no two are the same syntax.

Entries stand three spaces or a line apart; "⏎" is a line break inside one.
"""

from __future__ import annotations

import re


def _entries(text: str) -> list[str]:
    return [entry.replace("⏎", "\n") for entry in re.split(r" {3}|\n", text.strip())]


EXPRESSIONS = _entries(r"""
a   A   'a'   b'a'   u'a'   f'a'   f'{a}'   f'{a!r}'   f'{a:b}'   f'{a!s:b}'   f'{a:{b}}'   f'{{a}}'   '{a}'   1   1.0   True   1j   '1'
b'1'   0   0.0   -0.0   False   0j   None   ...   Ellipsis   1e999   1e999j   inf   infj   ''   ()   (1,)   [1]   {1}   {1: 1}   {**a}
[*a]   (*a,)   {*a}   [a, b]   [b, a]   [[a], b]   [[a, b]]   [a, [b]]   [{a: b}, c, d]   [{a: b, c: d}]   [{a: b}, *c]   {a: b, **c}
a + b   b + a   a - b   a * b   a / b   a // b   a % b   a ** b
a @ b   a << b   a >> b   a | b   a & b   a ^ b   a + b + c   a + (b + c)   a and b   a or b   a and b and c   (a and b) and c
a and (b and c)   not a   -a   +a   ~a   a < b   a <= b   a > b   a >= b   a == b   a != b   a is b   a is not b   a in b   a not in b
a < b < c   (a < b) < c   a < (b < c)   a.b   a.c   a.b.c   a.bc   a[b]   a[b, c]   a[(b,)]   a[b:c]   a[b:]   a[:b]   a[::b]   a[:]
a[b:c:d]   a[b:c, d]   a[b][c]   a[b[c]]   a[*b]   a()   a(b)   a(b, c)   a(c, b)   a(*b)   a(**b)   a(b=c)   a(c=b)   a(b=c, d=e)
a(d=e, b=c)   a(b)(c)   a(b(c))   a((b, c))   a([b, c])   a(x for x in b)   [x for x in b]   {x for x in b}   {x: x for x in b}
[x for x in b if x]   [x for x in b if x if y]   [x for x in b if x and y]   [x for x in b for y in c]   [x for x in b if y for y in c]
[x for x in b for y in c if y]   [x for x, in b]   [x for [x] in b]   [x for x.y in b]   lambda: a   lambda a: a   lambda a: b
lambda a, b: a   lambda a, /, b: a   lambda a, b, /: a   lambda a, *, b: a   lambda a, *b: a   lambda a, **b: a   lambda *a, b: a
lambda *a, **b: a   lambda a=b: a   lambda a, b=c: a   lambda a=b, c=d: a   lambda *, a=b: a   lambda *, a: a   lambda *, k: k
lambda *k: k   a if b else c   b if a else c   (yield)   (yield a)   (yield from a)   (await a)   (a := b)   'a\0b'   'a', 'b'
'a\x00"1:b'   '\ud800'   '?'   '\udc80'
""")

STATEMENTS = _entries(r"""
pass   break   continue   return   return a   raise   raise a   raise a from b   assert a   assert a, b   del a   del a, b   del (a, b)
del a.b   del a[b]   global a   global a, b   nonlocal a   import a   import a, b   import a.b   import a as b   import a.b as c
from a import b   from a import b as c   from a import *   from . import a   from .. import a   from .a import b   from a import b, c
from a import (c, b)   a = b   a = b = c   a, b = c   a, *b = c   [a, b] = c   *a, b = c   a.b = c   a[b] = c   a += b   a -= b   a: b
a: b = c   (a): b   a.b: c   a[b]: c   a[b]: c = d
if a: b   if a: b⏎else: c   if a: pass⏎elif b: pass   if a: pass⏎else:⏎ if b: pass⏎ c   if a:⏎ b⏎ c
if a: b⏎c   for a in b: pass   for a in b: pass⏎else: c   async for a in b: pass   while a: pass   while a: pass⏎else: b
with a: pass   with a as b: pass   with a, b: pass   with (a, b) as c: pass   with a:⏎ with b: pass   with a as b, c: pass
with a, b as c: pass   with a as (b, c): pass   try: a⏎except: b   try: a⏎except b: c   try: a⏎except b as c: d   try: a⏎except* b: c
try: a⏎finally: b   try: a⏎except: b⏎else: c   try: a⏎except: b⏎finally: c   try: a⏎except b: c⏎except d: e   def g(): pass
async def g(): pass   def h(): pass   def g(a): pass   def g(a: b): pass   def g() -> a: pass   @a⏎def g(): pass   class g: pass
class g(a): pass   class g(k=a): pass   class g(**a): pass   class g(a, b): pass   @a⏎class g: pass   a⏎b   a; b; c
async with a: pass   match a:⏎ case b: pass   match a:⏎ case _: pass   match a:⏎ case 1: pass   match a:⏎ case 1.0: pass
match a:⏎ case True: pass   match a:⏎ case None: pass   match a:⏎ case 'a': pass   match a:⏎ case b.c: pass   match a:⏎ case [b]: pass
match a:⏎ case [*b]: pass   match a:⏎ case [*_]: pass   match a:⏎ case {1: b}: pass   match a:⏎ case {**b}: pass
match a:⏎ case {}: pass   match a:⏎ case b(): pass   match a:⏎ case b(c): pass   match a:⏎ case b(c=d): pass
match a:⏎ case 1 | 2: pass   match a:⏎ case 1 as b: pass   match a:⏎ case b if c: pass   match a:⏎ case 1: pass⏎ case 2: pass
match a, b:⏎ case c: pass   match a:⏎ case -1: pass   match a:⏎ case 1 + 2j: pass
""")

HEADS = _entries(r"""
def f(): 1   def f(a): 1   def f(a, b): 1   def f(b, a): 1   def f(a, /): 1   def f(a, /, b): 1   def f(a, b, /): 1   def f(*, a): 1
def f(*a): 1   def f(**a): 1   def f(*a, b): 1   def f(a: b): 1   def f(a) -> b: 1   def f(a=b): 1   def f(a: b=c): 1   def f(a, b=c): 1
def f(a=b, c=d): 1   def f(*, a=b): 1   def f(*, a, b=c): 1   def f(*, a=b, c): 1   def f(*a: b): 1   def f(**a: b): 1
def f(*a: *b): 1   def f(*, k): 1   def f(k): 1   async def f(): 1   @a⏎def f(): 1   @a⏎@b⏎def f(): 1   @b⏎@a⏎def f(): 1
@a()⏎def f(): 1   def f() -> 1: 1
""")
