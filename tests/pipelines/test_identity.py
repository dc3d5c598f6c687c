from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity import believed, identity, is_amp, is_front
from pipelines.items import Article, Identity, Page
from pipelines.urls import canonical, outlet_of

BASE = "https://www.courier.example"
STORY = f"{BASE}/world/kabul-talks-resume-after-a-week-of-silence"


def known_as(url: str, claim: str = "", requested: str = "", redirects: tuple[str, ...] = ()) -> Identity:
    page = Page(
        url=url, status=200, headers=(), body=b"", fetched=datetime(2021, 8, 1, tzinfo=UTC), redirects=redirects
    )
    return identity(page, Article(title="", body="", canonical=claim), requested or url)


@pytest.mark.parametrize(
    ("claim", "answered"),
    [
        (STORY, f"{STORY}?ref=rss"),
        (STORY, f"{STORY}/amp"),
        (STORY, "https://amp.courier.example/world/kabul-talks-resume-after-a-week-of-silence"),
        (STORY, f"{BASE}/p/88213"),
        (f"{STORY}/", STORY),
        (f"{BASE}/story?id=7", f"{BASE}/story?id=7&page=2"),
        (f"{BASE}/world/haiti", f"{BASE}/world/haiti/amp"),
        (f"{BASE}/2021/08/01/haiti.html", f"{BASE}/2021/08/01/haiti.amp.html"),
        (f"{BASE}/news/cx2pk7031ket", f"{BASE}/news/world-12"),
        (f"{BASE}/a/%D8%B7%D8%A7%D9%84%D8%A8%D8%A7%D9%86", f"{BASE}/x/1"),
    ],
)
def test_a_canonical_link_to_this_article_is_believed(claim: str, answered: str) -> None:
    assert believed(claim, answered) == claim


@pytest.mark.parametrize(
    "claim",
    [
        "",
        "/world/kabul-talks-resume-after-a-week-of-silence",
        "//www.courier.example/world/kabul-talks-resume-after-a-week-of-silence",
        "javascript:alert(1)",
        "https://www.herald.example/world/kabul-talks-resume-after-a-week-of-silence",
        "http://127.0.0.1/world/kabul-talks-resume-after-a-week-of-silence",
        "https://staging.courier.example/world/kabul-talks-resume-after-a-week-of-silence",
        "https://www-dev2.courier.example/world/kabul-talks-resume-after-a-week-of-silence",
        "https://www.courier.example:8443/world/kabul-talks-resume-after-a-week-of-silence",
        "https://user@www.courier.example/world/kabul-talks-resume-after-a-week-of-silence",
        BASE,
        f"{BASE}/",
        f"{BASE}/index.html",
        f"{BASE}/en/",
        f"{BASE}/pt-br/index.php",
        f"{BASE}/world",
        f"{BASE}/world/",
        f"{BASE}/tag/kabul-talks-with-the-taliban",
        f"{BASE}/search?q=kabul",
        f"{BASE}/europe",
        f"{BASE}/us-canada-news",
    ],
)
def test_a_canonical_link_that_could_merge_two_articles_is_not_believed(claim: str) -> None:
    assert believed(claim, STORY) is None
    assert known_as(STORY, claim).url == STORY


def test_a_canonical_link_that_drops_the_parameter_that_names_the_article_is_not_believed() -> None:
    assert believed(f"{BASE}/story", f"{BASE}/story?id=7") is None
    assert believed(f"{BASE}/news/view.php", f"{BASE}/news/view.php?id=7") is None


def test_a_section_with_a_long_name_is_not_believed_for_an_article_inside_it() -> None:
    assert believed(f"{BASE}/middle-east-and-africa", f"{BASE}/middle-east-and-africa/2021/08/01/a-truce") is None


def test_an_old_http_link_does_not_make_two_articles_of_one() -> None:
    assert believed(STORY.replace("https", "http"), STORY) == STORY


def test_every_url_that_led_to_the_article_is_an_alias_with_its_kind() -> None:
    found = known_as(
        f"{STORY}?ref=rss",
        STORY,
        requested="https://feeds.example/~r/88213",
        redirects=(
            "https://feeds.example/~r/88213",
            "https://t.example/x1",
            "https://www.courier.example/",
            "nonsense",
        ),
    )
    assert found.url == STORY
    assert found.outlet == "courier.example"
    assert found.aliases == (
        ("https://feeds.example/~r/88213", "requested"),
        ("https://t.example/x1", "redirected"),
        (f"{STORY}?ref=rss", "redirected"),
        (STORY, "canonical"),
    )


def test_an_amp_page_is_an_alias_of_its_article() -> None:
    assert known_as(f"{STORY}/amp", STORY).aliases == ((f"{STORY}/amp", "amp"), (STORY, "canonical"))
    assert known_as(f"{STORY}/amp").url == f"{STORY}/amp"


def test_a_page_that_answered_at_no_web_address_goes_by_the_url_that_was_asked() -> None:
    assert known_as("https://example.com/" + "a" * 3000, requested=STORY).url == STORY
    with pytest.raises(ValueError, match="no http or https URL"):
        known_as("data:text/html,x")


@pytest.mark.parametrize("path", ["/example-article", "/camping", "/lamp", "/amplifier", "/a?amplitude=1"])
def test_only_amp_is_amp(path: str) -> None:
    assert not is_amp(BASE + path)


def test_a_front_page_has_no_path_of_its_own() -> None:
    assert [is_front(BASE + path) for path in ("", "/de/", "/?p=12", "/#!/story/1", "/news")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@given(
    st.text(max_size=80), st.sampled_from(["", "https://", "https://www.courier.example/", "http://courier.example"])
)
def test_whatever_a_page_claims_its_identity_stays_in_its_outlet(rest: str, start: str) -> None:
    found = known_as(STORY, start + rest)
    assert outlet_of(found.url) == outlet_of(STORY)
    assert canonical(found.url) == found.url
    assert found.aliases[-1] == (found.url, "canonical")
    assert len({url for url, _ in found.aliases}) == len(found.aliases)
