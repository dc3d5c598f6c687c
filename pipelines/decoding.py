"""Bytes into text that every later step can take: the true charset, and no character that a parser chokes on."""

from __future__ import annotations

import codecs
import html
import re

from charset_normalizer import from_bytes

HEAD = 4096  # bytes in which a page declares its charset; browsers look at 1,024 and pages forget
SAMPLE = 8192  # bytes that a guess is made from

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"(?:encoding|charset)\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Only charsets of documents, each linear to decode: Python also knows "idna", "punycode" and "unicode_escape".
_KNOWN = re.compile(
    r"windows-125[0-8]|iso-8859-(?:[2-8]|1[03456])|koi8-[ru]|gb18030|big5hkscs|euc_jp|cp949|cp874|cp932|iso-2022-jp"
)
# As browsers read them (WHATWG): the larger charset of the same family.
_BROADER = {
    "ascii": "windows-1252", "us-ascii": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "cp1252": "windows-1252", "iso-8859-9": "windows-1254",
    "cp1251": "windows-1251", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip
_GUESSES = [
    "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
    "koi8-r", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip

# NUL and the other control characters but tab, line feed and carriage return; lone surrogates; non-characters.
# trafilatura gives up a whole article for one of them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes(code for code in [*range(0x20), 0x7F] if code not in b"\t\n\r")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
# Soft hyphens and zero-width spaces: unseen, but they would cut words in two for every search. Overrides of the
# writing direction can make a text read as what it is not. C1 controls: hardly ever meant.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202d\u202e\x80-\x9f]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
# Persian, Pashto and the Indic scripts spell with joiners, which trafilatura drops as unprintable: on its way through
# a page's tree each is a symbol that no newspaper prints.
_JOINERS = (("\u200c", "\u2425"), ("\u200d", "\u2426"))
_JOINER_NAMES = (("&zwnj;", "\u200c"), ("&zwj;", "\u200d"))


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a page, fit for a parser: byte order mark, strict UTF-8, header, own declaration, then a guess."""
    return fit(_text(body, content_type))


def fit(text: str) -> str:
    """A text without the characters that no XML tool takes, also where they are written as `&#xFFFE;`."""
    if "&#" in text:
        text = _REFERENCE.sub(_reference, text)
    for name, joiner in _JOINER_NAMES:
        text = text.replace(name, joiner)
    for joiner, symbol in _JOINERS:
        text = text.replace(joiner, symbol)
    # A third of the time that the pattern takes on a whole page, which hardly ever holds any of them.
    text = text.encode("utf-8", "ignore").translate(None, _CONTROL_BYTES).decode("utf-8")
    return text.replace("\ufffe", "").replace("\uffff", "")


def cleaned(text: str) -> str:
    """A short text on one line, as one would type it: no unseen characters, single spaces."""
    for joiner, symbol in _JOINERS:
        text = text.replace(symbol, joiner)
    return " ".join(_UNSEEN.sub("", _UNFIT.sub("", text)).split())


def plain(text: str) -> str:
    """What `cleaned` gives, for texts from attributes and JSON, which are often escaped once more and hold tags."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return cleaned(text)


def _reference(found: re.Match[str]) -> str:
    """A numeric reference as it stands, or nothing where it names a character that is not fit."""
    code = int(found[1], 16) if found[1] else int(found[2])
    if code > 0x10FFFF or _UNFIT.match(chr(code)):
        return ""
    return found[0]


def _text(body: bytes, content_type: str) -> str:
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if codec := _wide(body[:200]):
        return body.decode(codec, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    return text if _is_mostly_utf8(text) else _legacy(body, content_type)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of its ASCII is zero."""
    if len(head) >= 4 and head.count(0) * 3 >= len(head):
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return ""


def _is_mostly_utf8(text: str) -> bool:
    """Whether a few broken bytes stand among true UTF-8: text of another charset is hardly ever valid by chance."""
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return broken * 4 < whole


def _legacy(body: bytes, content_type: str) -> str:
    labels = [*_HEADER.findall(content_type[:500])]
    labels += [label.decode("latin-1") for label in _DECLARED.findall(body[:HEAD])]
    claims = [_BROADER.get(label.lower(), label.lower()) for label in labels]
    known = [claim for claim in claims if _KNOWN.fullmatch(claim)]
    for codec in known:
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue  # the other claim may hold; both may lie
    return body.decode(known[0] if known else _guess(body), "replace")


def _guess(body: bytes) -> str:
    """The likeliest charset of a page that names none, by the part of it that is not ASCII."""
    start = found.start() if (found := _BEYOND_ASCII.search(body)) else 0
    best = from_bytes(body[start : start + SAMPLE], steps=3, cp_isolation=_GUESSES).best()
    return best.encoding if best else "windows-1252"
