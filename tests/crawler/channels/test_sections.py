from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.sections import MAX_PAGES, Sections
from pipelines.items import Page
from pipelines.topic import Source, Topic

NOW = datetime(2019, 2, 1, tzinfo=UTC)
URL = "https://www.daily.example/world/"
SOURCE = Source(channel="sections", url=URL)
MENU = (
    "<nav><a href=/>Home</a><a href=/sport/>Sport</a><a href=/arts-and-culture>Arts and Culture</a>"
    "<a href=/tag/doha>Doha</a><a href=/autor/mina-rahimi-12345>Mina Rahimi, our correspondent in the region</a>"
    "<a href=/search?q=doha>Search all the news that there is</a><a href='mailto:a@daily.example'>Write to us</a>"
    "<a href='javascript:void(0)'>Open the menu of all our sections</a><a href='#top'>Top</a>"
    "<a href='https://facebook.com/sharer?u=x'>Share</a><a href=/privacy-policy>Privacy</a></nav>"
)


def read(
    body: str | bytes,
    *,
    url: str = URL,
    status: int = 200,
    since: date | None = None,
    until: date | None = None,
    final: str = "",
    depth: int = 0,
    trail: tuple[str, ...] = (),
    is_whole: bool = True,
    content_type: str = "text/html",
) -> Answer:
    ask = Ask(url=url, source=SOURCE, kind="section", depth=depth, trail=trail)
    page = Page(
        url=final or url,
        status=status,
        headers=(("Content-Type", content_type),),
        body=body.encode() if isinstance(body, str) else body,
        fetched=NOW,
        redirects=(url,) if final else (),
        is_whole=is_whole,
    )
    return Sections().read(ask, page, Topic(name="talks", since=since, until=until), NOW)


def page(*links: str, more: str = "") -> str:
    shown = "".join(f"<h2><a href='{link}'>Envoys meet again in Doha</a></h2>" for link in links)
    return f"<!doctype html><html><body>{MENU}{shown}{more}</body></html>"


def urls(answer: Answer) -> list[str]:
    return [candidate.url.removeprefix("https://www.daily.example") for candidate in answer.candidates]


def test_only_the_sources_of_this_channel_are_asked_and_each_may_cost_five_requests() -> None:
    topic = Topic(name="t", sources=(SOURCE, Source(channel="feeds", url=URL)))
    assert [(ask.url, ask.kind, ask.depth) for ask in Sections().asks(topic, NOW)] == [(URL, "section", 0)]
    assert Sections().most(topic, NOW) == MAX_PAGES == 5


def test_links_to_articles_are_candidates_with_title_day_and_rank() -> None:
    answer = read(page("/2019/01/29/envoys-meet", "/world/talks-go-on-in-doha"))
    first, second = answer.candidates
    assert (first.url, first.title) == ("https://www.daily.example/2019/01/29/envoys-meet", "Envoys meet again in Doha")
    assert (first.published, first.rank) == (datetime(2019, 1, 29, tzinfo=UTC), 0)
    assert (second.published, second.rank) == (None, 1)
    assert (answer.status, answer.asks) == ("complete", ())
    assert answer.reason == "2 links of 12 chosen"


def test_one_article_linked_several_times_has_its_best_title() -> None:
    link = "<a href='{}'>{}</a>"
    target = "/2019/01/29/envoys-meet"
    body = "".join(
        link.format(url, text)
        for url, text in [
            (target, "<img src=x>"),
            (f"{target}?utm_source=home#c", "Envoys meet again in Doha"),
            (f"{target}#comments", "1,204 comments"),
            (target, "Read more"),
        ]
    )
    answer = read(f"<html>{body}")
    assert [(c.url.partition("example")[2], c.title) for c in answer.candidates] == [
        (target, "Envoys meet again in Doha")
    ]


def test_an_address_that_might_be_anything_needs_a_headline() -> None:
    body = (
        "<html><a href=/kabul>Kabul waits for news of the talks</a><a href=/doha>Doha</a>"
        "<a href=/z/20375>Economy</a><a href=/z/20376>Ghani will not sign</a>"
    )
    assert urls(read(body)) == ["/kabul", "/z/20376"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/fa/مذاکرات-صلح-در-دوحه", "مذاکرات صلح در دوحه از سر گرفته شد"),
        ("/ja/1204", "アフガン和平協議、ドーハで再開へ"),
        ("/ru/1204", "Переговоры в Дохе начались снова сегодня"),
        ("/news/阿富汗和平谈判今日恢复", "阿富汗和平谈判"),
    ],
    ids=["persian", "japanese", "russian", "chinese"],
)
def test_outlets_of_any_language_are_read(path: str, text: str) -> None:
    (candidate,) = read(f"<html><a href='{path}'>{text}</a>").candidates
    assert candidate.title == text
    assert candidate.url.isascii()


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/2019/01/29/envoys-meet",
        "https://daily.example.org/2019/01/29/envoys-meet",
        "/2019/01/29/envoys-meet.jpg",
        "/2019/01/29/",
        "/world/envoys-meet-in-doha;jsessionid=B01BDCE4530EF0FB9BD52A2652C1F167",
        "/a/b/a/b/envoys-meet-in-doha",
        "/world?sort=new&region=asia",
        "http://[",
        "https://user@www.daily.example/2019/01/29/envoys-meet",
        URL,
    ],
    ids=["other outlet", "lookalike", "picture", "calendar", "session", "loop", "facets", "none", "password", "itself"],
)
def test_links_that_lead_elsewhere_or_for_ever_are_left_out(link: str) -> None:
    assert urls(read(page("/2019/01/29/a-b", link))) == ["/2019/01/29/a-b"]


@pytest.mark.parametrize("rel", ["tag", "author", "category tag", "sponsored"])
def test_what_a_page_itself_says_of_a_link_is_believed(rel: str) -> None:
    assert urls(read(page("/2019/01/29/a-b", more=f"<a rel='{rel}' href=/2019/01/29/c-d>x</a>"))) == ["/2019/01/29/a-b"]


def test_all_hosts_of_the_outlet_belong_to_it() -> None:
    link = "https://sport.daily.example/2019/01/29/envoys-meet"
    assert [c.url for c in read(page(link)).candidates] == [link]


def test_days_outside_of_the_window_are_left_out_and_days_to_come_are_no_days() -> None:
    answer = read(
        page("/2019/01/29/a-b", "/2016/01/29/c-d", "/2031/01/29/e-f", "/world/talks-go-on-in-doha"),
        since=date(2018, 1, 1),
        until=date(2019, 3, 1),
    )
    assert urls(answer) == ["/2019/01/29/a-b", "/2031/01/29/e-f", "/world/talks-go-on-in-doha"]
    assert answer.candidates[1].published is None
    assert answer.reason == "1 entry outside of the topic's window; 4 links of 14 chosen"


REFUSED = {
    "drawn by scripts": (
        "<!doctype html><html><div id=root></div><script src=/app.js></script>",
        "a page without links",
    ),
    "links to others": ("<html><a href=https://other.example/2019/01/29/a-b>x</a>", "a page without links to its own"),
    "menus only": (f"<html>{MENU}", "none of its 7 links looks like an article's"),
    "a feed": ("<rss><channel><item><link>/a</link></item></channel></rss>", "a feed, not a page: name it as a source"),
    "a sitemap": ("<urlset><url><loc>/a</loc></url></urlset>", "a sitemap, not a page: name it as a source of the"),
    "a list": (f"{URL}a\n{URL}b\n", "a list of addresses, not a page"),
    "json": ('{"articles": []}', ""),
    "a json feed": ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "a feed, not a page"),
    "text": ("Please wait", "neither a page nor a listing"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "neither a page nor a listing"),
    "nothing": ("  ", "an empty body"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_answer_that_is_no_section_is_refused_with_a_reason(body: str | bytes, reason: str) -> None:
    answer = read(body)
    assert (answer.status, answer.candidates, answer.asks) == ("refused", (), ())
    assert answer.reason
    assert answer.reason.startswith(reason)


@pytest.mark.parametrize(
    ("status", "expected", "reason"),
    [
        (304, "complete", "not modified"),
        (403, "refused", "HTTP 403"),
        (404, "failed", "HTTP 404"),
        (429, "refused", "HTTP 429"),
        (503, "failed", "HTTP 503"),
    ],
)
def test_http_statuses_are_told_apart(status: int, expected: str, reason: str) -> None:
    answer = read(page("/2019/01/29/a-b"), status=status)
    assert (answer.status, answer.reason, answer.candidates) == (expected, reason, ())


def test_a_consent_page_is_refused() -> None:
    answer = read(page("/2019/01/29/a-b"), final="https://consent.daily.example/collect?u=x")
    assert (answer.status, answer.reason) == ("refused", "a consent page")


def test_a_page_that_is_cut_keeps_its_links_and_says_so() -> None:
    answer = read(page("/2019/01/29/a-b"), is_whole=False)
    assert (answer.status, urls(answer)) == ("failed", ["/2019/01/29/a-b"])
    assert read("<html>", is_whole=False).status == "failed"


def chain(pages: dict[str, str], **window: date) -> list[Answer]:
    """The answers of a section whose pages these are, asked as far as its asks lead."""
    answers = [read(pages[URL], **window)]  # type: ignore[arg-type]  # since and until, as read takes them
    while answers[-1].asks:
        (ask,) = answers[-1].asks
        window_and_place = {"depth": ask.depth, "trail": ask.trail, **window}
        answers.append(read(pages[ask.url], url=ask.url, **window_and_place))  # type: ignore[arg-type]  # as above
    return answers


def numbered(count: int, *, day: str = "2019/01/29") -> dict[str, str]:
    """A section of so many pages, one article on each."""
    pages = {}
    for number in range(1, count + 1):
        more = f"<a href='{URL}page/{number + 1}/'>{number + 1}</a>" if number < count else ""
        pages[URL if number == 1 else f"{URL}page/{number}/"] = page(f"/{day}/part-{number}", more=more)
    return pages


def test_a_list_is_followed_to_its_end() -> None:
    answers = chain(numbered(3))
    assert [urls(answer) for answer in answers] == [[f"/2019/01/29/part-{number}"] for number in (1, 2, 3)]
    assert [answer.status for answer in answers] == ["complete"] * 3


def test_a_list_of_more_than_five_pages_is_saturated() -> None:
    answers = chain(numbered(9))
    assert len(answers) == MAX_PAGES
    assert [answer.status for answer in answers] == ["complete"] * 4 + ["saturated"]
    assert answers[-1].reason.endswith("goes on beyond the 5 pages that one run asks")
    assert urls(answers[-1]) == ["/2019/01/29/part-5"]


def test_a_further_page_gives_only_what_the_earlier_ones_did_not() -> None:
    pages = numbered(3)
    pages[f"{URL}page/2/"] = pages[f"{URL}page/2/"].replace("<nav>", "<nav><a href=/2019/01/29/part-1>Envoys</a>")
    answers = chain(pages)
    assert urls(answers[1]) == ["/2019/01/29/part-2"]
    assert "1 of them known from the pages before" in answers[1].reason


def test_a_list_ends_where_a_page_brings_nothing_new() -> None:
    pages = numbered(9)
    pages[f"{URL}page/2/"] = pages[URL].replace("page/2/", "page/3/").replace(">2<", ">3<")
    answers = chain(pages)
    assert [answer.status for answer in answers] == ["complete", "complete"]
    assert answers[1].reason == "nothing that the pages before did not have: the list ends here"


def test_a_list_ends_where_a_page_has_no_article() -> None:
    pages = numbered(9) | {f"{URL}page/2/": f"<html>{MENU}"}
    assert [answer.reason for answer in chain(pages)][1:] == ["no link to an article: the list ends here"]


def test_a_list_ends_where_all_days_lie_before_the_window() -> None:
    pages = numbered(9) | {f"{URL}page/2/": numbered(9, day="2017/01/29")[f"{URL}page/2/"]}
    answers = chain(pages, since=date(2018, 1, 1))
    assert len(answers) == 2
    assert answers[1].status == "complete"
    assert answers[1].reason.endswith("all dated links lie before the topic's window: the pages after are not asked")


def test_a_list_that_is_still_after_the_window_goes_on() -> None:
    assert len(chain(numbered(3), until=date(2018, 1, 1))) == 3


def test_two_pages_that_name_each_other_do_not_go_round() -> None:
    pages = numbered(2)
    pages[f"{URL}page/2/"] = page("/2019/01/29/part-2", more=f"<a rel=next href='{URL}'>x</a>")
    assert len(chain(pages)) == 2


WORDS = (
    "<html>|<a href=|'/2019/01/29/a-b'|/world/page/2/|?page=2|>|</a>|Envoys meet again in Doha|2|<base href='//['>|"
    "<link rel=next href=|<!--|<script>|<rss>|<urlset>|{|\\u0000|<svg>|<h2>|&#0;|http://[|%ff%|;jsessionid=|\ufeff|"
    "<a href=/x?page=²&p=٣>2</a>"
)
pieces = st.sampled_from([piece.encode() for piece in WORDS.split("|")] + [b"\x00", b"\xff\xfe", b"\x1f\x8b"])


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.lists(pieces | st.binary(max_size=4), max_size=40).map(b"".join),
    st.just(200) | st.integers(100, 599),
    st.integers(0, 6),
    st.text(max_size=30),
)
def test_any_bytes_are_an_answer(body: bytes, status: int, depth: int, content_type: str) -> None:
    answer = read(body, status=status, depth=depth, content_type=content_type)
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert len(answer.asks) <= 1
    assert all(ask.depth == depth + 1 <= MAX_PAGES - 1 and ask.url.startswith("http") for ask in answer.asks)
    assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))


HOSTILE = (
    "<a>", '<a href="', "<a href='<", "<", "<script>", "<!--", "<a href=/x><h1>", '<a href=/x><img alt="<', "</span>",
    "<a title='<a title=\"", "&", "<base href='a/'>", "<a href=/2019/01/29/a-b>",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_megabytes_of_malice_end_with_an_answer(unit: str) -> None:
    answer = read("<html>" + unit * (2 * 2**20 // len(unit)))
    assert answer.reason
    assert len(answer.candidates) <= 1
