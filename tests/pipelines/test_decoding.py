from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.decoding import cleaned, decoded, fit, plain, unescaped

GERMAN = "<p>Über die Grenze führen zwei Straßen, und beide sind gesperrt.</p>" * 5
RUSSIAN = "<p>Переговоры в Дохе продолжились во вторник, сообщили обе стороны.</p>" * 10
JAPANESE = "<p>両代表団は火曜日にドーハで会談を再開し、停戦について話し合った。</p>" * 10


@pytest.mark.parametrize(
    ("text", "codec", "header", "meta"),
    [
        (GERMAN, "utf-8", "", ""),
        (GERMAN, "utf-8", "text/html; charset=iso-8859-1", "iso-8859-1"),
        (GERMAN, "utf-8-sig", "text/html; charset=koi8-r", ""),
        (GERMAN, "utf-16", "", ""),
        (GERMAN, "utf-16-le", "", ""),
        (GERMAN, "utf-16-be", "", ""),
        (GERMAN, "cp1252", "text/html; charset=ISO-8859-1", ""),
        (GERMAN, "cp1252", "text/html; charset=utf-8", "iso-8859-1"),
        (RUSSIAN, "cp1251", "text/html; charset=windows-1251", "utf-8"),
        (RUSSIAN, "koi8-r", "text/html", "koi8-r"),
        (RUSSIAN, "cp1251", "", ""),
        (JAPANESE, "cp932", "text/html; charset='Shift_JIS'", ""),
        (JAPANESE, "euc_jp", "", "EUC-JP"),
    ],
    ids=[
        "plain UTF-8", "UTF-8 under a lie", "the mark wins", "UTF-16", "little end first", "big end first",
        "header", "meta, where the header lies", "header before meta", "meta", "a guess", "Japanese header",
        "Japanese meta",
    ],
)  # fmt: skip
def test_the_true_charset_is_found(text: str, codec: str, header: str, meta: str) -> None:
    page = f'<html><head><meta charset="{meta}"></head><body>{text}</body></html>'
    assert text in decoded(page.encode(codec), header)


def test_a_few_broken_bytes_do_not_make_utf_8_another_charset() -> None:
    broken = GERMAN.encode() + b"\xe9 and on"
    text = decoded(broken, "text/html; charset=iso-8859-1")
    assert "Straßen" in text
    assert "\ufffd" in text


@pytest.mark.parametrize("name", ["idna", "punycode", "unicode_escape", "hex", "undefined", "x-user-defined"])
def test_a_codec_that_is_no_charset_of_documents_is_not_used(name: str) -> None:
    assert "xn--" in decoded(b"<p>xn-- \\x41 caf\xe9</p>", f"text/html; charset={name}")


@pytest.mark.parametrize(
    "unfit",
    [
        "&#xFFFE;", "&#65535;", "&#0;", "&#x1;", "&#xD83D;", "&#57343;", "&#000011;", "&#x7f", "&#129;", "\x00", "\x0b",
        "\ufffe", "\ud800",
    ],
)  # fmt: skip
def test_what_would_cost_the_article_is_taken_out(unfit: str) -> None:
    assert fit(f"before{unfit} after") == "before after"


@pytest.mark.parametrize(
    "kept",
    [
        "&#39;",
        "&#x2019;",
        "&#8217;",
        "&#128512;",
        "&#57344;",
        "&#10;",
        "&#xd;",
        "&amp;",
        "&zwjx;",
        "é",
        "\t\r\n",
        "&#x",
    ],
)
def test_other_references_stay_as_they_are(kept: str) -> None:
    assert fit(f"before{kept} after") == f"before{kept} after"


@pytest.mark.parametrize(("reference", "meant"), [("&#146;", "’"), ("&#x80;", "€"), ("&#0150", "–")])
def test_references_to_controls_mean_the_letters_of_windows_1252(reference: str, meant: str) -> None:
    assert fit(f"before{reference} after") == f"before{meant} after"


@pytest.mark.parametrize("joiner", ["\u200c", "&zwnj;", "&#8204;", "&#x200C;", "&#x0200c"])
def test_joiners_survive_the_way_through_a_tree(joiner: str) -> None:
    assert cleaned(fit(f"می{joiner} روند क्\u200dष")) == "می\u200c روند क्\u200dष"


def test_a_line_is_cleaned_of_what_nobody_sees() -> None:
    assert cleaned("  wire\u00adless\u200b  news \u202e\n now\x85 ") == "wireless news now"


def test_a_flag_and_letters_of_rare_scripts_are_seen() -> None:
    kept = "🇩🇪 👩\u200d🚀 𞤀𞤣𞤤𞤢𞤥 𠀋 \ue000"
    assert cleaned(kept) == kept


def test_text_from_attributes_is_unescaped_once_and_freed_of_tags() -> None:
    assert plain("Q&amp;A: <b>talks</b> &lt; war") == "Q&A: talks < war"


@pytest.mark.parametrize("digits", [9, 5_000, 100_000])
def test_a_reference_of_too_many_digits_means_nothing(digits: int) -> None:
    text = f"before &#{'9' * digits}; &#x{'f' * digits}; after"
    assert plain(text).startswith("before")
    assert unescaped(text).endswith("after")


@given(st.binary(max_size=2_000), st.text(max_size=100))
def test_any_bytes_become_text_that_utf_8_takes(body: bytes, header: str) -> None:
    text = decoded(body, header)
    text.encode()
    assert not set(text) & {"\x00", "\ufffe", "\uffff"}


RANGES = (
    range(0x20), range(0x7F, 0xA0), range(0x200B, 0x2010), range(0x2028, 0x202F), range(0x2060, 0x2070),
    (0xAD, 0x61C, 0xFEFF, 0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0xD800, 0xDFFF),
)  # fmt: skip
PIECES = ("&#xFFFE;", "&#0;", "&#x202E;", "&#128;", "&#xD800;", "&zwnj;", "&amp;", "&amp;#0;", "&lt;", "<b>", "a", " ")
NASTY = st.sampled_from([*(chr(code) for codes in RANGES for code in codes), *PIECES])


@given(st.lists(NASTY | st.characters(codec=None), max_size=60).map("".join))
def test_no_text_keeps_what_nobody_sees(text: str) -> None:
    for short in (cleaned(text), plain(text), cleaned(fit(text)), plain(fit(text))):
        assert not any(map(is_unseen, short))
        assert short == " ".join(short.split())
        short.encode()


def is_unseen(sign: str) -> bool:
    """Whether a character is a control, a lone surrogate, a non-character or a mark of the writing direction."""
    code = ord(sign)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    is_direction = unicodedata.bidirectional(sign) in DIRECTIONS or sign in "\u200e\u200f\u061c"
    return unicodedata.category(sign) in ("Cc", "Cs") or is_noncharacter or is_direction


DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
