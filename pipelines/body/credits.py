"""Who made an article and its pictures, in lines of their own: reporters, agencies, photographers, authors' lives."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AGENCIES = frozenset((
    "aa", "afp", "agencies", "agencias", "agências", "agenturen", "anadolu", "anp", "ansa", "antara", "ap", "apa",
    "belga", "bernama", "bns", "bta", "cna", "cp", "čtk", "ctk", "dapd", "ddp", "dha", "dpa", "efe", "elta", "epd",
    "europapress", "hina", "ians", "iha", "interfax", "jiji", "kna", "kyodo", "lusa", "mti", "ntb", "ots", "pap",
    "pti", "reuters", "ria", "ritzau", "rtr", "sda", "sid", "stt", "tanjug", "tasr", "tass", "tt", "ukrinform",
    "unian", "upi", "xinhua", "yonhap",
))  # fmt: skip
_REPORTED = re.compile(
    r"\W{0,3}(?:additional |further )?(?:reporting|writing|editing|compiled|edited|translated)"
    r" (?:by|from) (?:the\b|(?-i:[A-ZÀ-Þ]))"
    r"|\W{0,3}with (?:files|additional reporting|reporting|inputs?) (?:from|by)\b"
    r"|.{3,280}\bcontributed (?:reporting )?to this (?:report|story|article|piece)\b"
    r"|\W{0,3}mit (?:material|informationen|agenturmaterial|inhalten|angaben) (?:von|der|des|aus)\b"
    r"|\W{0,3}(?:der|die|unsere?) (?:autor|autorin|verfasser|verfasserin) (?:ist|war|schreibt|arbeitet|lehrt)\b"
    r"|\W{0,3}(?:the|our) (?:writer|author|columnist|reporter)s? (?:is|are) (?:an?|the) "
    r"|\W{0,3}(?:rédigé|édité|version française|traduit) par\b"
    r"|\W{0,3}(?:con información de|com informações d[aeo]|met informatie van|med material från)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_MAILBOX = re.compile(r"\W{0,3}[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}\W{0,3}")
_END = 90  # characters in which a name and what stands before it have their place
_SIGNS = frozenset(":：/／|©＝=")
_PICTURED = re.compile(
    r"(?:^|[^\w\s,]\s{0,2})(?:photos?|photographs?|pictures?|images?|fotos?|fotó|bild(?:er)?|grafik|imagen|imagem|beeld"
    r"|ảnh|fotoğraf|фото|zdjęci[ea]|kuvat?|crédits?|credits?|φωτογραφία|ljósmynd|mynd|צילום|ছবি|사진|写真)"
    r"(?: credits?| by| courtesy)?\s?[:：/／©＝=]\s?[^\s.:'\"“‘][^:'\"“‘]{1,60}$"
    r"|[©|/]\s?(?:getty|dpa|afp|ap|reuters|imago|epa|picture alliance|shutterstock|keystone|ansa|efe|apa)\b[^.]{0,50}$"
    r"|©\s?.{2,60}$",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r",? (?:is (?:an?|the)|was (?:an?|the)|covers|writes|reports|joined|makes|works|lives|specializes|specialises"
    r"|contributes|hosts|edits|has|ist|war|schreibt|arbeitet|berichtet|est|couvre|écrit|es|è|är|er|jest)\b"
)


def is_credit(line: str) -> bool:
    """Whether a line says who reported, wrote and edited, or names agencies or a mailbox and no more."""
    if _REPORTED.match(line) or _MAILBOX.fullmatch(line):
        return True
    words = _WORDS.findall(line.casefold()) if len(line) <= 60 else []
    return not _AGENCIES.isdisjoint(words) and all(word in _AGENCIES or len(word) <= 3 for word in words)


def is_caption(line: str) -> bool:
    """Whether a line ends with the name of who took the picture; rows of tables do not."""
    end = line[-_END:]
    return not line.startswith("|") and not _SIGNS.isdisjoint(end) and _PICTURED.search(end) is not None


def is_life(line: str, authors: Sequence[str], before: int) -> bool:
    """Whether a line introduces an author: the name is near its beginning, and it goes on as a life does."""
    return any(
        len(name) > 5
        and (at := line.find(name, 0, before + len(name))) >= 0
        and _INTRODUCES.match(line, at + len(name))
        for name in authors
    )
