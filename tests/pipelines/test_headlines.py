from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.headlines import MAX_TITLE, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Envoys meet in Doha", "ENVOYS MEET IN DOHA", id="case"),
        pytest.param("Envoys meet in Doha, again", "Envoys  meet in\u00a0Doha  again!", id="punctuation and blanks"),
        pytest.param("‘Progress’ in the Taliban’s talks", "'Progress' in the Taliban's talks", id="quotes"),
        pytest.param("U.S. envoy: talks – “a chance”", 'US envoy : talks - "a chance"', id="as GDELT writes them"),
        pytest.param("Ｅnvoys meet in Doha ﬁrst", "Envoys meet in Doha first", id="compatibility forms"),
        pytest.param("Verhandlungen in der STRASSE", "Verhandlungen in der Straße", id="letters that fold to two"),
        pytest.param("和平谈判在多哈举行美国特使出席", "和平谈判，在多哈举行：美国特使出席", id="without blanks"),
    ],
)
def test_the_same_headline_has_the_same_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other) is not None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("Envoys meet in Doha again", id="a word more"),
        pytest.param("Doha meet in Envoys", id="another order"),
        pytest.param("Envoys meet in Doha - The Post", id="a publisher is not guessed at"),
        pytest.param("Envoys meet in Doha | The Post", id="nor after a bar"),
    ],
)
def test_another_headline_has_another_key(other: str) -> None:
    assert title_key("Envoys meet in Doha") != title_key(other) is not None


@pytest.mark.parametrize(
    ("title", "has_key"),
    [
        ("", False),
        (" - ", False),
        ("Live updates", False),
        ("Video", False),
        ("News in brief", False),
        ("Photos: Doha", False),
        ("Afghanistan: withdrawal", True),
        ("US to go on", True),
        ("多哈谈判", False),
        ("多哈谈判今日在卡塔尔继续举行", True),
    ],
)
def test_a_headline_that_is_too_short_to_tell_has_no_key(title: str, has_key: bool) -> None:
    assert (title_key(title) is not None) is has_key


def test_keys_are_kept_from_one_run_to_the_next() -> None:
    assert title_key("Envoys meet in Doha") == KNOWN


KNOWN = 1_256_918_099_970_959_592


@given(st.text())
def test_any_text_has_a_key_that_sqlite_can_hold_or_none(title: str) -> None:
    key = title_key(title)
    assert key is None or -(2**63) <= key < 2**63
    assert title_key(title.upper().lower()) == title_key(title.upper())


def test_a_text_without_end_is_read_as_far_as_a_title_goes() -> None:
    assert title_key("word " * 1_000_000) == title_key(("word " * 1_000)[:MAX_TITLE])
