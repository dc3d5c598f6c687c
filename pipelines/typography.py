"""Typography: what a printer chooses about a text, and no reader takes for a part of what it says."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»「」『』〝〞〟ʼʻ׳״＂＇"  # not the primes, which are minutes and seconds
_DASHES = "-‐‑‒–—―−⁃－﹣﹘"
_LIKE = {"'": _QUOTES, "-": _DASHES, " ": "\t\n\r\v\f"}
_BULLETS = re.compile(r"(?:[-*•·▪►▶‣◦●■○] )+")
_SPACES = {"Zs", "Zl", "Zp"}
_UNSEEN = {"Cf", "Cc", "Cs"}
_SELECTORS = range(0xFE00, 0xFE10)  # which form of a character is drawn
# Other forms of the same characters. A raised 2, a fraction and a number in a circle say something else.
_FORMS = {"compat", "wide", "narrow", "small", "vertical", "font", "initial", "medial", "final", "isolated"}

_DOTS = re.compile(r" ?\.(?: ?\.){2,}")
_DASH = re.compile(r" ?-(?: ?-)* ?")
_QUOTE = re.compile(r" ?'(?: ?')* ?")
_BEFORE = re.compile(r" (?=[:;,.!?%)\]])")
_UNSPACED = "\u3000-\u30ff\u3400-\u9fff"
_AMONG = re.compile(rf" (?=[{_UNSPACED}])|(?<=[{_UNSPACED}]) ")


class _Signs(dict[int, str]):
    """What stands for each character; worked out when it is met first."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _sign(chr(code))
        return found


_SIGNS = _Signs()


def plain(line: str) -> str:
    """A line in the plainest type: equal for lines that differ by what their printers chose.

    That is white space, the forms of quotes, dashes, dots, digits and letters, the spaces around signs, a bullet at the
    beginning, and characters that nobody sees.
    """
    text = " ".join(line.translate(_SIGNS).split())
    text = unicodedata.normalize("NFC", text)
    if bullets := _BULLETS.match(text):
        text = text[bullets.end() :]
    text = _QUOTE.sub("'", _DASH.sub("-", _DOTS.sub("...", text)))
    return _BEFORE.sub("", text if text.isascii() else _AMONG.sub("", text))


def is_recased(before: str, after: str) -> bool:
    """Whether a headline, plain, differs from another only by the capitals of several words: another style.

    One word alone may be another word: the US and us.
    """
    if before == after or before.casefold() != after.casefold():
        return False
    words, others = before.split(), after.split()
    return len(words) == len(others) and sum(one != other for one, other in zip(words, others, strict=True)) > 1


def _sign(character: str) -> str:
    """The plain form of a character, nothing for one that is not seen."""
    category, code = unicodedata.category(character), ord(character)
    if sign := next((sign for sign, some in _LIKE.items() if character in some), ""):
        return sign
    if category in _SPACES:
        return " "
    if category in _UNSEEN or code in _SELECTORS or character == "\u0640":  # tatweel only draws a word out
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    tag, _, rest = unicodedata.decomposition(character).partition("> ")
    if rest and tag[1:] in _FORMS and not rest.startswith("0020"):
        return "".join(_SIGNS[int(one, 16)] for one in rest.split())
    return character
