from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.ask import Answer
from crawler.channels.search import gallines
from crawler.channels.search.gallines import Promising
from pipelines.items import Candidate
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Source, Term, Topic

NOW = datetime(2026, 4, 10, tzinfo=UTC)
TOPIC = Topic(name="talks", terms=(Term(text="taliban", weight=5), Term(text="envoy", weight=0.2)))
SOURCE = Source(channel="gal", url="", only=())
URL = "https://daily.example/1"


def test_a_line_is_kept_from_the_floor_on() -> None:
    assert link_score("Taliban", URL, TOPIC) >= LINK_FLOOR > link_score("An envoy", URL, TOPIC)
    promising = Promising(TOPIC, SOURCE)
    assert promising.holds(URL, "Taliban", "")
    assert promising.holds(URL, "", "The Taliban")
    assert not promising.holds(URL, "An envoy", "leaves")
    assert promising.notes() == ["1 article off the topic"]


def test_a_topic_without_terms_promises_nothing() -> None:
    assert not Promising(Topic(name="empty"), SOURCE).holds(URL, "Taliban", "")


LANGUAGES = {
    "the topic's": ("en", "en", True),
    "another": ("de", "en", False),
    "a region of it": ("en-GB", "en", True),
    "a topic's region": ("pt", "pt-BR", True),
    "a script": ("zh-Hant", "zh", True),
    "unknown": ("un", "en", True),
    "none": ("", "en", True),
    "nonsense": ("xxx", "en", True),
    "in capitals": ("EN", "en", True),
    "hebrew as CLD2 calls it": ("iw", "he", True),
    "indonesian as CLD2 calls it": ("in", "id", True),
    "norwegian": ("nb", "no", True),
}


@pytest.mark.parametrize(("said", "wanted", "is_kept"), LANGUAGES.values(), ids=LANGUAGES.keys())
def test_lines_in_other_languages_are_left_out(said: str, wanted: str, is_kept: bool) -> None:
    topic = Topic(name="talks", terms=TOPIC.terms, language=wanted)
    promising = Promising(topic, SOURCE)
    assert promising.holds(URL, "Taliban", "", said) is is_kept
    assert promising.notes() == ([] if is_kept else ["1 article in other languages"])


def test_an_answer_keeps_its_promising_candidates_and_ranks_them_anew() -> None:
    candidates = tuple(
        Candidate(url=f"{URL}{n}", title=title, rank=n)
        for n, title in enumerate(["Cricket", "Taliban", "Rain", "Taliban"])
    )
    answer = Promising(TOPIC, SOURCE).only(Answer(candidates=candidates, status="failed", reason="cut"))
    assert [(one.url, one.rank) for one in answer.candidates] == [(f"{URL}1", 0), (f"{URL}3", 1)]
    assert (answer.status, answer.reason) == ("failed", "cut; 2 articles off the topic")


@given(st.lists(st.text(st.sampled_from("ab\n \r"), max_size=12), max_size=8))
def test_lines_are_the_same_wherever_a_text_is_cut_into_pieces(pieces: list[str]) -> None:
    whole = [line for line in "".join(pieces).split("\n") if line.strip()]
    assert list(gallines._lines(pieces)) == whole


@given(st.lists(st.text(st.sampled_from("ab\n"), max_size=30), max_size=8))
def test_lines_that_are_too_long_are_told_and_not_kept(pieces: list[str]) -> None:
    whole = [line if len(line) <= 5 else None for line in "".join(pieces).split("\n") if line.strip()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallines, "MAX_LINE", 5)
        assert list(gallines._lines(pieces)) == whole
