from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.admission import admit, visible
from pipelines.items import Page, Rejected

PROSE = "<p>The envoys met again on Tuesday, and both sides said that the talks would go on.</p>"
ARTICLE = f"<html><head><title>Talks go on</title></head><body><h1>Talks go on</h1>{PROSE * 30}</body></html>"


def page(
    body: str | bytes = ARTICLE,
    status: int = 200,
    kind: str | None = "text/html; charset=utf-8",
    url: str = "https://a.example/1",
    is_whole: bool = True,
) -> Page:
    return Page(
        url=url,
        status=status,
        headers=(("Content-Type", kind),) if kind else (),
        body=body.encode() if isinstance(body, str) else body,
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        is_whole=is_whole,
    )


def rejected(answer: Page) -> Rejected:
    with pytest.raises(Rejected) as caught:
        admit(answer)
    return caught.value


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML;charset=x", "application/xhtml+xml", None, "text/plain"])
def test_a_web_page_is_admitted_under_all_its_names(kind: str | None) -> None:
    admit(page(kind=kind))


@pytest.mark.parametrize(
    ("status", "state", "retry"),
    [
        (304, "unchanged", False),
        (404, "not-an-article", False),
        (410, "not-an-article", False),
        (302, "not-an-article", False),
        (204, "not-an-article", False),
        (401, "refused", False),
        (403, "refused", False),
        (451, "refused", False),
        (500, "failed", True),
        (503, "failed", True),
        (429, "failed", True),
    ],
)
def test_a_status_means_an_outcome(status: int, state: str, retry: bool) -> None:
    why = rejected(page(status=status))
    assert (why.state, why.retry) == (state, retry)


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/json", "video/mp4"])
def test_what_is_no_web_page_is_named(kind: str) -> None:
    assert kind in rejected(page(kind=kind)).reason


def test_half_an_answer_is_asked_for_again() -> None:
    assert rejected(page(is_whole=False)).retry
    assert rejected(page("   ")).retry


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("<title>Page not found</title><p>Sorry.</p>", "soft 404"),
        ("<title>Seite nicht gefunden</title><p>Leider.</p>", "soft 404"),
        ("<title>Talks</title><p>This article has been removed at the request of the agency.</p>", "removed"),
        ("<title>Talks</title><p>Cet article a été supprimé.</p>", "removed"),
        ("<title>A moment</title><p>We and our 812 partners store and use cookies. Accept all cookies</p>", "consent"),
        ("<title>News</title><script>x</script><p>Please enable JavaScript.</p>", "scripts"),
    ],
    ids=["404", "404 in German", "removed", "removed in French", "consent", "shell"],
)
def test_walls_and_notices_are_told_from_articles(body: str, word: str) -> None:
    assert word in rejected(page(f"<html><body>{body}</body></html>")).reason


def test_a_consent_host_is_a_refusal_whatever_it_says() -> None:
    assert rejected(page(url="https://consent.search.example/m?continue=x")).state == "refused"


@pytest.mark.parametrize(
    "title", ["Page not found: how a library burnt", "The article that was removed", "Accept all cookies, said the law"]
)
def test_an_article_about_such_pages_is_an_article(title: str) -> None:
    admit(page(f"<html><title>{title}</title><h1>{title}</h1>{PROSE * 25}<p>This article has been removed.</p></html>"))


def test_scripts_and_styles_are_not_text() -> None:
    assert visible(b"<p>a</p><SCRIPT>b < c</SCRIPT><style>d</style>e") == "a e"


@given(st.binary(max_size=3_000))
def test_any_bytes_are_admitted_or_rejected(body: bytes) -> None:
    try:
        admit(page(body))
    except Rejected as why:
        assert why.reason  # noqa: PT017 - both ways are right; what is tested is that there is no third


@pytest.mark.parametrize("piece", [b"<script", b"<", b"<title", b"<p x='", b"</script", b"we use "], ids=repr)
def test_work_is_in_proportion_to_the_bytes(piece: bytes) -> None:
    assert len(visible(piece * (190_000 // len(piece)))) < 400_000
