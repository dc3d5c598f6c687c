from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

from archive.pages.article import PARAGRAPHS, says
from archive.pages.marking import SHOWN
from archive.store import Archive
from tests.archive.pages.test_citations import read_bibtex, read_ris
from tests.filling import ARTICLES, HOSTILE, fill
from tests.opened import Get, opened
from tests.serving import scripts

LARGEST = 30_000  # bytes of a page beside its body


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("read"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def page_of(get: Get, path: str) -> html.HtmlElement:
    answer = get(path)
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST
    return html.fromstring(answer.text)


def words(page: html.HtmlElement, path: str) -> str:
    return " | ".join(" ".join(one.text_content().split()) for one in page.xpath(path))


def section(page: html.HtmlElement, heading: str) -> str:
    return words(page, f"//aside/section[h2='{heading}']")


def test_an_article_is_read_with_who_wrote_it_where_and_when(get: Get) -> None:
    page = page_of(get, "/article/1")
    assert words(page, "//h1") == "Doha talks end with a draft"
    assert words(page, "//p[@class='standfirst']") == "Working groups are to meet in April."
    assert len(page.xpath("//div[@class='body']/p")) == 3
    assert page.xpath("//dl//a[.='Mina Rahimi']/@href") == ["/author/Mina%20Rahimi"]
    assert page.xpath("//p[@class='kicker']/a/@href") == ["/outlet/wire.example"]
    assert page.xpath("//dl//time/@datetime") == ["2019-03-12T09:30:00Z"]
    away = page.xpath("//a[starts-with(., 'Read at')]")[0]
    assert (away.get("href"), away.get("rel")) == ("https://wire.example/doha", "noopener noreferrer nofollow")
    assert page.xpath("//a[.='Kept copy']/@href") == ["/article/1/kept"]


def test_its_date_is_told_no_more_precisely_than_it_is_known(get: Get) -> None:
    assert "3 February 2019 the page gives a day, no time" in words(page_of(get, "/article/4"), "//dl")
    assert "undated the page gives no date" in words(page_of(get, "/article/5"), "//dl")


def test_what_is_wrong_with_it_is_told(get: Get) -> None:
    partial = words(page_of(get, "/article/4"), "//p[@class='note']")
    assert partial == "Only a part of the text was on the page: the document has no end."
    gone = words(page_of(get, "/article/6"), "//p[@class='note']")
    assert "it was not there any more on 13 March 2019, 18:00 UTC" in gone
    assert "asks its readers to pay" in gone
    assert "Credited toAFP" in words(page_of(get, "/article/2"), "//dl")


def test_a_live_blog_shows_its_posts_with_their_times_and_its_pictures_captions(get: Get) -> None:
    page = page_of(get, "/article/4")
    assert words(page, "//h2[@class='post']") == "3 February 2019, 08:00 UTC First stalls | 3 February 2019, 17:00 UTC"
    assert words(page, "//section[@class='captions']/ul/li") == "A lane of the market | The zither maker's shutters"


def test_it_says_who_announced_it_first_and_why_it_is_here(get: Get) -> None:
    page = page_of(get, "/article/1")
    assert section(page, "How it was found").startswith(
        "How it was found First announced by a feed 12 March 2019, 18:00 UTC https://wire.example/feed.xml Fetched"
    )
    why = section(page, "Why it is here")
    assert "Peace talks: on the topic, score 0.83 doha 40 % talks 20 %" in why
    assert "/topic/talks" in page.xpath("//aside//a/@href")


def test_its_terms_are_marked_in_the_text_where_a_reader_asks(get: Get) -> None:
    plain = page_of(get, "/article/1")
    assert not plain.xpath("//mark")
    assert plain.xpath("//p[@class='toggle']/a/@href") == ["/article/1?marked=1"]
    marked = page_of(get, "/article/1?marked=1")
    assert marked.xpath("//h1/mark/text()") == ["Doha", "talks"]
    assert marked.xpath("//div[@class='body']//mark/text()") == ["Doha"]
    assert marked.xpath("//p[@class='toggle']/a/@href") == ["/article/1"]
    assert not page_of(get, "/article/4?marked=1").xpath("//mark")


def test_the_words_of_a_search_are_marked_where_it_led_here(get: Get) -> None:
    page = page_of(get, "/article/1?q=negotiation+outlet:wire.example")
    assert page.xpath("//div[@class='body']//mark/text()") == ["negotiations"]
    assert not page_of(get, "/article/1?q=%22").xpath("//mark")


def test_its_storys_copies_stand_beside_it_earliest_first(get: Get) -> None:
    page = page_of(get, "/article/2")
    assert words(page, "//ol[@class='copies']/li") == (
        "Gulf Wire 12 March 2019, 09:30 UTCoriginal | The Herald +1 h 30 minsyndicated, 97 %"
    )
    assert words(page, "//li[@aria-current='true']").startswith("The Herald")
    assert page.xpath("//ol[@class='copies']//a/@href") == ["/article/1"]
    assert page.xpath("//section[ol[@class='copies']]//p[@class='more']/a/@href") == ["/story/1"]
    assert not page_of(get, "/article/3").xpath("//ol[@class='copies']")


def test_its_neighbours_in_time_are_links_that_a_browser_knows(get: Get) -> None:
    page = page_of(get, "/article/4")
    assert words(page, "//nav[@class='neighbours']//a[@rel='prev']") == "Ceasefire proposed for the spring"
    assert words(page, "//nav[@class='neighbours']//a[@rel='next']") == "Doha talks end with a draft"
    assert page.xpath("//head/link[@rel='prev' or @rel='next']/@href") == ["/article/6", "/article/1"]
    assert not page_of(get, "/article/5").xpath("//nav[@class='neighbours']")


def test_what_happened_to_it_what_is_contested_and_what_was_ruled(get: Get) -> None:
    page = page_of(get, "/article/4")
    happened = section(page, "What happened")
    assert "the page changed and says the same: counter" in happened
    assert "Correction: the market <b>opens</b> on Sundays[31m." in happened
    assert "that of 12 March 2019, 18:00 UTC" in happened
    assert "headlineas json-ld has it; og: Market in Kabul <opens> again" in section(page, "Contested")
    assert "kept apart from =HYPERLINK" in section(page, "Ruled by hand")
    assert page.xpath("//a[starts-with(., '2 versions')]/@href") == ["/article/4/changes"]


def test_it_is_cited_in_three_ways(get: Get) -> None:
    page = page_of(get, "/article/1")
    assert words(page, "//p[@class='plain']").startswith("Mina Rahimi. “Doha talks end with a draft.” Gulf Wire")
    assert len(page.xpath("//section[@class='cite']//details/pre")) == 2
    files = page.xpath("//p[contains(@class, 'files')]/a/@href")
    assert files == [f"/article/1.{form}" for form in ("bib", "ris", "txt", "json")]


def test_a_citation_by_address_leads_to_the_article(get: Get) -> None:
    for url in (ARTICLES[4]["url"], f"{ARTICLES[4]['url']}/amp"):
        answer = get(f"/article?url={quote(url, safe='')}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/article/5")
    link = page_of(get, "/article/5").xpath("//p[@class='lasting']/a[@class='address']/@href")[0]
    assert get(link).headers["location"] == "/article/5"


def test_an_address_without_an_article_says_why(get: Get) -> None:
    answer = get("/article?url=https://wire.example/cricket")
    assert answer.status_code == 404
    told = "A link to it was found on 12 March 2019 for Peace talks. It was read, and is on something else: score 0.02"
    assert told in " ".join(html.fromstring(answer.text).text_content().split())
    for url in ("https://nowhere.example/", "%3Cscript%3Ealert(1)", "javascript:alert(1)"):
        answer = get(f"/article?url={url}")
        assert answer.status_code == 404
        assert "The archive has never met it." in answer.text
        assert not scripts(answer.text)
    assert {get(f"/article{query}").status_code for query in ("", "?url=", "?url=%00")} == {200}


@pytest.mark.parametrize(
    "path", ["/article/99", "/article/0", "/article/999999999999999999", "/article/1.pdf", "/article/x", "/article/-1",
             "/article/1234567890123456789012", "/article/99.json", "/article/99/changes", "/article/99/kept"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(get: Get, path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.parametrize("number", range(1, 7))
def test_hostile_text_is_text_in_every_form(get: Get, number: int) -> None:
    assert "<script>" in HOSTILE
    for path in (
        f"/article/{number}",
        f"/article/{number}?marked=1",
        f"/article/{number}/changes",
        f"/article/{number}/kept",
    ):
        page = get(path).text
        assert not scripts(page)
        assert "<img src=x" not in page
        assert not set(page) & {"\x1b", "\u202e", "\x02", "\x03"}
    assert not set(get(f"/article/{number}.txt").text) & {"\x1b", "\u202e"}
    read_bibtex(get(f"/article/{number}.bib").text)
    read_ris(get(f"/article/{number}.ris").text)


def test_an_address_that_is_no_web_address_is_no_link(data: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(Archive.open(tmp_path)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET url = 'javascript:alert(1)' WHERE id = 1")
    with opened(tmp_path) as get:
        assert 'href="javascript' not in get("/article/1").text.lower()


@pytest.mark.parametrize(
    ("form", "content_type", "name"),
    [("bib", "application/x-bibtex", "wire2019doha.bib"), ("txt", "text/plain", "wire2019doha.txt"),
     ("ris", "application/x-research-info-systems", "wire2019doha.ris")],
)  # fmt: skip
def test_a_form_is_a_file_with_a_name(get: Get, form: str, content_type: str, name: str) -> None:
    answer = get(f"/article/1.{form}")
    assert answer.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert answer.headers["content-disposition"].endswith(name)


def test_its_plain_text_begins_with_its_citation(get: Get) -> None:
    text = get("/article/1.txt").text
    assert text.startswith("Mina Rahimi. “Doha talks")
    assert "\n\nDoha talks end with a draft\n\nWorking groups are to meet in April.\n\nEnvoys" in text


def test_its_json_says_what_its_page_says_by_addresses(get: Get) -> None:
    told = json.loads(get("/article/4.json").text)
    assert told["address"] == "article/4"
    assert (told["title"], told["published"], told["published_precision"]) == (
        "Kabul market reopens", "2019-02-03T00:00:00Z", "day",
    )  # fmt: skip
    assert told["earlier_texts"] == 1
    assert [one["kind"] for one in told["events"]] == ["boring", "correction", "flapping"]
    assert told["announced"][0]["source"] == "https://wire.example/feed.xml"
    assert told["neighbours"]["before"]["address"] == "article/6"
    assert told["rulings"][0]["address"] == "article/5"
    assert told["is_partial"] is True
    assert json.loads(get("/article/2.json").text)["story"]["first"][0]["address"] == "article/1"
    ids = re.findall(r'"(\w*_id)"', json.dumps(told))
    assert ids == []


def test_of_a_text_of_very_many_lines_the_first_are_drawn(tmp_path: Path) -> None:
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ? WHERE id = 1", ["a\n" * 50_000])
    with opened(tmp_path) as get:
        page = html.fromstring(get("/article/1?q=a").text)
        assert len(page.xpath("//div[@class='body']/p[not(@class)]")) == PARAGRAPHS
        assert page.xpath("//p[@class='note']/a[.='all of it as plain text']")
        assert get("/article/1.txt").text.count("\na") > 49_000


def test_a_text_that_is_longer_than_a_page_is_cut_with_a_word(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(Archive.open(tmp_path)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ? WHERE id = 1", ["word " * (SHOWN // 4)])
    with opened(tmp_path) as get:
        page = get("/article/1").text
        assert len(page) < SHOWN + LARGEST
        assert "all of it as plain text" in page
        assert len(get("/article/1.txt").text) > SHOWN


@pytest.mark.parametrize(
    ("paragraph", "summary", "is_said"),
    [("The talks end. More.", "The talks end.", True), ("The talks end.", "The talks en…", True),
     ("\x02The\x03 talks end.", "The talks", True), ("Another.", "The talks end.", False)],
)  # fmt: skip
def test_a_standfirst_that_the_text_begins_with_is_not_read_twice(paragraph: str, summary: str, is_said: bool) -> None:
    assert says(paragraph, summary) is is_said
