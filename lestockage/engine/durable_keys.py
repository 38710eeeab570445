"""Durable keys: how the arguments of calls are written, by the declared types of their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.engine.codec import Codec, codec_for
from lestockage.engine.handle_codec import handle_extension
from lestockage.engine.node import MISSING
from lestockage.errors import CodecError, UnencodableType

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable
    from lestockage.engine.node import Memo


class Keys:
    """The key codecs of one store's queries."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._codecs: dict[Declaration, Codec | None] = {}

    def codec(self, declaration: Declaration) -> Codec | None:
        """The codec of a query's arguments; None when they cannot be stored."""
        if declaration.key_codec is not None and declaration not in self._codecs:
            self._codecs[declaration] = declaration.key_codec(self._durable)
        if declaration not in self._codecs:
            annotations = tuple(parameter.annotation for parameter in declaration.parameters)
            try:
                codec = codec_for(tuple[annotations] if annotations else tuple[()], extra=handle_extension)  # type: ignore[valid-type]
            except UnencodableType:
                codec = None
            self._codecs[declaration] = codec
        return self._codecs[declaration]

    def of(self, memo: Memo) -> bytes | None:
        """A memo's encoded arguments; None when they cannot be stored."""
        return self.encoded(memo.table.declaration, memo.args)

    def encoded(self, declaration: Declaration, args: Any) -> bytes | None:
        """The encoded (bare or tupled) arguments of a call; None when they cannot be stored."""
        if declaration.is_task:
            key: bytes = args.key
            return key
        codec = self._codecs.get(declaration, MISSING)
        if codec is MISSING:
            codec = self.codec(declaration)
        if codec is None:
            return None
        try:
            encoded: bytes = codec.encode((args,) if declaration.arity == 1 else args)
        except CodecError:
            return None
        return encoded
