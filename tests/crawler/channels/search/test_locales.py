from __future__ import annotations

import pytest

from crawler.channels.search.locales import locale_of


@pytest.mark.parametrize(
    ("language", "hl", "ceid", "bing"),
    [
        ("en", "en-US", "US:en", "en US"),
        ("en-GB", "en-GB", "GB:en", "en GB"),
        ("de", "de", "DE:de", "de DE"),
        ("de-AT", "de", "AT:de", "de AT"),
        ("fr-CA", "fr", "CA:fr", "fr CA"),
        ("es", "es", "ES:es", "es ES"),
        ("es-MX", "es-419", "MX:es-419", "es MX"),
        ("es-419", "es-419", "MX:es-419", "es MX"),
        ("pt", "pt-BR", "BR:pt-419", "pt BR"),
        ("pt-PT", "pt-PT", "PT:pt-150", "pt PT"),
        ("zh", "zh-CN", "CN:zh-Hans", "zh CN"),
        ("zh-Hant", "zh-TW", "TW:zh-Hant", "zh TW"),
        ("zh-Hant-HK", "zh-HK", "HK:zh-Hant", "zh HK"),
        ("nb", "no", "NO:no", "no NO"),
        ("sr-Latn", "sr", "RS:sr", "sr RS"),
        ("ja", "ja", "JP:ja", "ja JP"),
        ("ps", "en-US", "US:en", "en US"),
        ("ps-AF", "en-US", "US:en", "en US"),
    ],
)
def test_a_search_is_asked_in_the_topics_language(language: str, hl: str, ceid: str, bing: str) -> None:
    locale = locale_of(language)
    assert locale.google == {"hl": hl, "gl": ceid.partition(":")[0], "ceid": ceid}
    assert list(locale.bing.values()) == bing.split()
