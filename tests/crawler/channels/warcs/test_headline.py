from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.warcs.headline import Headline, headline_of


@pytest.mark.parametrize(
    ("page", "titles"),
    [
        ("<title>Envoys meet</title>", ("Envoys meet",)),
        ("<TITLE class='x'>\n Envoys\n meet </TITLE>", ("Envoys meet",)),
        ("<title>Daily</title><meta property=og:title content='Envoys'>", ("Envoys", "Daily")),
        ("<title>Same</title><meta property='og:title' content=Same />", ("Same",)),
        ("<meta content=\"It's a 'deal' > rumour\" name='twitter:title'>", ("It's a 'deal' > rumour",)),
        ("<title>One</title><title>Two</title>", ("One",)),
        ("<!-- <title>No</title> --><title>Yes</title>", ("Yes",)),
        ("<script>a='<title>No</title>'; b='</scrip' + 't>'</script><title>Yes</title>", ("Yes",)),
        ("<svg><title>Logo</title></svg><title>Yes</title>", ("Yes",)),
        ("<script>never closed <title>No</title>", ()),
        ("<title>  </title>", ()),
        ("<title>Fish &amp; <b>chips</title>", ("Fish &",)),
        ("no page", ()),
    ],
)
def test_the_announced_title_comes_first(page: str, titles: tuple[str, ...]) -> None:
    assert headline_of(page.encode()).titles == titles


@pytest.mark.parametrize(
    ("page", "header", "language"),
    [
        ("<html lang=en-GB>", "", "en"),
        ("<html xml:lang='de'>", "fr", "de"),
        ("<html>", "pt-BR, en", "pt"),
        ("<html><meta http-equiv=Content-Language content=nl>", "", "nl"),
        ("<meta property=og:locale content=sv_SE>", "", "sv"),
        ("<html lang='not a language'><meta property=og:locale content=sv_SE>", "", "sv"),
        ("<html lang=''>", "", ""),
        ("<html>", "english", ""),
    ],
)
def test_the_page_itself_says_its_language_before_its_server(page: str, header: str, language: str) -> None:
    assert headline_of(page.encode(), "", header).language == language


@settings(max_examples=200, deadline=None)
@given(head=st.binary(max_size=500), declared=st.text(max_size=30))
def test_any_bytes_have_a_headline(head: bytes, declared: str) -> None:
    for page in (head, b"<title>" + head, b"<meta property=og:title content='" + head + b"'>"):
        assert isinstance(headline_of(page, declared, declared), Headline)


@pytest.mark.parametrize("junk", ["<!-- -", "<script <", "<meta '", '<html "', "<title ", "<svg></sv", "<", "<!--->"])
def test_the_work_grows_with_the_page_only(junk: str) -> None:
    page = (junk * (65_536 // len(junk))).encode()
    began = process_time()
    headline_of(page)
    assert process_time() - began < 0.5
