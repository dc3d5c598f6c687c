from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.seeds import SERVICES, SeedError, Wish, seed_from_file, seed_from_page, topic_from
from pipelines.items import Article, Page
from pipelines.relevance import judge
from pipelines.topic import Topic, TopicError
from pipelines.vocabulary import Learnt

SEEDS = Path(__file__).parent / "seeds"
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)

PAGE = """<!doctype html><html lang="en"><head><title>Sluice repairs begin at Port Amaro</title>
<link rel="canonical" href="https://herald.example/2024/03/sluice-repairs">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Sluice repairs begin at Port Amaro", "datePublished": "2023-03-10T08:00:00Z"}</script></head>
<body><article><h1>Sluice repairs begin at Port Amaro</h1>
<p>Engineers began to replace the gates of the great sluice at Port Amaro on Friday, eleven months after the spring
flood tore two of them from their hinges and left the lower town under a metre of brown water.</p>
<p>The harbour authority says the sluice will be shut for six weeks. Barges are sent through the old canal, where the
sluice keeper, Nadia Orlov, expects queues of up to a day.</p>
<p>The gates were made in the shipyard of Lower Amaro and came up the river on two pontoons. Each of them weighs as
much as forty lorries, and the sluice needs six.</p></article></body></html>"""


def harrow(**wish: object) -> Topic:
    seed = seed_from_file(SEEDS / "harrow.txt", NOW)
    return topic_from("harrow", [seed], Wish(**wish), NOW)  # type: ignore[arg-type]  # the test's own wishes


def weights(topic: Topic) -> dict[str, float]:
    return {term.text: term.weight for term in topic.terms}


def test_a_topic_names_people_places_organisations_and_the_matter() -> None:
    terms = weights(harrow())
    people = {"calloway", "idris calloway", "mirela sandor", "sandor", "peter halloran", "whitcombe"}
    places = {"tessaly", "port amaro"}
    organisations = {"harrow front", "black lantern", "al qamar"}
    matter = {"truce", "truce talks", "withdrawal", "peacekeepers", "interim council", "rebels", "delegation"}
    assert people | places | organisations | matter <= terms.keys()


def test_a_topic_holds_no_furniture() -> None:
    terms = weights(harrow())
    furniture = {
        "related",
        "content",
        "related content",
        "according",
        "monday",
        "sunday",
        "tuesday",
        "said",
        "official",
    }
    furniture |= {"official said", "analysis", "the", "week", "meanwhile", "senior", "special envoy"}
    assert not furniture & terms.keys()


def test_the_heaviest_terms_are_what_the_seed_is_about() -> None:
    terms = weights(harrow())
    heaviest = sorted(terms, key=lambda term: -terms[term])[:12]
    assert {"calloway", "harrow", "sandor", "truce", "tessaly"} <= set(heaviest)


def test_a_topic_rates_its_own_seed_highest() -> None:
    seed = seed_from_file(SEEDS / "harrow.txt", NOW)
    other = Article(title="Bakers strike in the capital", body="Shelves were bare as bakers stayed out over pay.")
    topic = harrow()
    assert judge(seed, topic).score > 0.85
    assert judge(other, topic).decision == "drop"


def test_the_first_line_of_a_text_is_its_headline_and_its_links_are_left_out() -> None:
    seed = seed_from_file(SEEDS / "harrow.txt", NOW)
    assert seed.title.startswith("Peacekeepers to stay in Tessaly")
    assert seed.language == "en"
    assert "Related Content" not in seed.body
    assert seed.body.startswith("Foreign peacekeepers")


def test_queries_name_the_strongest_terms() -> None:
    queries = harrow().queries
    assert 3 <= len(queries) <= 6
    assert all("Tessaly" in query for query in queries)
    assert any("truce" in query for query in queries)


def test_a_seed_without_a_day_opens_the_window() -> None:
    assert (harrow().since, harrow().until) == (None, None)
    asked = harrow(since=date(2024, 1, 1), until=date(2024, 2, 1))
    assert (asked.since, asked.until) == (date(2024, 1, 1), date(2024, 2, 1))


@pytest.mark.parametrize(
    ("days", "wish", "since", "until"),
    [
        pytest.param(["2023-03-10"], {}, "2022-09-11", "2023-09-06", id="half a year either way"),
        pytest.param(["2023-03-10", "2023-05-09"], {}, "2022-09-11", "2023-11-05", id="around all seeds"),
        pytest.param(["2024-05-30"], {}, "2023-12-02", None, id="open to the present"),
        pytest.param(["2023-03-10"], {"since": date(2020, 1, 1)}, "2020-01-01", "2023-09-06", id="asked since"),
        pytest.param(["2023-03-10"], {"since": date(2024, 1, 1)}, "2024-01-01", None, id="asked since after the seeds"),
        pytest.param(
            ["2023-03-10"], {"until": date(2020, 1, 1)}, None, "2020-01-01", id="asked until before the seeds"
        ),
    ],
)
def test_the_window_lies_around_the_seeds(
    days: list[str], wish: dict[str, date], since: str | None, until: str | None
) -> None:
    seeds = [
        Article(
            title="Sluice repairs",
            body="Repairs at the sluice.",
            published=datetime.fromisoformat(day).replace(tzinfo=UTC),
        )
        for day in days
    ]
    topic = topic_from("sluice", seeds, Wish(**wish), NOW)  # type: ignore[arg-type]  # only days are wished for here
    assert (topic.since and str(topic.since), topic.until and str(topic.until)) == (since, until)


def test_terms_that_are_asked_for_are_the_heaviest_and_spelt_as_asked() -> None:
    topic = harrow(terms=("Truce Talks", "Amaro Accord"))
    assert weights(topic)["amaro accord"] == weights(topic)["truce talks"] == 5
    assert '"Amaro Accord" = 5' in topic.definition
    assert topic.queries[0] == '"Truce Talks" "Amaro Accord"'


def test_a_page_gives_title_day_language_and_its_own_site() -> None:
    page = Page(url="https://herald.example/s", status=200, headers=(), body=PAGE.encode(), fetched=NOW)
    seed = seed_from_page(page)
    topic = topic_from("sluice", [seed], Wish(), NOW, [page.url])
    assert topic.title == "Sluice repairs begin at Port Amaro"
    assert (topic.since, topic.until) == (date(2022, 9, 11), date(2023, 9, 6))
    assert {"port amaro", "sluice", "nadia orlov"} <= weights(topic).keys()
    homes = [source.channel for source in topic.sources if source.url == "https://herald.example/"]
    assert homes == ["feeds", "sitemaps"]


def test_a_saved_page_tells_its_site_by_its_canonical_link(tmp_path: Path) -> None:
    path = tmp_path / "Seed Page.HTML"
    path.write_text(PAGE, encoding="utf-8")
    topic = topic_from("sluice", [seed_from_file(path, NOW)], Wish(), NOW)
    assert "https://herald.example/" in {source.url for source in topic.sources}
    assert not [source.url for source in topic.sources if "invalid" in source.url]


def test_sources_that_are_asked_for_are_the_only_ones_beside_the_seeds_own() -> None:
    urls = ("https://a.example/feed", "https://a.example/news-sitemap.xml", "http://b.example:8080/robots.txt")
    topic = harrow(sources=urls)
    assert [(source.channel, source.url) for source in topic.sources if source.url] == [
        ("feeds", urls[0]),
        ("sitemaps", urls[1]),
        ("sitemaps", urls[2]),
    ]
    assert topic.ports == (80, 443, 8080)
    assert not any(source.verified for source in topic.sources)


def test_an_english_topic_without_sources_asks_general_ones_unverified() -> None:
    topic = harrow()
    assert len(topic.sources) >= 25
    assert not any(source.verified for source in topic.sources)


def test_a_topic_in_another_language_is_not_sent_to_english_outlets() -> None:
    seed = Article(title="Schleuse wird erneuert", body="Die Schleuse in Amaro wird erneuert.", language="de-AT")
    topic = topic_from("schleuse", [seed], Wish(), NOW)
    assert topic.language == "de"
    assert [source.channel for source in topic.sources] == list(SERVICES)
    assert not any(source.url for source in topic.sources)
    assert {"schleuse", "amaro"} <= weights(topic).keys()


def test_several_seeds_count_alike() -> None:
    harrow_seed = seed_from_file(SEEDS / "harrow.txt", NOW)
    sluice = Article(title="Sluice repairs begin", body="The sluice will be shut for six weeks. Sluice keepers wait.")
    terms = weights(topic_from("both", [harrow_seed, sluice], Wish(), NOW))
    assert {"calloway", "sluice"} <= terms.keys()
    assert terms["sluice"] >= terms["calloway"]


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("latin.txt", "Hitze in München".encode("latin-1"), "is not UTF-8"),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MiB"),
        ("empty.html", b"<html><body></body></html>", "no article in it"),
    ],
)
def test_a_bad_seed_is_named_with_its_fault(tmp_path: Path, name: str, body: bytes, fault: str) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(SeedError, match=fault) as caught:
        seed_from_file(tmp_path / name, NOW)
    assert str(tmp_path / name) in str(caught.value)


def test_a_missing_seed_is_named() -> None:
    with pytest.raises(SeedError, match=r"gone\.txt: cannot be read"):
        seed_from_file(Path("gone.txt"), NOW)


def test_a_text_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "seed.txt"
    for encoding in ("utf-16", "utf-8-sig"):
        path.write_text("Schleuse erneuert\n\nDie Schleuse in Amaro wird erneuert.", encoding=encoding)
        assert seed_from_file(path, NOW).title == "Schleuse erneuert"


@pytest.mark.parametrize("body", ["", "said on Monday", "12 34 56"])
def test_seeds_that_tell_nothing_are_refused(body: str) -> None:
    with pytest.raises(SeedError, match="no words that tell a topic"):
        topic_from("empty", [Article(title="", body=body)], Wish(), NOW)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(terms=("--",)),
        Wish(terms=("a\nb",)),
        Wish(sources=("not a url",)),
        Wish(sources=("https://a.example/\x7f",)),
        Wish(since=date(2024, 2, 1), until=date(2024, 1, 1)),
    ],
)
def test_a_wish_that_no_topic_can_hold_is_a_topic_error(wish: Wish) -> None:
    with pytest.raises(TopicError, match=r"topics/harrow\.toml: "):
        topic_from("harrow", [seed_from_file(SEEDS / "harrow.txt", NOW)], wish, NOW)


@pytest.mark.parametrize(
    "title", ['A "quoted" title\\', "Line one\nline two\x00", "'single' and \"double\"", "🐍" * 300]
)
def test_any_title_makes_a_file_that_can_be_read(title: str) -> None:
    topic = topic_from("odd", [Article(title=title, body="The sluice at Amaro.")], Wish(), NOW)
    assert topic.title
    assert "\x00" not in topic.definition


def test_what_is_learnt_has_its_kind() -> None:
    from pipelines.vocabulary import vocabulary

    terms = vocabulary([seed_from_file(SEEDS / "harrow.txt", NOW)], "en", ["hill provinces"])
    kinds = {term.text: term.kind for term in terms}
    assert (kinds["hill provinces"], kinds["Mirela Sandor"], kinds["truce talks"], kinds["truce"]) == (
        "asked",
        "name",
        "phrase",
        "word",
    )
    assert terms[0] == Learnt(text="hill provinces", weight=5, kind="asked")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Article,
            title=st.text(max_size=60),
            body=st.text(max_size=200) | st.just("The sluice gates of Port Amaro were shut by Nadia Orlov."),
            language=st.sampled_from(["", "en", "de-AT", "zh", "../x"]),
            canonical=st.sampled_from(["", "https://a.example/x", "http://[", "ftp://a.example/"])
            | st.text(max_size=30),
            published=st.none() | st.datetimes(timezones=st.just(UTC)),
        ),
        max_size=3,
    ),
    st.builds(
        Wish,
        terms=st.lists(st.text(max_size=20), max_size=2).map(tuple),
        sources=st.lists(st.text(max_size=20), max_size=1).map(tuple),
    ),
)
def test_any_seeds_make_a_topic_or_a_told_error(seeds: list[Article], wish: Wish) -> None:
    try:
        topic = topic_from("any", seeds, wish, NOW)
    except (SeedError, TopicError) as error:
        assert "any" in str(error)  # noqa: PT017 - either outcome is right; this is about one of them
    else:
        assert topic.terms
        assert topic.name == "any"
