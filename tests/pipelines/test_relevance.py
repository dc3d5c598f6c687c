from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.items import Article
from pipelines.relevance import LINK_FLOOR, MOST_CHARACTERS, MOST_MATCHES, judge, link_score, path_of
from pipelines.topic import Term, Topic

WEIGHTS = {"Selby": 4, "river treaty": 3, "water": 1, "dam": 2, "ada marlow": 3, "talks": 1, "north bank": 1}
TOPIC = Topic(name="river", terms=tuple(Term(text=text.casefold(), weight=weight) for text, weight in WEIGHTS.items()))

ON = Article(
    title="Selby and the North Bank sign a river treaty",
    body="After nine months of talks, the town of Selby will share the water behind the new dam.\n"
    "Ada Marlow, who led the talks for Selby, called for the first release of water in the spring.\n"
    "The treaty sets out who repairs the dam, who pays for it and what is done in a dry year.",
)
OFF = Article(
    title="Bakers' strike enters its second week",
    body="Shelves were bare again on Friday as bakers in the capital stayed out over pay.\n"
    "Talks with the employers are to go on through the weekend, both sides said.",
)


def topic(**changes: object) -> Topic:
    facts: dict[str, object] = {name: getattr(TOPIC, name) for name in ("name", "terms")}
    return Topic(**{**facts, **changes})  # type: ignore[arg-type]  # the changes are the test's own


def test_an_article_of_the_topic_is_kept_and_another_dropped() -> None:
    on, off = judge(ON, TOPIC), judge(OFF, TOPIC)
    assert (on.decision, off.decision) == ("keep", "drop")
    assert on.score > 0.8
    assert off.score < 0.2
    assert off.reason == f"score {off.score:.2f}, below review (0.3)"


def test_what_matched_is_told_with_its_share_the_greatest_first() -> None:
    matched = judge(ON, TOPIC).matched
    assert [match.term for match in matched][:2] == ["selby", "river treaty"]
    assert {match.term for match in matched} == {
        "selby",
        "river treaty",
        "water",
        "dam",
        "ada marlow",
        "talks",
        "north bank",
    }
    assert sum(match.share for match in matched) == pytest.approx(1, abs=0.001)
    assert list(matched) == sorted(matched, key=lambda match: -match.share)


def test_a_weight_changed_by_hand_changes_the_score() -> None:
    heavier = topic(
        terms=tuple(Term(text=term.text, weight=10 if term.text == "talks" else term.weight) for term in TOPIC.terms)
    )
    assert judge(OFF, heavier).score > judge(OFF, TOPIC).score + 0.1


def test_only_the_proportions_of_weights_count() -> None:
    doubled = topic(terms=tuple(Term(text=term.text, weight=term.weight * 2) for term in TOPIC.terms))
    assert judge(ON, doubled).score == pytest.approx(judge(ON, TOPIC).score, abs=0.001)


def test_a_term_of_no_weight_is_switched_off() -> None:
    off = topic(terms=(*TOPIC.terms, Term(text="bakers", weight=0)))
    assert judge(OFF, off) == judge(OFF, TOPIC)


def test_the_headline_counts_more_than_the_lead_and_the_lead_more_than_the_rest() -> None:
    rest = "Nothing else was said about it. " * 40
    scores = [
        judge(Article(title=title, body=body), TOPIC).score
        for title, body in (("Selby", rest), ("Today", f"Selby {rest}"), ("Today", f"{rest} Selby"))
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_the_standfirst_counts_as_lead_unless_the_body_repeats_it() -> None:
    body = "The release comes in spring. Little more is known."
    bare = judge(Article(title="Today", body=body), TOPIC).score
    assert judge(Article(title="Today", body=body, summary="Selby has its dam."), TOPIC).score > bare
    assert judge(Article(title="Today", body=body, summary="The release comes in spring."), TOPIC).score == bare


def test_repetition_counts_ever_less() -> None:
    one, ten, all_terms = (
        judge(Article(title="Today", body=body), TOPIC).score for body in ("dam", "dam " * 10, " and ".join(WEIGHTS))
    )
    assert one < ten < all_terms


@pytest.mark.parametrize("text", ["River Treaties", "the RIVER-TREATY", "a river treaty's end", "Ríver tréaty"])
def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    assert [match.term for match in judge(Article(title=text, body=""), TOPIC).matched] == ["river treaty"]


@pytest.mark.parametrize("text", ["river of the treaty", "treaty river", "rivers", "rivertreaty"])
def test_a_phrase_is_found_as_a_whole_only(text: str) -> None:
    assert judge(Article(title=text, body=""), TOPIC).score == 0


def test_phrases_of_scripts_without_spaces_are_found() -> None:
    chinese = Topic(name="talks", terms=(Term(text="和平谈判", weight=2), Term(text="停火", weight=1)))
    assert judge(Article(title="双方恢复和平谈判", body="停火仍未达成。"), chinese).decision == "keep"


def test_a_reason_never_shows_a_score_on_the_wrong_side_of_a_threshold() -> None:
    score = judge(OFF, TOPIC).score
    assert judge(OFF, topic(review=0.01, keep=0.9)).reason.startswith(f"score {score:.2f}, between")
    assert judge(OFF, topic(review=0.01, keep=score + 0.0001)).reason.startswith(f"score {score:.2f}, between")
    assert judge(OFF, topic(review=score, keep=0.9)).reason.startswith(f"score {score:.4f}, between")


def test_between_the_thresholds_an_article_is_for_review() -> None:
    score = judge(OFF, TOPIC).score
    verdict = judge(OFF, topic(review=score, keep=score + 0.01))
    assert verdict.decision == "review"
    assert verdict.reason == f"score {score:.4f}, between review ({score:g}) and keep ({score + 0.01:g})"
    assert judge(OFF, topic(review=score, keep=score)).decision == "keep"


def test_keep_of_nought_keeps_everything() -> None:
    everything = Topic(name="all", keep=0, review=0)
    verdict = judge(OFF, everything)
    assert (verdict.decision, verdict.score, verdict.matched) == ("keep", 0, ())


@pytest.mark.parametrize(
    ("day", "decision"),
    [
        (date(2019, 1, 30), "drop"),
        (date(2019, 1, 31), "keep"),
        (date(2019, 2, 28), "keep"),
        (date(2019, 3, 1), "keep"),
        (date(2019, 3, 2), "drop"),
        (None, "keep"),
    ],
)
def test_the_window_leaves_a_day_on_either_side(day: date | None, decision: str) -> None:
    published = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC) if day else None
    article = Article(title=ON.title, body=ON.body, published=published)
    windowed = topic(since=date(2019, 2, 1), until=date(2019, 2, 28))
    verdict = judge(article, windowed)
    assert verdict.decision == decision
    assert verdict.score == judge(ON, TOPIC).score
    assert ("window" in verdict.reason) == (decision == "drop")


def test_windows_reach_to_the_ends_of_time() -> None:
    dated = Article(title=ON.title, body=ON.body, published=datetime(1, 1, 1, tzinfo=UTC))
    assert judge(dated, topic(since=date.min, until=date.max)).decision == "keep"


def test_an_article_that_says_much_else_as_well_belongs_less() -> None:
    said = "Selby will share the water behind the new dam."
    else_said = "Bakers struck over flour, ovens and yeast; goalkeepers trained; sopranos rehearsed an oratorio."
    idle = "It was as it had been, and there was no more to it than that, so all of them went on."
    alone, beside, padded = (
        judge(Article(title="Today", body=f"{said} {more}"), TOPIC) for more in ("", else_said, idle)
    )
    assert alone.score - 0.05 > beside.score > 0
    assert padded.score == pytest.approx(alone.score, abs=0.01)
    assert beside.matched == alone.matched


def test_what_the_topic_never_wants_is_dropped_and_told() -> None:
    verdict = judge(ON, topic(never=("dry year",), keep=0, review=0))
    assert verdict.decision == "drop"
    assert verdict.reason == 'holds "dry year", which the topic never wants'
    assert judge(OFF, topic(never=("dry year",), keep=0, review=0)).decision == "keep"


def test_only_the_strongest_matches_are_told() -> None:
    many = Topic(name="many", terms=tuple(Term(text=f"t{n}", weight=1) for n in range(100)))
    body = " ".join(f"t{n}" for n in range(100))
    assert len(judge(Article(title="", body=body), many).matched) == MOST_MATCHES


def test_a_huge_body_is_read_only_so_far() -> None:
    body = "x " * (MOST_CHARACTERS // 2) + "Selby"
    assert judge(Article(title="", body=body), TOPIC).score == 0


@given(
    st.builds(
        Article,
        title=st.text(max_size=100),
        body=st.text(max_size=300) | st.sampled_from(["Selby " * 50, "river treaty\n" * 20, "\ud800", "\0"]),
        summary=st.text(max_size=50),
        published=st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
    ),
    st.builds(
        Topic,
        name=st.just("any"),
        terms=st.lists(st.builds(Term, text=st.text(max_size=20), weight=st.floats(0, 10)), max_size=8).map(tuple),
        never=st.lists(st.text(max_size=10), max_size=3).map(tuple),
        since=st.none() | st.dates(),
        until=st.none() | st.dates(),
        keep=st.floats(0, 1),
        review=st.just(0.0),
    ),
)
def test_any_article_is_judged(article: Article, any_topic: Topic) -> None:
    verdict = judge(article, any_topic)
    assert 0 <= verdict.score <= 1
    assert verdict.decision in {"keep", "review", "drop"}
    assert verdict.reason
    assert 0 <= link_score(article.title, article.body, any_topic) <= 1


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("Selby signs river treaty", ""), ("Bakers strike", "")),
        (("Selby signs river treaty", ""), ("Selby bakers strike", "")),
        (("", "https://a.example/2024/selby-river-treaty-dam.html"), ("", "https://a.example/2024/bakers-strike.html")),
        (("", "https://a.example/north_bank_dam"), ("", "https://a.example/north/face/dam")),
        (("", "https://a.example/?title=Selby%20dam"), ("", "https://selby.example/?title=dam")),
        (("", "https://a.example/%72iver-treaty"), ("", "https://a.example/river-bank")),
    ],
)
def test_links_are_ranked_by_their_titles_and_addresses(better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert link_score(*better, TOPIC) > link_score(*worse, TOPIC)


def test_a_link_is_scored_once_for_what_title_and_address_both_say() -> None:
    assert link_score("Selby dam", "https://a.example/selby-dam", TOPIC) == link_score("Selby dam", "", TOPIC)
    assert 0 < link_score("Selby dam", "", TOPIC) < 1


TITLES = st.text(max_size=60) | st.lists(
    st.sampled_from([*WEIGHTS, "river", "treaty", "north", "strike", "Thornbury", "election", "said", "on", "2019"]),
    max_size=8,
).map(" ".join)


@given(TITLES, st.sampled_from(sorted(WEIGHTS)))
def test_a_term_added_to_a_title_never_lowers_its_score(title: str, term: str) -> None:
    assert link_score(f"{title} {term}", "", TOPIC) >= link_score(title, "", TOPIC)


@given(TITLES, st.sampled_from(["Thornbury", "earthquake", "Quillipore"]))
def test_a_long_word_that_the_topic_does_not_know_never_raises_a_score(title: str, word: str) -> None:
    assert link_score(f"{title} {word}", "", TOPIC) <= link_score(title, "", TOPIC)


@given(TITLES, TITLES)
def test_a_summary_never_lowers_a_score(title: str, summary: str) -> None:
    assert link_score(title, "", TOPIC, summary=summary) >= link_score(title, "", TOPIC)


@given(TITLES, TITLES)
def test_an_address_never_lowers_the_score_of_a_title(title: str, words: str) -> None:
    if title.strip():
        assert link_score(f"{title} Selby", f"https://a.example/{words}", TOPIC) >= link_score(
            f"{title} Selby", "", TOPIC
        )


@given(TITLES, TITLES, TITLES, st.sampled_from(["en", "de", "zz", "zh", ""]))
def test_any_link_has_a_score(title: str, path: str, summary: str, language: str) -> None:
    score = link_score(title, f"https://a.example/{path}", topic(language=language), summary=summary)
    assert 0 <= score <= 1
    assert score == link_score(title, f"https://a.example/{path}", topic(language=language), summary=summary)


class Hashed(Term):
    """A term that counts how often it is hashed."""

    times = 0

    def __hash__(self) -> int:
        Hashed.times += 1
        return super().__hash__()


def test_the_terms_are_not_walked_through_for_each_link_and_article() -> None:
    counted = topic(terms=tuple(Hashed(text=term.text, weight=term.weight) for term in TOPIC.terms))
    first = link_score("Selby dam", "", counted), judge(ON, counted)
    walked = Hashed.times
    assert (link_score("Selby dam", "", counted), judge(ON, counted)) == first
    assert first == (link_score("Selby dam", "", TOPIC), judge(ON, TOPIC))
    assert Hashed.times == walked > 0


def test_topics_that_come_and_go_are_not_taken_for_each_other() -> None:
    for number in range(100):
        one = topic(terms=(Term(text=f"selby{number}", weight=1), Term(text="dam", weight=1)))
        assert link_score(f"selby{number}", "", one) > 0 == link_score(f"selby{number + 1}", "", one)


def test_another_events_names_count_against_a_link() -> None:
    assert (
        link_score("Selby bakers", "", TOPIC)
        > link_score("Selby bakers gather", "", TOPIC)
        > link_score("Selby bakers gather against Thornbury flourmill", "", TOPIC)
        > 0
    )


def test_reporters_words_and_short_ones_count_against_no_link() -> None:
    assert link_score("Officials said Tuesday: Selby, 2019 as it was", "", TOPIC) == link_score("Selby", "", TOPIC)


def test_without_a_title_the_words_of_the_address_stand_for_it() -> None:
    path = "selby-bakers-gather-against-thornbury"
    assert link_score("", f"https://a.example/{path}", TOPIC) == link_score(path.replace("-", " "), "", TOPIC)


def test_what_only_the_summary_says_counts_less_than_in_the_title() -> None:
    title, summary = (
        link_score(*texts, TOPIC, summary=told) for texts, told in ((("Selby", ""), ""), (("", ""), "Selby"))
    )
    assert 0 < summary < title
    assert link_score("Selby", "", TOPIC, summary="Selby again") == title


def test_one_telling_term_promises_more_than_weak_ones_of_the_same_weight() -> None:
    terms = {"Quillip": 3, "sluices": 1, "pontoons": 1, "barges": 1}
    weighed = topic(terms=tuple(Term(text=text.casefold(), weight=weight) for text, weight in terms.items()))
    assert link_score("Quillip", "", weighed) > link_score("sluices pontoons barges", "", weighed)


def test_a_common_word_promises_less_than_a_name_of_its_weight() -> None:
    even = topic(terms=(Term(text="death", weight=5), Term(text="barrett", weight=5), Term(text="dam", weight=1)))
    assert link_score("Barrett", "", even) - 0.2 > link_score("Death", "", even) > 0
    both = [judge(Article(title=word, body="Barrett died of the Black Death."), even) for word in ("Barrett", "Death")]
    assert both[0].matched[0].share == both[1].matched[0].share


def test_in_links_too_only_the_proportions_of_weights_count() -> None:
    doubled = topic(terms=tuple(Term(text=term.text, weight=term.weight * 2) for term in TOPIC.terms))
    assert link_score("Selby talks", "", doubled) == pytest.approx(link_score("Selby talks", "", TOPIC), abs=0.001)


def test_links_in_scripts_without_spaces_are_scored() -> None:
    china = topic(language="zh", terms=(Term(text="塔利班", weight=4), Term(text="和谈", weight=2)))
    assert link_score("塔利班和谈", "", china) > link_score("塔利班", "", china) > link_score("天气", "", china) == 0
    assert link_score("", "https://a.example/%E5%A1%94%E5%88%A9%E7%8F%AD", china) > LINK_FLOOR


def test_the_floor_lies_between_a_weak_word_and_the_first_name_of_a_topic() -> None:
    rest = tuple(Term(text=f"quill{n}", weight=2) for n in range(20))
    full = topic(terms=(*rest, Term(text="selby", weight=4), Term(text="water", weight=0.5)))
    assert 0 < link_score("Water bills rise again", "", full) < LINK_FLOOR < link_score("A day in Selby", "", full)


def test_a_huge_link_is_read_only_so_far() -> None:
    assert link_score("x " * 100_000 + "Selby", "https://a.example/" + "y-" * 100_000 + "selby", TOPIC) == 0
    assert link_score("", "", TOPIC, summary="x " * 100_000 + "Selby") == 0


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://selby.example/news/river_treaty", "news/river treaty"),
        ("https://selby.example/a?q=north%20bank", "a?q=north bank"),
        ("https://selby.example", ""),
        ("", ""),
    ],
    ids=["underscores", "escapes", "no-path", "empty"],
)
def test_the_words_of_an_address_are_those_after_its_host(url: str, path: str) -> None:
    assert path_of(url) == path
