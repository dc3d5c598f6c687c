from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.glance import LOOK, MOST, MOST_TAGS, Glance, glance


def seen(body: bytes, content_type: str = "") -> Glance:
    found = glance(body, content_type)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<p>a</p><SCRIPT>b < c</SCRIPT><style>d</style>e", "a\ne"),
        (b"<p>The page <a href=x>you asked</a> for is <b>gone</b>.</p><p>So.", "The page you asked for is gone .\nSo."),
        (b"<div>a<div hidden>b<div>c</div>d</div>e</div>", "a\ne"),
        (b"<div class='is-hidden hidden'>a</div>", "a"),
        (b'<div class="overflow-hidden">a</div>', "a"),
        (b'<section aria-hidden=true>a</section><form style="display:none">b</form>c', "c"),
        (b"a<!-- b <p>c</p> -->d<!---->e", "a d e"),
        (b"a<nav>b<nav>c</nav>d</nav>e", "a\ne"),
        (b"a<br>b", "a\nb"),
        (b"a &amp; &eacute;", "a & é"),
        (b"<p>a", "a"),
        (b"<p hidden>a</p>b", "a\nb"),
        (b"", ""),
    ],
)  # fmt: skip
def test_the_text_that_is_shown(body: bytes, text: str) -> None:
    assert seen(body).text.replace("\n", " ") == text.replace("\n", " ")


def test_blocks_are_lines_and_words_within_a_sentence_stay_together() -> None:
    assert seen(b"<p>a <i>b</i> c</p><ul><li>d<li>e").text == "a b c\nd\ne"


def test_titles_are_the_first_of_the_page() -> None:
    body = b"<svg><title>Menu</title></svg><title>A\n page</title><h1>It <i>is</i>\nhere</h1><h1>Not</h1><title>x"
    assert seen(body).titles == "A page\nIt is here"


def test_text_for_readers_without_scripts_is_apart() -> None:
    found = seen(b"<p>a</p><noscript><p>Enable <b>it</b>.</p></noscript>")
    assert (found.text, found.unscripted) == ("a", "Enable it .")


def test_text_in_layers_is_counted() -> None:
    assert seen(b"<div hidden><p>four</p></div>").concealed == 4


@pytest.mark.parametrize("codec", ["utf-8", "windows-1251", "koi8-r"])
def test_charsets_are_those_of_header_or_page(codec: str) -> None:
    assert seen("<p>Страница не найдена".encode(codec), f"text/html; charset={codec}").text == "Страница не найдена"
    assert seen(f"<meta charset='{codec}'><p>Страница не найдена".encode(codec)).text == "Страница не найдена"


@pytest.mark.parametrize("body", [b"<p>" + b"x" * (MOST + 1), b"<br>" * (MOST_TAGS + 1)], ids=["text", "tags"])
def test_a_page_with_too_much_on_it_is_not_looked_through(body: bytes) -> None:
    assert glance(body) is None


@given(st.binary(max_size=3_000), st.text(max_size=60))
def test_any_bytes_are_looked_at(body: bytes, content_type: str) -> None:
    found = glance(body, content_type)
    assert found is None or len(found.text) <= 4 * len(body)


@pytest.mark.parametrize(
    "piece",
    [b"<script", b"<", b"<title", b"<p x='", b"</script", b"<!--", b"<div hidden>", b"<div ' hidden "],
    ids=repr,
)
def test_work_is_in_proportion_to_the_bytes(piece: bytes) -> None:
    for times in (LOOK // len(piece), MOST_TAGS):
        found = glance(piece * times)
        assert found is None or len(found.text) <= MOST * 4
