"""One record where it lies: whether it is whole, and what its row says."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from archive.members import MAX_RECORD, one_line, payload_digest
from archive.rows import RecordRow

_GZIP = zlib.MAX_WBITS + 16
KINDS = frozenset(("response", "revisit"))


def fault_of(file: BinaryIO, size: int, row: RecordRow) -> str:
    """What is wrong with a record in an open file of that size, in a few words; empty for nothing."""
    if row.warc_offset < 0 or not 0 < row.warc_length <= MAX_RECORD:
        return "its row names no place in a file"
    if row.warc_offset + row.warc_length > size:
        return "the file ends before it does"
    file.seek(row.warc_offset)
    try:
        return differs(file.read(row.warc_length), row)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def differs(member: bytes, row: RecordRow) -> str:
    """What of a record is not as its row says; empty for nothing."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(member, MAX_RECORD)
        if not unpacker.eof or unpacker.unused_data:
            return "no record begins and ends there"
        record = next(ArchiveIterator(BytesIO(plain)))
        body = record.raw_stream.read()
        kind, about = record.rec_type, record.rec_headers
    except (zlib.error, ArchiveLoadFailed, StopIteration, EOFError, ValueError):
        return "its bytes are damaged"
    return is_other(str(kind), about, body, row)


def is_other(kind: str, about: StatusAndHeaders, body: bytes, row: RecordRow) -> str:
    """What of a whole record is not as its row says; empty for nothing."""
    if kind not in KINDS:
        return f"a {kind[:20]} record lies there"
    if about.get_header("WARC-Target-URI") not in {row.url, one_line(row.url)}:
        return "the record of another address lies there"
    if about.get_header("WARC-Payload-Digest") != row.digest:
        return "its digest is not that of its row"
    if kind == "response" and payload_digest(body) != row.digest:
        return "its bytes do not match their digest"
    return ""
