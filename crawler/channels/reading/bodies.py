"""The bytes of an answer as text: unzipped by content, decoded by what they are, in pieces of bounded size."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from itertools import chain

from crawler.channels.reading.charsets import charset_of
from crawler.channels.reading.fault import Fault, cut_short, too_much
from pipelines.items import Page

MAX_UNZIPPED = 50 * 1024 * 1024  # what sitemaps.org allows one sitemap
PIECE = 1 << 20
MAX_LAYERS = 2  # some servers zip what is a .gz file already
MAX_MEMBERS = 1_000  # of one gzip file; each costs time, and an empty one is 20 bytes
_SLICE = 1 << 16  # fed to zlib at once: it copies what it could not use yet
_MAGIC = b"\x1f\x8b"


class Body:
    """The text of a page's body, read once from its beginning.

    `head` is the first piece. After the last piece, `fault` says what kept the text from being whole.
    """

    def __init__(self, page: Page) -> None:
        self._fault = None if page.is_whole else cut_short("the answer")
        self._layers: list[_Unzipped] = []
        pieces = self._unzipped(page.body[start : start + PIECE] for start in range(0, len(page.body), PIECE))
        first = next(pieces, b"")
        sample = first if self._layers else page.body
        self._texts = _decoded(chain((first,), pieces), charset_of(sample, page.header("Content-Type")))
        self.head = next(self._texts, "")

    @property
    def fault(self) -> Fault | None:
        """What kept the text from being whole, as far as it was read."""
        return next((layer.fault for layer in self._layers if layer.fault), self._fault)

    def __iter__(self) -> Iterator[str]:
        """The text in pieces of about a million characters."""
        return chain((self.head,), self._texts)

    def text(self, most: int) -> str:
        """The text, up to the piece in which it has more than so many characters."""
        pieces, length = [], 0
        for piece in self:
            pieces.append(piece)
            length += len(piece)
            if length > most:
                break
        return "".join(pieces)

    def _unzipped(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        while (first := next(pieces, b"")).startswith(_MAGIC) and len(self._layers) < MAX_LAYERS:
            self._layers.append(_Unzipped(chain((first,), pieces)))
            pieces = iter(self._layers[-1])
        return chain((first,), pieces)


class _Unzipped:
    """The contents of a gzip file, piece by piece; knows of no Body, so that none waits for the garbage collector."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.fault: Fault | None = None
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        unzip, members, left = None, 0, MAX_UNZIPPED
        for piece in _slices(self._pieces):
            data, has_more = piece, False
            while data or has_more:
                if unzip is None:
                    data = data.lstrip(b"\0") if members else data  # tape-like padding between members
                    if not data or not data.startswith(_MAGIC[: len(data)]):
                        break  # junk after the last member, as gzip itself takes it
                    unzip, members = zlib.decompressobj(31), members + 1
                try:
                    text = unzip.decompress(data, PIECE)
                except zlib.error:
                    self.fault = Fault(status="failed", reason="its gzip data are broken; what stood before is kept")
                    return
                if text:
                    yield text
                left -= len(text)
                if left < 0 or members > MAX_MEMBERS:
                    self.fault = too_much(f"{MAX_UNZIPPED // 1024**2} MB unzipped or {MAX_MEMBERS:,} gzip members")
                    return
                data, has_more = unzip.unconsumed_tail, len(text) == PIECE
                if unzip.eof:
                    data, unzip, has_more = unzip.unused_data, None, False
        if unzip is not None:
            self.fault = cut_short("its gzip data")


def _decoded(pieces: Iterator[bytes], codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for piece in pieces:
        if text := decoder.decode(piece):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def _slices(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from (piece[start : start + _SLICE] for start in range(0, len(piece), _SLICE))
