"""Which charset a document is really in; what it declares is a claim, and often a wrong one."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"(?:encoding|charset)\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Only charsets of documents, each linear to decode: Python also knows "idna", "punycode" and "unicode_escape".
_KNOWN = re.compile(
    r"windows-125[0-8]|iso-8859-(?:[2-9]|1[03456])|koi8-[ru]|gb18030|big5|euc-(?:jp|kr)|cp(?:874|932)|iso-2022-jp"
)
# As browsers read them (WHATWG): the larger charset of the same family.
_BROADER = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5-hkscs": "big5",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "ks_c_5601-1987": "euc-kr",
}


def charset_of(sample: bytes, content_type: str = "") -> str:
    """The codec that reads a document: byte order mark, then strict UTF-8, then header, then its own declaration.

    `sample` is the document's beginning, or all of it. A few broken bytes among true UTF-8 leave it UTF-8; otherwise
    the last resort is windows-1252, which reads anything.
    """
    for mark, codec in _MARKS:
        if sample.startswith(mark):
            return codec
    if codec := _wide(sample[:200]):
        return codec
    if _reads(sample, "utf-8"):
        return "utf-8"
    for label in _claims(sample, content_type):
        if _KNOWN.fullmatch(label) and _reads(sample, label):
            return label
    return "utf-8" if _is_mostly_utf8(sample) else "windows-1252"


def _claims(sample: bytes, content_type: str) -> list[str]:
    labels = [found[1] for found in _HEADER.finditer(content_type[:500])]
    labels += [found[1].decode("latin-1") for found in _DECLARED.finditer(sample[:4096])]
    return [_BROADER.get(label.lower(), label.lower()) for label in labels]


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of its ASCII is zero."""
    if len(head) >= 4 and head.count(0) * 4 >= len(head):
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return ""


def _reads(sample: bytes, codec: str) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(sample)  # a character cut in two at the end is no fault
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(sample) - len(text) > 3 * broken  # each true character of two bytes or more has made the text shorter
