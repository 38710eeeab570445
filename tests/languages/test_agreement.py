"""Agreement: on real files, the fast walk says what slow and independent readings say."""

from __future__ import annotations

import ast
import pickle
import re
import symtable
import sys
import warnings
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import msgpack
import pytest

from lestockage.languages.python.rendering import render
from lestockage.languages.python.signature import class_signature, function_signature
from lestockage.languages.python.survey import parse, survey
from lestockage.languages.sites import decode_sites
from tests.languages import slow_reading
from tests.languages.surveying import real_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.languages.facts import Facts, Scan, Symbol

_WORD = re.compile(r"[^\W\d]\w*")


pytestmark = pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long


@cache
def readings() -> tuple[tuple[str, bytes, ast.Module, Scan, dict[bytes, Facts]], ...]:
    """Return real files that can be parsed: path, source, tree, scan and facts."""
    found = []
    for path, source in real_sources(25):
        surveyed = survey(source)
        if surveyed.scan.failure is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
            found.append((path, source, tree, surveyed.scan, dict(surveyed.facts)))
    return tuple(found)


def units(scan: Scan) -> list[tuple[int, Symbol]]:
    """Return the symbols that have facts, with their positions."""
    return [(position, found) for position, found in enumerate(scan.symbols) if found.has_facts]


def test_there_is_enough_real_source() -> None:
    """The other tests of this file mean something."""
    assert sum(len(scan.symbols) for _, _, _, scan, _ in readings()) > 2000


def test_units_are_those_of_a_generic_walk() -> None:
    """Every definition anywhere in a file is a unit, with the name and kind that its place gives it."""
    for path, _, tree, scan, _ in readings():
        expected = [(reading.name, reading.kind) for reading in slow_reading.units(tree)]
        assert [(found.name, found.kind) for _, found in units(scan)] == expected, path


def test_content_hashes_are_equal_when_the_syntax_is() -> None:
    """Over all files, a content hash and a dump of the unit's own syntax determine each other."""
    by_hash: dict[bytes, str] = {}
    by_dump: dict[str, bytes] = {}
    for path, _, tree, scan, _ in readings():
        for reading, (_, found) in zip(slow_reading.units(tree), units(scan), strict=True):
            dump = slow_reading.own_syntax(reading)
            assert by_hash.setdefault(found.content_hash, dump) == dump, (path, found.name)
            assert by_dump.setdefault(dump, found.content_hash) == found.content_hash, (path, found.name)


def test_the_called_names_stand_at_the_sites() -> None:
    """The sites that no import or base has are those of the calls in a unit's own code and its decorators, at the names that are called."""
    for path, source, tree, scan, facts in readings():
        lines = source.replace(b"\r\n", b"\n").replace(b"\x0c", b" ").split(b"\n")
        # Python 3.11 does not say where in an f-string something stands.
        vague = {
            line for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for line in range(node.lineno, (node.end_lineno or 0) + 1)
        }
        for reading, (position, found) in zip(slow_reading.units(tree), units(scan), strict=True):
            nodes = list(slow_reading.own_nodes(reading.node))
            called = [node.func for node in nodes if isinstance(node, ast.Call)]
            called += [decorator for node in nodes for decorator in getattr(node, "decorator_list", ())]
            known = facts[found.content_hash]
            taken = {item.ordinal for item in (*known.imports, *known.bases)}
            places = [site for ordinal, site in enumerate(decode_sites(scan.sites[position])) if ordinal not in taken]
            assert len(places) == len(called), (path, found.name)
            names = Counter(
                node.attr if isinstance(node, ast.Attribute) else node.id
                for node in called
                if isinstance(node, (ast.Attribute, ast.Name)) and node.end_lineno not in vague
            )
            texts = [lines[site.line + scan.spans[position].line - 1][site.column :].decode(errors="replace") for site in places]
            said = Counter([match[0] for text in texts if (match := _WORD.match(text)) is not None])
            assert not names - said, (path, found.name)


def test_sites_are_inside_their_unit() -> None:
    """No site lies before the first line of its unit or behind its last."""
    for path, _, _, scan, _ in readings():
        for span, sites in zip(scan.spans, scan.sites, strict=True):
            assert all(0 <= site.line <= span.end_line - span.line and site.column >= 0 for site in decode_sites(sites)), path


def test_every_ordinal_has_a_site() -> None:
    """No two imports and bases of a unit have one site, and each has one."""
    for path, _, _, scan, facts in readings():
        for position, found in units(scan):
            known = facts[found.content_hash]
            ordinals = [item.ordinal for item in (*known.imports, *known.bases)]
            assert len(ordinals) == len(set(ordinals)), (path, found.name)
            assert set(ordinals) <= set(range(len(decode_sites(scan.sites[position])))), (path, found.name)


def test_complexity_is_that_of_a_generic_walk() -> None:
    """Decisions are counted alike."""
    for path, _, tree, scan, facts in readings():
        for reading, (_, found) in zip(slow_reading.units(tree), units(scan), strict=True):
            assert facts[found.content_hash].complexity == slow_reading.complexity(reading.node), (path, found.name)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="later tables hold names of inlined comprehensions, and annotation scopes")
def test_bindings_are_those_of_the_compiler() -> None:
    """Every scope binds the names that the interpreter's own symbol table says it binds."""
    checked = 0
    for path, source, _, scan, facts in readings():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                table = symtable.symtable(source, path, "exec")  # type: ignore[arg-type]  # bytes are fine, and keep the encoding
        except SyntaxError:
            continue
        pending = [(0, table, "")]
        while pending:
            position, table, class_name = pending.pop()
            known = facts[scan.symbols[position].content_hash]
            ours = {
                _mangled(name, class_name)
                for kind, names in known.bindings
                for name in names
                if kind not in ("global", "nonlocal") and name != "*"
            }
            theirs = {
                symbol.get_name()
                for symbol in table.get_symbols()
                if symbol.is_parameter() or symbol.is_assigned() or symbol.is_imported() or symbol.is_annotated()
            }
            assert ours == theirs - {".0"}, (path, scan.symbols[position].name)
            checked += 1
            tables = list(_inside(table))
            inside = [number for number, found in units(scan) if found.container == position]
            # The order of lambdas is not in the tables: what binds the same stands for each other.
            lambdas = [number for number in inside if "<" in scan.symbols[number].name.rpartition(".")[2]]
            ours_bind = [
                sorted(name for _, names in facts[scan.symbols[number].content_hash].bindings for name in names) for number in lambdas
            ]
            theirs_bind = [_bound(inner) for inner in tables if inner.get_name() == "lambda"]
            assert sorted(ours_bind) == sorted(theirs_bind), (path, scan.symbols[position].name)
            checked += len(lambdas)
            tables = sorted(
                (inner for inner in tables if inner.get_name() != "lambda"), key=lambda each: (each.get_lineno(), each.get_id())
            )
            for number, inner in zip([number for number in inside if number not in lambdas], tables, strict=True):
                name = scan.symbols[number].name.rpartition(".")[2]
                assert inner.get_name() == name, path
                pending.append((number, inner, name if scan.symbols[number].kind == "class" else class_name))
    assert checked > 1000


def _inside(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """Yield the definitions and lambdas of one unit, those in its comprehensions too."""
    for inner in table.get_children():
        if inner.get_name() in ("genexpr", "listcomp", "setcomp", "dictcomp"):
            yield from _inside(inner)
        else:
            yield inner


def _bound(table: symtable.SymbolTable) -> list[str]:
    return sorted(symbol.get_name() for symbol in table.get_symbols() if symbol.is_parameter() or symbol.is_assigned())


def _mangled(name: str, class_name: str) -> str:
    """Return a private name as the compiler stores it."""
    owner = class_name.lstrip("_")
    return f"_{owner}{name}" if owner and name.startswith("__") and not name.endswith("__") and "." not in name else name


def test_signatures_read_back() -> None:
    """Parsed again, a signature is the head that it was made from."""
    for path, _, tree, _, _ in readings():
        for reading in slow_reading.units(tree):
            node = reading.node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                again = ast.parse(function_signature(node) + ": pass").body[0]
                assert isinstance(again, type(node))
                assert ast.dump(again.args) == ast.dump(node.args), (path, reading.name)
                assert again.returns is node.returns is None or ast.dump(again.returns) == ast.dump(node.returns), (path, reading.name)
            elif isinstance(node, ast.ClassDef):
                again = ast.parse(class_signature(node) + ": pass").body[0]
                assert isinstance(again, ast.ClassDef)
                assert [ast.dump(base) for base in again.bases] == [ast.dump(base) for base in node.bases], (path, reading.name)
                assert [ast.dump(keyword) for keyword in again.keywords] == [ast.dump(keyword) for keyword in node.keywords]


def test_rendering_is_that_of_the_standard_library() -> None:
    """Every expression of some real files is rendered as `ast.unparse` writes it."""
    for path, _, tree, _, _ in readings()[::8]:
        for node in ast.walk(tree):
            in_place = isinstance(node, ast.expr) and not isinstance(node, ast.JoinedStr | ast.FormattedValue | ast.Slice | ast.Starred)
            if in_place and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                assert render(node) == ast.unparse(node), path


def test_one_unit_at_a_time_gives_the_same() -> None:
    """Asked for one by one, in any order, facts are those of the survey, and so is the scan."""
    for path, source, _, scan, facts in readings():
        parsed = parse(source)
        assert parsed.scan == scan, path
        assert {content_hash: parsed.facts(content_hash) for content_hash in reversed(facts)} == facts, path


def test_an_unknown_hash_is_refused() -> None:
    """A file has no facts for what it does not contain."""
    with pytest.raises(KeyError):
        parse(b"x = 1").facts(b"nothing")


def test_equal_content_has_equal_facts_across_files() -> None:
    """Over all files, units of one hash have one set of facts, wherever they stand."""
    seen: dict[bytes, Facts] = {}
    shared = 0
    for path, _, _, _, facts in readings():
        for content_hash, known in facts.items():
            shared += content_hash in seen
            assert seen.setdefault(content_hash, known) == known, path
    assert shared > 10


def test_layout_changes_no_facts() -> None:
    """A file written anew by `ast.unparse`, without comments and with other quotes and lines, has the same hashes and facts."""
    for path, _, tree, scan, facts in readings():
        try:
            text = ast.unparse(tree).encode()
        except UnicodeEncodeError:
            continue
        again = survey(text)
        if ast.dump(ast.parse(text)) != ast.dump(tree):
            continue  # ast.unparse itself is not exact for every file
        assert [found[:-1] for found in again.scan.symbols] == [found[:-1] for found in scan.symbols], path
        assert dict(again.facts) == facts, path


def test_surveys_can_be_stored_and_sent() -> None:
    """Every field survives msgpack, tuples as lists, and pickling between processes."""

    def plain(value: object) -> object:
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    for path, source, *_ in readings()[::4]:
        surveyed = survey(source)
        assert pickle.loads(pickle.dumps(surveyed)) == surveyed, path  # noqa: S301  # our own bytes
        assert msgpack.unpackb(msgpack.packb(surveyed), strict_map_key=False) == plain(surveyed), path
