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

# NUL and the other control characters but tab, line feed and carriage return, as bytes of UTF-8; then non-characters.
# trafilatura gives up a whole article for one of them.
_CONTROLS = bytes(code for code in [*range(0x20), 0x7F] if code not in b"\t\n\r")
_CONTROL_BYTES = tuple(_CONTROLS[at : at + 1] for at in range(len(_CONTROLS)))
_NONCHARACTERS = ("\ufffe", "\uffff")
# References to characters that are not what they say, or that need a stand-in: controls, which mean windows-1252's
# letters, lone surrogates, non-characters, joiners.
_REFERENCE = re.compile(
    r"""&(?:zwn?j; | \#(?:
      0{0,9} (?: [0-8] | 1[124-9] | 2\d | 3[01] | 12[7-9] | 1[345]\d                            # controls
               | 5529[6-9] | 55[3-9]\d\d | 56\d{3} | 57[0-2]\d\d | 573[0-3]\d | 5734[0-3]         # surrogates
               | 6553[45] | 820[45] ) (?!\d)                                                   # non-characters, joiners
    | [xX] 0{0,9} (?: [0-8bBcCeEfF] | 1[0-9a-fA-F] | 7[fF] | [89][0-9a-fA-F]                   # the same
                    | [dD][89a-fA-F][0-9a-fA-F]{2} | [fF]{3}[eEfF] | 200[cdCD] ) (?![0-9a-fA-F])
    );?)""",
    re.VERBOSE,
)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{10,}")  # of no character; Python refuses more than 4,300 digits
# What nobody sees and no field should hold: controls, lone surrogates, non-characters; soft hyphens and zero-width
# spaces, which would cut words in two for every search; marks and overrides of the writing direction, which can make a
# text read as what it is not.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
# Persian, Pashto and the Indic scripts spell with joiners, which trafilatura drops as unprintable: on its way through
# a page's tree each is a symbol that no newspaper prints.
_STAND_INS = {"\u200c": "\u2425", "\u200d": "\u2426"}
_JOINER_NAMES = {"&zwnj;": "\u2425", "&zwj;": "\u2426"}


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a page, fit for a parser: byte order mark, strict UTF-8, header, own declaration, then a guess."""
    return fit(_text(body, content_type))


def fit(text: str) -> str:
    """A text without the characters that no XML tool takes, also where they are written as `&#xFFFE;`."""
    text = _REFERENCE.sub(_meant, text)
    for joiner, symbol in _STAND_INS.items():
        text = text.replace(joiner, symbol)
    for character in _NONCHARACTERS:
        if character in text:  # a replacement looks for it far more slowly
            text = text.replace(character, "")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "ignore")
        text = data.decode("utf-8")
    has_controls = any(control in data for control in _CONTROL_BYTES)
    return data.translate(None, _CONTROLS).decode("utf-8") if has_controls else text


def cleaned(text: str) -> str:
    """A short text on one line, as one would type it: no unseen characters, single spaces."""
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    for joiner, symbol in _STAND_INS.items():
        text = text.replace(symbol, joiner)
    return " ".join(text.split())


def plain(text: str) -> str:
    """What `cleaned` gives, for texts from attributes and JSON, which are often escaped once more and hold tags."""
    text = unescaped(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return cleaned(text)


def unescaped(text: str) -> str:
    """A text with the characters that its references mean."""
    if "&" not in text:
        return text
    return html.unescape(_LONG_REFERENCE.sub("", text) if "&#" in text else text)


def _meant(found: re.Match[str]) -> str:
    """What a reference to a character that is not fit means: a letter of windows-1252, a stand-in, or nothing."""
    if (name := found[0]) in _JOINER_NAMES:
        return _JOINER_NAMES[name]
    number = name.strip("&#;")
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    if code in range(0x80, 0xA0):
        return bytes([code]).decode("windows-1252", "ignore")
    return _STAND_INS.get(chr(code), "")


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
