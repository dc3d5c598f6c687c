from __future__ import annotations

import pytest

from crawler.channels.search.only import is_asked_about
from pipelines.topic import Source

ONLY = Source(channel="gal", url="", only=("daily.example", "bbc.co.uk", "news.herald.example"))
CASES = {
    "the domain": ("https://daily.example/1", True),
    "a subdomain": ("https://www.Daily.example/1", True),
    "a domain under a public suffix": ("https://news.bbc.co.uk/1", True),
    "a named subdomain": ("http://news.herald.example:8080/1?a=b#c", True),
    "under a named subdomain": ("https://old.news.herald.example/1", True),
    "another subdomain": ("https://sport.herald.example/1", False),
    "another domain": ("https://notdaily.example/1", False),
    "the domain in the path": ("https://other.example/daily.example", False),
    "no address": ("javascript:1", True),
}


@pytest.mark.parametrize(("url", "is_wanted"), CASES.values(), ids=CASES.keys())
def test_a_source_that_names_domains_is_asked_about_these(url: str, is_wanted: bool) -> None:
    assert is_asked_about(url, ONLY) is is_wanted


def test_a_source_that_names_none_is_asked_about_all() -> None:
    assert is_asked_about("https://other.example/1", Source(channel="gal", url=""))
