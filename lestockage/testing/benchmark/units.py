"""Units: quantities as people read them, three digits at most."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return seconds in the unit that fits: `1.23 s`, `45.6 ms`, `789 µs`."""
    for size, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{_digits(seconds / size)} {unit}"
    return f"{_digits(seconds * 1e6)} µs"


def size(count: float) -> str:
    """Return bytes in the unit that fits, thousands by thousands: `12.3 MB`."""
    for unit_size, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= unit_size:
            return f"{_digits(count / unit_size)} {unit}"
    return f"{count:.0f} B"


def factor(ratio: float | None) -> str:
    """Return how many times: `12.3 x`; nothing for no ratio."""
    return "" if ratio is None else f"{_digits(ratio)} x"


def percentage(share: float) -> str:
    """Return a share in hundredths: `12.3 %`."""
    return f"{_digits(share * 100)} %"


def _digits(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
