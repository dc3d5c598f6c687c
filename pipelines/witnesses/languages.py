"""The language of an article: what its page claims, unless its own letters and small words say otherwise."""

from __future__ import annotations

import re

SAMPLE = 4_000  # characters
ENOUGH = 8  # small words of a language that make it likely, and twice those of any other

_WORDS = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": "the of and to in that is was for on with he as his it at by from have has",
    "de": "der die das und ist nicht mit den von auf für ein eine sich auch dem im zu werden wird",
    "fr": "le la les des et est dans que pour une du sur pas qui au avec ce par sont plus",
    "es": "el los las que del por con una para se su como al más pero sus este fue ha",
    "it": "il di che della per non una sono del con nel gli anche dei le alla più come ha",
    "pt": "que não uma para com os do da em dos por mais se ao como foi são também pelo das",
    "nl": "het een van dat niet zijn op te met voor aan ook er maar bij naar om wordt deze door",
    "sv": "och att det som för på är av med den till inte har om ett från han var jag kan",
    "da": "og at det er af til den på med for ikke der som har de fra han blev også være",
    "no": "og det er av til på som med for ikke har den fra han ble også være at etter men",
    "fi": "ja on ei se että oli hän mutta myös ovat kun tai mukaan joka sekä jos ole niin vuoden",
    "pl": "w i na z że się nie do jest to o jak po od za dla przez który są oraz",
    "tr": "ve bir bu için de da ile olarak çok daha olan gibi sonra kadar var en ise ama göre oldu",
    "id": "yang dan di dari untuk dengan ini pada itu tidak dalam akan ke oleh juga telah karena adalah saat para",
    "vi": "và của là có không được trong cho các một người với những đã này khi đến từ để về",
}
_LANGUAGES: dict[str, list[str]] = {}
for _code, _list in _SMALL.items():
    for _word in _list.split():
        _LANGUAGES.setdefault(_word, []).append(_code)

# Letters that only one language of a script has come before those that many have.
_LETTERS = (
    ("ja", "[\u3041-\u30ff]"), ("ko", "[\uac00-\ud7af]"), ("zh", "[\u4e00-\u9fff]"), ("th", "[\u0e01-\u0e5b]"),
    ("he", "[\u05d0-\u05ea]"), ("el", "[\u03b1-\u03c9]"), ("hi", "[\u0904-\u0939]"), ("bn", "[\u0985-\u09b9]"),
    ("my", "[\u1000-\u104f]"), ("km", "[\u1780-\u17b3]"), ("ta", "[\u0b85-\u0bb9]"), ("ka", "[\u10d0-\u10ff]"),
    ("ps", "[ښږګټډړځڅۍې]"), ("ur", "[ٹڈڑںے]"), ("fa", "[پچژگ]"), ("ar", "[\u0627-\u064a]"),
    ("uk", "[іїєґ]"), ("ru", "[ыэъё]"), ("bg", "[\u0430-\u044f]"),
)  # fmt: skip
_COMPILED = tuple((code, re.compile(letters)) for code, letters in _LETTERS)
_RARE = 1 / 250  # of the letters must be a language's own before it counts


def language_of(claim: str, text: str) -> str:
    """The claimed language; the text's own where nothing is claimed, or "en", which many sites leave as it came."""
    if claim and claim[:3] not in ("en", "en-"):
        return claim
    shown = _shown(text[:SAMPLE])
    return claim if shown == claim[:2] else shown or claim


def code_of(claim: str) -> str:
    """A language tag as BCP 47 writes it (de, pt-BR); empty where it is none."""
    main, _, rest = claim.replace("_", "-").strip().partition("-")
    if not (2 <= len(main) <= 3 and main.isascii() and main.isalpha()):
        return ""
    region = rest.rpartition("-")[2]
    is_region = len(region) == 2 and region.isascii() and region.isalpha()
    return f"{main.lower()}-{region.upper()}" if is_region else main.lower()


def _shown(text: str) -> str:
    """The language that a text shows clearly, or nothing; English is never told apart from a claim of it."""
    letters = sum(map(str.isalpha, text))
    if letters < 40:
        return ""
    if sum(map(str.isascii, text)) < len(text) / 2:
        return next((code for code, own in _COMPILED if len(own.findall(text)) > letters * _RARE), "")
    counts = dict.fromkeys(_SMALL, 0)
    for word in _WORDS.findall(text.casefold()):
        for code in _LANGUAGES.get(word, ()):
            counts[code] += 1
    first, second = sorted(counts, key=lambda code: -counts[code])[:2]
    return first if counts[first] >= ENOUGH and counts[first] >= 2 * counts[second] else ""
