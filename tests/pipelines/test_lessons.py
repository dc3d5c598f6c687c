from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.items import Decision
from pipelines.lessons import DOUBT, LATEST, STRENGTH, SWAY, Outcome, lessons, taught

OUTCOMES = st.builds(
    Outcome,
    title=st.text(max_size=60),
    url=st.sampled_from(["", "https://a.example/selby-talks", "https://a.example/%ff_%zz"]),
    promised=st.floats(0, 1),
    decision=st.sampled_from(["keep", "review", "drop"]),
)
SCORES = st.floats(0, 1)


def read(title: str, decision: Decision, promised: float = 0.4, url: str = "") -> Outcome:
    return Outcome(title=title, url=url, promised=promised, decision=decision)


def evidence(score: float) -> float:
    return -math.log2(1 - score)


def test_words_of_articles_that_were_kept_raise_a_link_and_those_of_others_lower_it() -> None:
    learnt = lessons([read("Orlov at the sluice", "keep"), read("Sluice gate for gardeners", "drop")] * 3, "en")
    assert taught(0.4, "Orlov speaks", "", learnt) > 0.5
    assert taught(0.4, "A tip for gardeners", "", learnt) < 0.35


def test_a_link_without_a_word_of_the_topic_rises_by_what_was_learnt_and_never_over_a_half() -> None:
    learnt = lessons([read("Orlov Amaro Selby", "keep", 0.0)] * 2, "en")
    assert 0 < taught(0.0, "Orlov resigns", "", learnt) < taught(0.0, "Orlov Amaro Selby", "", learnt)
    assert taught(0.0, "Orlov Amaro Selby", "", learnt) == pytest.approx(0.5)


def test_what_was_promised_and_kept_teaches_nothing() -> None:
    learnt = lessons([read("Orlov at the sluice", "keep", 1.0), read("Bakers strike", "drop", 0.0)], "en")
    assert set(learnt.values()) == {0.0}
    assert taught(0.3, "Orlov and the bakers", "", learnt) == pytest.approx(0.3)


def test_one_page_teaches_little_and_many_alike_teach_more() -> None:
    one, three, many = (lessons([read("Orlov", "keep", 0.0)] * times, "en")["orlov"] for times in (1, 3, 1000))
    assert one == pytest.approx(STRENGTH / (1 + DOUBT))
    assert one < three < many < STRENGTH


def test_an_article_in_review_counts_between_kept_and_dropped() -> None:
    decisions: tuple[Decision, ...] = ("drop", "review", "keep")
    dropped, reviewed, kept = (lessons([read("Orlov", decision, 0.3)], "en")["orlov"] for decision in decisions)
    assert dropped < reviewed < kept


def test_a_miss_is_shared_by_the_words_of_a_headline() -> None:
    alone, beside = (lessons([read(title, "keep")], "en") for title in ("Orlov", "Orlov Amaro Selby Marlow"))
    assert alone["orlov"] == pytest.approx(4 * beside["orlov"])


def test_a_word_said_twice_in_a_headline_counts_once() -> None:
    assert lessons([read("Orlov, Orlov's sluice", "keep")], "en") == lessons([read("Orlov sluice", "keep")], "en")


def test_words_that_everybody_writes_and_numbers_teach_nothing() -> None:
    assert lessons([read("2026: what he said on Friday", "keep")], "en") == {}


def test_a_link_without_a_title_is_read_by_its_path() -> None:
    learnt = lessons([read("", "keep", url="https://a.example/news/orlov-resigns")] * 3, "en")
    assert taught(0.4, "", "https://b.example/orlov_speaks", learnt) > 0.4
    assert taught(0.4, "Bakers strike", "https://b.example/orlov_speaks", learnt) == pytest.approx(0.4)


def test_without_lessons_a_score_stays_as_it_is() -> None:
    assert lessons([], "en") == {}
    assert taught(0.123, "Orlov", "", {}) == 0.123


def test_another_language_has_its_own_common_words() -> None:
    learnt = lessons([read("Die Schleuse und der Hafen", "keep")], "de")
    assert "schleuse" in learnt
    assert not {"die", "und", "der"} & learnt.keys()


@given(st.lists(OUTCOMES, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_count(outcomes: list[Outcome], shuffler: object) -> None:
    shuffled = sorted(outcomes, key=lambda _: shuffler.random())  # type: ignore[attr-defined]  # a random.Random
    assert lessons(outcomes, "en") == lessons(shuffled, "en")


@given(SCORES, st.text(max_size=60), st.lists(OUTCOMES, max_size=20))
def test_lessons_sway_the_evidence_by_a_bounded_amount(score: float, title: str, outcomes: list[Outcome]) -> None:
    swayed = taught(score, title, "", lessons(outcomes, "en"))
    assert 0 <= swayed <= 1
    if score < 0.999 and swayed > 0:
        assert abs(evidence(swayed) - evidence(score)) <= SWAY + 1e-9


@given(SCORES, SCORES, st.lists(OUTCOMES, max_size=20))
def test_links_of_one_headline_keep_their_order(one: float, other: float, outcomes: list[Outcome]) -> None:
    low, high = sorted((one, other))
    learnt = lessons(outcomes, "en")
    assert taught(low, "Selby talks", "", learnt) <= taught(high, "Selby talks", "", learnt)


@pytest.mark.parametrize("score", [-1.0, 2.0])
def test_a_score_out_of_bounds_is_bounded(score: float) -> None:
    assert 0 <= taught(score, "Orlov", "", lessons([read("Orlov", "keep")], "en")) <= 1


def test_all_that_is_worth_giving_is_learnt_at_once_and_a_huge_title_costs_no_more() -> None:
    outcomes = [read(f"Orlov{n} and Amaro{n % 97} at sluice {n}" + " padding" * 5000, "keep") for n in range(LATEST)]
    began = time.process_time()
    learnt = lessons(outcomes, "en")
    assert taught(0.4, "Orlov1 " * 10**6, "", learnt) > 0.4
    assert time.process_time() - began < 5
