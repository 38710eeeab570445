"""Bad input: files that are no Python, or barely, end in a failure of one line or in facts, never in an exception."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.languages.facts import Scan
from lestockage.languages.python.definitions import DEEPEST_LAMBDA
from lestockage.languages.python.survey import parse, survey
from tests.languages.surveying import facts, real_sources, scan

TOKENS = ["def", "class", "(", ")", "[", "]", "{", "}", ":", ",", ".", "*", "**", "=", ":=", "->", "@", "f'{", "}'", "\\", "#"]
TOKENS += ["lambda", "for", "in", "if", "else", "async", "await", "yield", "match", "case", "global", "a", "b", "self", "1", "'x'"]
TOKENS += ["\n", "    ", "\t"]

if TYPE_CHECKING:
    import random


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"x = 1\n\ndef f(:\n", "line 3: invalid syntax"),
        (b"x = 1\n  y = 2\n", "line 2: unexpected indent"),
        (b"f(\n\n", "line 1: '(' was never closed"),
        (b"x = '\n", "line 1: unterminated string literal (detected at line 1)"),
        (b"\n\nx = 1\nx = \xff\n", "line 4: (unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"# coding: klingon\nx = 1", "line 1: unknown encoding: klingon"),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1", "line 1: encoding problem: iso-8859-1 with BOM"),
        (b"x = 1\ny = 2\nz\0 = 3\n", "line 3: source code string cannot contain null bytes"),
        (b"\xff\xfex\0=\0001\0", "line 1: source code string cannot contain null bytes"),
        (b"(" * 500 + b")" * 500, "line 1: too many nested parentheses"),
        (b"[" * 3000 + b"]" * 3000, "line 1: too many nested parentheses"),
        (b"".join(b" " * depth + b"if x:\n" for depth in range(101)), "line 101: too many levels of indentation"),
        (b"lambda:" * 3000 + b"1", "nested too deeply"),
        (b"lambda:" * (DEEPEST_LAMBDA + 1) + b"1", "nested too deeply"),
        (b"x = 1 +\n\n\n# end", "line 1: invalid syntax"),
        (b"# coding: rot13\nx = 1", "line 1: 'rot13' is not a text encoding; use codecs.decode() to handle arbitrary codecs"),
    ],
)
def test_what_cannot_be_parsed_is_reported(source: bytes, reason: str) -> None:
    """A failure is one line with the line number where there is one, and leaves nothing else."""
    assert survey(source).scan == Scan(reason, (), (), (), (), ())
    assert survey(source).facts == ()


def test_syntax_of_a_later_python_is_reported() -> None:
    """What no interpreter reads yet is a failure like any other."""
    assert scan_failure(b"x = 1\nfrom a lazily import b\n") == "line 2: invalid syntax"


def scan_failure(source: bytes) -> str | None:
    """Return why a file can't be read."""
    return survey(source).scan.failure


def test_a_failure_is_one_line() -> None:
    """A message never spans lines and can always be encoded, whatever the file puts into it."""
    for source in (b"# coding: a\\nb\nx", b"x = 9" + b"9" * 5000, "x = \u2028\u0080".encode(), b"# coding: utf-7\nx = +2AA-"):
        failure = scan_failure(source)
        assert failure is None or (len(failure.splitlines()) == 1 and failure.encode())


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "utf-8", "utf-8-sig", "koi8-r", "shift_jis", "utf-7"])
def test_declared_encodings_are_respected(codec: str) -> None:
    """The same text is the same syntax in any encoding that the file declares."""
    text = "x = 'e'\ndef f(): return 'z'\n"
    encoded = f"# coding: {codec}\n{text}".encode(codec)
    assert [found.content_hash for found in survey(encoded).scan.symbols] == [found.content_hash for found in scan(text).symbols]


def test_declared_encodings_decide_what_a_literal_is() -> None:
    """Bytes beyond ASCII are read as the file says, so equal bytes may be different strings."""
    latin, cyrillic = (survey(b"# coding: " + codec + b"\nx = '\xe9'").scan.symbols[1] for codec in (b"latin-1", b"koi8-r"))
    assert latin.content_hash != cyrillic.content_hash
    assert latin.content_hash == scan("x = 'é'").symbols[1].content_hash


def test_line_ends_are_all_the_same() -> None:
    """CRLF, CR and LF end a line; a form feed does not."""
    lines = ["x = 1", "def f():", "    y()", "z = 2"]
    expected = scan("\n".join(lines))
    assert scan("\r\n".join(lines)) == expected
    assert scan("\r".join(lines)) == expected
    assert scan("\n\x0c".join(["x = 1", "z = 2"])).spans[2][:2] == (2, 1)


def test_a_bom_is_no_syntax() -> None:
    """A byte-order mark shifts nothing."""
    assert survey(b"\xef\xbb\xbfx = f()\n") == survey(b"x = f()\n")


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_a_long_file_is_read_whole() -> None:
    """Fifty thousand lines are as good as fifty."""
    found = scan("".join(f"def f{number}():\n    return g{number}()\n" for number in range(25_000)))
    assert len(found.symbols) == 25_001
    assert found.spans[-1] == (49_999, 0, 50_000, 19)


@pytest.mark.parametrize(
    ("source", "symbols"),
    [
        ("x = " + "+".join(["1"] * 5000), 2),
        ("x = " + "-" * 3000 + "1", 2),
        ("x = " + "not " * 3000 + "1", 2),
        ("x = " + "(" * 190 + "1" + ")" * 190, 2),
        ("if a: pass\n" + "elif b: pass\n" * 5000, 1),
        ("x = a" + ".b" * 5000, 2),
        ("x = a" + "()" * 2000, 2),
        ("x = " + "1 if a else " * 2000 + "1", 2),
        ("x = " * 2000 + "1", 2),
        ("def f(a=" + "+".join(["1"] * 5000) + "): pass", 2),
        ("x: " + "|".join(["a"] * 5000) + " = 1", 2),
        ("__all__ = " + "+".join(["['a']"] * 5000), 2),
        ("@" + "a" * 100_000 + "\ndef f(): pass", 2),
    ],
)
def test_deep_source_is_read(source: str, symbols: int) -> None:
    """Depth that real generators of code produce is no failure, and costs nothing but time."""
    surveyed = survey(source.encode())
    assert surveyed.scan.failure is None
    assert len(surveyed.scan.symbols) == symbols


def test_complexity_of_a_long_chain_is_counted() -> None:
    """A chain of five thousand branches has as many decisions."""
    assert facts("if a: pass\n" + "elif b: pass\n" * 4999).complexity == 5001


def test_endless_source_is_reported() -> None:
    """Deeper than any stack is a failure, not a crash."""
    assert scan_failure(b"+".join([b"1"] * 200_000)) == "nested too deeply"


def test_huge_integers_are_read() -> None:
    """An integer with more digits than Python writes is still one value, in a signature too."""
    digits = "f" * 5000
    assert scan(f"def f(a=0x{digits}): pass").symbols[1].signature == f"def f(a=0x{digits})"
    assert scan(f"def f(a=1 + 0x{digits}): pass").symbols[1].signature == "def f(a=...)"
    assert scan(f"x = 0x{digits}").symbols[0].content_hash != scan(f"x = 0x{digits}0").symbols[0].content_hash


def test_lone_surrogates_are_told_apart() -> None:
    """String literals that no encoding can hold are literals like others, and leave nothing that could not be stored."""
    one, other = (survey(f"'\\ud80{digit}'\nx = '\\ud80{digit}'\nf(a='\\ud80{digit}')\n".encode()) for digit in (0, 1))
    assert one.scan.symbols[0].docstring_hash != other.scan.symbols[0].docstring_hash
    assert one.scan.symbols[1].body_hash != other.scan.symbols[1].body_hash
    assert scan("def f(a='\\ud800'): pass").symbols[1].signature == "def f(a='\\ud800')"


def test_warnings_stay_inside() -> None:
    """Invalid escapes and literals warn nobody, are no errors under -W error, and leave the filters as they were."""
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error")
        assert scan_failure(b"x = '\\d'\ny = 0x1for x in z\n") is None
        assert facts("def f(x: 'Literal[\"\\\\\\\\d\"]'): pass", "f").parameters == ()
    assert caught == []
    assert list(warnings.filters) == before


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_never_raise(source: bytes) -> None:
    """Whatever the bytes, there is a scan with a failure or with a module."""
    found = survey(source).scan
    assert (found.failure is None) == bool(found.symbols)


@settings(deadline=None)
@given(st.lists(st.sampled_from(TOKENS)))
def test_random_tokens_never_raise(tokens: list[str]) -> None:
    """Text that is nearly Python is read or reported."""
    found = survey(" ".join(tokens).encode()).scan
    assert (found.failure is None) == bool(found.symbols)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_mutated_source_never_raises(chance: random.Random) -> None:
    """Real files with pieces cut, doubled or replaced are read or reported, and read the same way twice."""
    _, source = chance.choice(real_sources(40))
    start = chance.randrange(max(1, len(source) - 3000))
    piece = bytearray(source[start : start + 3000])
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(piece) + 1)
        length = chance.randrange(20)
        piece[at : at + length] = chance.choice([b"", piece[at : at + length] * 2, bytes([chance.randrange(256)]), b"(", b"\n", b'"""'])
    found = survey(bytes(piece))
    assert (found.scan.failure is None) == bool(found.scan.symbols)
    parsed = parse(bytes(piece))
    assert parsed.scan == found.scan
    assert all(parsed.facts(content_hash) == known for content_hash, known in found.facts)


def test_lambdas_are_units_down_to_a_depth() -> None:
    """As many lambdas in lambdas as functions in functions are symbols; the case above has one more."""
    assert len(scan("lambda:" * DEEPEST_LAMBDA + "1").symbols) == DEEPEST_LAMBDA + 1
