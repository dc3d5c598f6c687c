from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.admission import admit
from pipelines.extraction import extract
from pipelines.items import Page, Rejected
from pipelines.notices import KINDS
from tests.pipelines.test_notices import Shown, shown_pages

PROSE = "<p>The envoys met again on Tuesday, and both sides said that the talks would go on.</p>"
ARTICLE = f"<html><head><title>Talks go on</title></head><body><h1>Talks go on</h1>{PROSE * 30}</body></html>"


def page(
    body: str | bytes = ARTICLE,
    status: int = 200,
    kind: str | None = "text/html; charset=utf-8",
    url: str = "https://a.example/1",
    is_whole: bool = True,
    redirects: tuple[str, ...] = (),
) -> Page:
    return Page(
        url=url,
        status=status,
        headers=(("Content-Type", kind),) if kind else (),
        body=body.encode() if isinstance(body, str) else body,
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        is_whole=is_whole,
        redirects=redirects,
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


def document(shown: Shown, head: str = "") -> str:
    """A page as a server sends it, with what surrounds its text on most sites."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in shown.text.split("\n"))
    return (
        f"<!doctype html><html><head><title>{html.escape(shown.title)}</title>{head}<style>p {{ margin: 0 }}</style>"
        f"</head><body><nav><ul><li><a href=/>Home, and a long entry of the menu</a></li></ul></nav>"
        f"<main><h1>{html.escape(shown.title.partition(' | ')[0])}</h1>{paragraphs}</main>"
        "<footer><p>Imprint. Privacy policy. All rights reserved, and more words than an article has.</p></footer>"
    )


@pytest.mark.parametrize("shown", shown_pages(), ids=lambda shown: f"{shown.kind} {shown.language}")
def test_notices_are_rejected_by_their_bytes(shown: Shown) -> None:
    kind = next(kind for kind in KINDS if kind.name == shown.kind)
    why = rejected(page(document(shown)))
    assert why.reason.startswith(kind.reason)
    assert (why.state, why.retry) == (kind.state, kind.retry)


@pytest.mark.parametrize(
    "shown", [one for one in shown_pages() if one.kind == "removed"], ids=lambda shown: shown.language
)
def test_a_removed_article_that_kept_its_markup_is_known_by_its_text(shown: Shown) -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-01-01"}</script>'
    answer = page(document(shown, head))
    admit(answer)
    with pytest.raises(Rejected, match="removed"):
        extract(answer.body, answer.url)


@pytest.mark.parametrize("codec", ["windows-1251", "koi8-r"])
def test_a_notice_is_read_in_the_charset_that_its_page_declares(codec: str) -> None:
    text = f"<meta charset={codec}><title>Маяк</title><p>Этот материал был удалён по решению редакции.</p>"
    assert "removed" in rejected(page(text.encode(codec), kind="text/html")).reason


def test_entities_are_read() -> None:
    body = "<title>Page non trouv&eacute;e</title><p>La page que vous cherchez n&#8217;existe pas.</p>"
    assert "soft 404" in rejected(page(body)).reason


BRIEF = "<h1>Harbour to grow</h1><p>The harbour will get another pier. Work on it begins in May, the mayor said.</p>"


@pytest.mark.parametrize(
    "body",
    [
        f"{BRIEF}",
        f"{BRIEF}<div>We and our 812 partners use cookies.</div><button>Accept all</button><button>Reject all</button>",
        f"<div hidden><p>We and our 812 partners use cookies.</p></div>{BRIEF}",
        f"<div style='display: none'><h1>Log in</h1><input type=password></div>{BRIEF}",
        f"<dialog><h1>Log in</h1><p>Log in to continue.</p><input type=password></dialog>{BRIEF}",
        f"<noscript>You need to enable JavaScript to run this app.</noscript>{BRIEF}",
        f"<!-- <p>This article has been removed.</p> -->{BRIEF}",
        f"<svg><title>Log in</title></svg>{BRIEF}<input type='password'>",
        f"<nav>Subscribe to continue reading. Log in to read. Page not found.</nav>{BRIEF}",
        "<noscript>Please enable JavaScript.</noscript><script id=__NEXT_DATA__>{}</script>",
        "<noscript>Please enable JavaScript.</noscript><script>{'articleBody': 'x'}</script>",
        f"<p>Please enable JavaScript.</p><div style='display:none'>{PROSE * 10}</div>",
    ],
    ids=[
        "brief",
        "layer",
        "hidden",
        "unseen",
        "dialog",
        "noscript",
        "comment",
        "icon",
        "menu",
        "next",
        "body",
        "later",
    ],
)
def test_what_stands_beside_an_article_is_not_taken_for_it(body: str) -> None:
    admit(page(f"<html><title>Harbour to grow</title><body>{body}</body></html>"))


def test_a_shell_says_so_where_no_scripts_run() -> None:
    body = "<title>News</title><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    assert "scripts" in rejected(page(body)).reason


def test_a_consent_host_is_a_refusal_whatever_it_says() -> None:
    assert rejected(page(url="https://consent.search.example/m?continue=x")).state == "refused"


@pytest.mark.parametrize(
    "title", ["Page not found: how a library burnt", "The article that was removed", "Accept all cookies, said the law"]
)
def test_an_article_about_such_pages_is_an_article(title: str) -> None:
    admit(page(f"<html><title>{title}</title><h1>{title}</h1>{PROSE * 25}<p>This article has been removed.</p></html>"))


@pytest.mark.parametrize(
    ("asked", "answered", "state"),
    [
        ("/politics/envoys-resume-talks-after-two-years", "/login?next=/politics/x", "refused"),
        ("/politics/envoys-resume-talks-after-two-years", "/consent", "refused"),
        ("/politics/envoys-resume-talks-after-two-years", "/maintenance.html", "failed"),
        ("/politics/envoys-resume-talks-after-two-years", "/404", "not-an-article"),
        ("/politics/envoys-resume-talks-after-two-years", "/", "not-an-article"),
        ("/politics/envoys-resume-talks-after-two-years", "/politics/", "not-an-article"),
    ],
)
def test_a_redirect_to_a_wall_or_a_list_is_no_article(asked: str, answered: str, state: str) -> None:
    host = "https://a.example"
    assert rejected(page(url=host + answered, redirects=(host + asked,))).state == state


def test_a_redirect_to_the_articles_own_address_is_none_of_these() -> None:
    admit(page(url="https://a.example/politics/talks-1234567", redirects=("http://a.example/?p=1234567",)))


@given(st.binary(max_size=3_000))
def test_any_bytes_are_admitted_or_rejected(body: bytes) -> None:
    try:
        admit(page(body))
    except Rejected as why:
        assert why.reason  # noqa: PT017 - both ways are right; what is tested is that there is no third
