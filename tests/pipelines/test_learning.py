from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.effects import Effects
from pipelines.items import Article
from pipelines.learning import (
    AS_SEED,
    LEAST_WANTED,
    MOST_NEVER,
    MOST_NEW,
    Change,
    Sieve,
    Unwanted,
    changes,
    suspects,
)
from pipelines.topic import Term, Topic, parse_topic
from pipelines.words import stems_of
from tests.reviewing import CONFIRMED, KEPT, REFUSED, TOPIC

SLUICE = parse_topic(TOPIC, "sluice.toml")
YES = [Article(title=title, body=body) for title, body in CONFIRMED]
NO = [Article(title=title, body=body) for title, body in REFUSED]
KEEP = [Article(title="Week", body=KEPT.format(n=number)) for number in range(LEAST_WANTED)]


def learnt(topic: Topic = SLUICE, yes: Sequence[Article] = YES, no: Sequence[Article] = ()) -> dict[str, Change]:
    return {change.text.casefold(): change for change in changes(topic, yes, no)}


def test_what_confirmed_articles_share_becomes_a_term_with_a_reason() -> None:
    found = learnt()
    assert {"winches", "flood", "orlov"} <= found.keys()
    assert found["winches"].before == 0
    assert found["winches"].confirmed == 3
    assert "monday" not in found
    assert "steel" not in found, "one of three articles says it: that may be its own word"


def test_a_single_confirmed_article_teaches_too_and_less() -> None:
    alone, three = learnt(yes=YES[:1]), learnt()
    assert 0 < alone["orlov"].after < three["orlov"].after


def test_weights_are_raised_never_above_the_heaviest_and_never_lowered() -> None:
    found = learnt(yes=[Article(title="All the gates", body="They opened the gates of the harbour. " * 40)] * 9)
    assert "sluice" not in found
    assert all(change.before < change.after <= 4 for change in found.values())
    assert found["gates"].before == 2


def test_what_was_switched_off_stays_off() -> None:
    assert "harbour" not in learnt(yes=[Article(title="Harbour", body="The harbour, the harbour and the harbour.")] * 3)


def test_nothing_is_learnt_without_a_confirmed_article() -> None:
    assert changes(SLUICE, (), NO) == ()


def test_what_refused_articles_say_as_often_is_not_learnt() -> None:
    also = [replace(article, body=f"{article.body} Winches.") for article in NO]
    assert learnt(no=NO)["winches"].after > 0
    assert "winches" not in learnt(no=also)
    assert learnt(no=NO)["orlov"].after < learnt()["orlov"].after, "one of two refused articles names her"


def test_the_more_seeds_a_topic_has_the_less_it_is_pulled() -> None:
    few = replace(SLUICE, seeds=("https://a.example/1",))
    many = replace(SLUICE, seeds=tuple(f"https://a.example/{number}" for number in range(9)))
    strong, weak = learnt(few)["orlov"].after, learnt(many)["orlov"].after
    assert strong == pytest.approx(weak * (3 + 9 * AS_SEED) / (3 + AS_SEED), rel=0.3)


def test_a_lesson_is_bounded() -> None:
    words = " ".join(f"Zub{number}ra and zub{number}ra." for number in range(300))
    found = changes(SLUICE, [Article(title="", body=words)], ())
    assert len([change for change in found if not change.before]) == MOST_NEW


def test_a_phrase_of_several_refused_articles_is_suspected_unless_the_topic_says_it() -> None:
    assert [text for text, _ in suspects(SLUICE, NO, ())] == ["Heron Rowing Club"]
    assert suspects(SLUICE, NO[:1], ()) == ()
    for term in ("rowing club", "Heron", "heron rowing clubs"):
        own = replace(SLUICE, terms=(*SLUICE.terms, Term(text=term.casefold(), weight=1)))
        assert suspects(own, NO, ()) == ()
    assert suspects(SLUICE, NO, (Change(text="rowing", before=0, after=1, confirmed=1, refused=0),)) == ()
    assert suspects(replace(SLUICE, never=("heron rowing club",)), NO, ()) == ()


def sieved(suspected: Sequence[tuple[str, int]], wanted: Sequence[Article], others: Sequence[Article]) -> Sieve:
    sieve = Sieve(suspected)
    for article in others:
        sieve.read(article, wanted=False)
    for article in wanted:
        sieve.read(article, wanted=True)
    return sieve


def test_a_phrase_is_let_go_as_soon_as_one_wanted_article_holds_it() -> None:
    suspected = suspects(SLUICE, NO, ())
    assert sieved(suspected, KEEP, NO).left() == (Unwanted(text="Heron Rowing Club", refused=2, drops=2),)
    holder = Article(title="", body="The heron rowing clubs gave money for the sluice.")
    assert sieved(suspected, [*KEEP, holder], NO).left() == ()


def test_where_little_is_kept_nothing_is_said_of_it() -> None:
    assert sieved(suspects(SLUICE, NO, ()), KEEP[1:], NO).left() == ()


def test_few_phrases_are_proposed() -> None:
    suspected = [(f"rowing club{number}", 2) for number in range(20)]
    assert len(sieved(suspected, KEEP, ()).left()) == MOST_NEVER


WORDS = st.sampled_from(
    ["policies", "Policy", "U.S.", "us", "troops'", "Troop", "café", "cafe", "the", "kiss", "Kabul’s"]
)


@settings(max_examples=60)
@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, max_size=12), st.sampled_from([" ", ". ", "\n", "-"]))
def test_the_sieve_finds_whatever_the_judge_would_find(phrase: list[str], words: list[str], gap: str) -> None:
    text = " ".join(phrase)
    article = Article(title="", body=gap.join(words))
    topic = Topic(name="any", terms=(), keep=0, review=0, never=(text,))
    effects = Effects(before=replace(topic, never=()), after=topic)
    effects.add(article, "", "")
    is_dropped = bool(effects.moves)
    assert bool(Sieve([(text, 2)])._held(article)) >= is_dropped
    run, stems = stems_of(text), stems_of(article.body)
    is_there = any(stems[at : at + len(run)] == run for at in range(len(stems)))
    assert bool(Sieve([(text, 2)])._held(article)) == is_there


def test_effects_tell_what_moves_and_what_the_judge_agrees_with() -> None:
    after = replace(SLUICE, terms=(*SLUICE.terms, Term(text="nadia orlov", weight=9)), never=("heron rowing club",))
    effects = Effects(before=SLUICE, after=after)
    for number, article in enumerate((*YES, *NO)):
        effects.add(article, f"https://herald.example/{number}", {0: "yes", 4: "no"}.get(number, ""))
    assert (effects.read, effects.answers) == (5, 2)
    assert (effects.agreed["before"], effects.agreed["after"]) == (0, 2)
    up, down = effects.examples(up=True, most=9), effects.examples(up=False, most=9)
    assert [(move.url[-1], move.before, move.after) for move in up] == [(n, "review", "keep") for n in "12"]
    assert [(move.url[-1], move.before, move.after) for move in down] == [("3", "review", "drop")]
    assert effects.examples(up=True, most=0) == []
