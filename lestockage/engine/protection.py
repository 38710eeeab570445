"""Protection: how a value is kept from being changed by those who hold it, decided from its declared type.

What is declared immutable is shared. What can change is copied wherever it enters or leaves the engine. Objects of classes that the codec
does not know are shared as they are, their containers are copied.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec import codec_for
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.codec import Extension


def copier(annotation: Any) -> Callable[[Any], Any] | None:
    """The function that copies a value of this type for whoever asks; None where the value itself may be shared."""
    try:
        codec = codec_for(annotation)
    except UnencodableType:
        try:
            codec = codec_for(annotation, extra=_opaque)
        except UnencodableType:
            return None
    return None if codec.is_immutable else codec.copy


@functools.cache
def _opaque(cls: type) -> Extension | None:
    """A class without an encoding, as something that is passed on as it is."""
    try:
        codec_for(cls)
    except UnencodableType:
        return _not_data, _not_data, True
    return None


def _not_data(_value: Any) -> Any:
    raise ValueError("it is copied only, and never stored")
