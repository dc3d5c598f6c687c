"""In which language and for which country a news search is asked, from the language of a topic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """A language, a country, and what Google calls the edition's language where that is neither."""

    language: str
    country: str
    edition: str = ""

    @property
    def google(self) -> dict[str, str]:
        """Google's parameters."""
        edition = self.edition or self.language.partition("-")[0]
        return {"hl": self.language, "gl": self.country, "ceid": f"{self.country}:{edition}"}

    @property
    def bing(self) -> dict[str, str]:
        """Bing's parameters."""
        return {"setlang": self.language.partition("-")[0], "cc": self.country}


# The country with the most readers of a language where the topic names none, of those that Google has editions for.
_COUNTRIES = {
    "ar": "EG", "bg": "BG", "bn": "BD", "ca": "ES", "cs": "CZ", "de": "DE", "el": "GR", "fr": "FR", "he": "IL",
    "hi": "IN", "hu": "HU", "id": "ID", "it": "IT", "ja": "JP", "ko": "KR", "lt": "LT", "lv": "LV", "ml": "IN",
    "mr": "IN", "nl": "NL", "no": "NO", "pl": "PL", "ro": "RO", "ru": "RU", "sk": "SK", "sl": "SI", "sr": "RS",
    "sv": "SE", "ta": "IN", "te": "IN", "th": "TH", "tr": "TR", "uk": "UA", "vi": "VN",
}  # fmt: skip
_OTHERS = {"nb": "no", "nn": "no", "iw": "he"}
# Languages that differ by country: as a topic may write them, and as Google does.
_SPELT = {
    "es": Locale(language="es", country="ES"),
    "es-419": Locale(language="es-419", country="MX", edition="es-419"),
    "pt": Locale(language="pt-BR", country="BR", edition="pt-419"),
    "pt-BR": Locale(language="pt-BR", country="BR", edition="pt-419"),
    "pt-PT": Locale(language="pt-PT", country="PT", edition="pt-150"),
    "zh": Locale(language="zh-CN", country="CN", edition="zh-Hans"),
    "zh-CN": Locale(language="zh-CN", country="CN", edition="zh-Hans"),
    "zh-Hant": Locale(language="zh-TW", country="TW", edition="zh-Hant"),
    "zh-HK": Locale(language="zh-HK", country="HK", edition="zh-Hant"),
    "zh-TW": Locale(language="zh-TW", country="TW", edition="zh-Hant"),
}
_LATIN = frozenset(("AR", "CL", "CO", "CU", "MX", "PE", "US", "VE"))  # where Google speaks Latin American Spanish
DEFAULT = Locale(language="en-US", country="US")


def locale_of(language: str) -> Locale:
    """The locale for a topic's language, such as `de`, `en-GB` or `zh-TW`; US English where the searches have none."""
    code, *rest = language.split("-")
    country = next((part.upper() for part in reversed(rest) if len(part) == 2 and part.isalpha()), "")
    code = _OTHERS.get(code, code)
    spelt = f"{code}-{country}" if country else "-".join((code, *rest))
    if spelt in _SPELT:
        return _SPELT[spelt]
    if code == "en" and country:
        return Locale(language=f"en-{country}", country=country)
    if code == "es" and country in _LATIN:
        return Locale(language="es-419", country=country, edition="es-419")
    if code in _COUNTRIES:
        return Locale(language=code, country=country or _COUNTRIES[code])
    return _SPELT.get(code, DEFAULT)
