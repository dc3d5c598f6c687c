from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import html

from archive.catalogue.results import Results
from archive.pages.search import told
from archive.pages.wanted import wanted
from archive.store import Archive
from tests.opened import Get, opened

LARGEST = 30_000  # bytes of a page


@pytest.fixture
def get(stocked: Get) -> Get:
    return stocked


def page_of(get: Get, path: str) -> html.HtmlElement:
    answer = get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def text(found: list[html.HtmlElement]) -> str:
    assert len(found) == 1
    return " ".join(found[0].text_content().split())


def links(page: html.HtmlElement, path: str) -> dict[str, str]:
    """What leads where, by its words."""
    return {" ".join(one.text_content().split()): one.get("href") for one in page.xpath(path)}


def typed_in(query: str) -> str:
    return parse_qs(urlsplit(query).query).get("q", [""])[0]


def titles(page: html.HtmlElement) -> list[str]:
    return [one.text_content().strip() for one in page.xpath("//li[@class='entry']/h3")]


def test_all_articles_are_there_without_a_question_newest_first(get: Get) -> None:
    page = page_of(get, "/search")
    assert text(page.xpath("//h1")) == "45 articles in 41 stories"
    assert text(page.xpath("//b[@aria-current='true']")) == "Newest first"
    assert titles(page)[0] == "Envoys meet, day 43"
    assert len(titles(page)) == 20


def test_what_was_looked_for_is_marked_in_title_and_passage(get: Get) -> None:
    page = page_of(get, "/search?q=unique003+envoys")
    assert text(page.xpath("//h1")) == "1 article"
    assert [one.text for one in page.xpath("//h3//mark")] == ["Envoys"]
    assert "Unique003" in [one.text for one in page.xpath("//p[@class='text']/mark")]
    assert text(page.xpath("//b[@aria-current='true']")) == "Best first"
    assert page.xpath("//main//input[@name='q']/@value") == ["unique003 envoys"]


def test_copies_are_one_answer_which_leads_to_its_story(get: Get) -> None:
    folded = page_of(get, "/search?q=truce&order=oldest")
    assert text(folded.xpath("//h1")) == "45 articles in 41 stories"
    first = folded.xpath("//li[@class='entry']")[0]
    assert "+4 outlets" in first.text_content()
    assert first.xpath(".//a[@class='copies']/@href")[0].startswith("/story/")
    apart = page_of(get, "/search?" + links(folded, "//p[@class='orders']/a")["Show each copy"].removeprefix("?"))
    assert text(apart.xpath("//h1")) == "45 articles"
    assert "Fold copies" in links(apart, "//p[@class='orders']/a")


def test_a_copy_that_matches_alone_says_how_many_others_there_are(get: Get) -> None:
    page = page_of(get, "/search?q=outlet:paper10.example")
    assert "1 of 5 match" in page.text_content()


def test_facets_combine_and_are_taken_off_again(get: Get) -> None:
    page = page_of(get, "/search?q=truce")
    german = links(page, "//section[h2='Language']//a")["German"]
    assert typed_in(german) == "truce language:de"
    page = page_of(get, f"/search{german}")
    assert text(page.xpath("//h1")) == "5 articles"
    both = links(page, "//section[h2='Author']//a")["Writer 2"]
    page = page_of(get, f"/search{both}")
    assert len(titles(page)) == 2
    chips = links(page, "//ul[@class='chips']//a")
    assert list(chips) == ["Language: German ×", "Author: Writer 2 ×", "Clear all"]
    assert "language" not in typed_in(chips["Language: German ×"])
    assert typed_in(chips["Clear all"]) == "truce"
    assert page.xpath("//ul[@class='chips']//a/@aria-label")[0] == "Take off Language: German"
    chosen = page.xpath("//section[h2='Language']//li[@class='selected']/a")[0]
    assert chosen.get("aria-label") == "Take off Language: German"
    assert "language" not in typed_in(chosen.get("href"))


def test_a_facet_that_tells_nothing_is_not_shown(get: Get) -> None:
    shown = page_of(get, "/search?q=outlet:paper1.example").xpath("//section[@class='facet']/h2/text()")
    assert "Topic" not in shown
    assert "Outlet" in shown


def test_order_and_copies_go_along_with_every_link(get: Get) -> None:
    page = page_of(get, "/search?q=truce&order=oldest&copies=all&page=2")
    for path in ("//section[@class='facet']//a", "//svg//a", "//nav[@class='pages']//a", "//span[@class='forms']/a"):
        found = links(page, path).values()
        assert found
        assert all("order=oldest" in one and "copies=all" in one for one in found)
    assert page.xpath("//main//input[@name='copies']/@value") == ["all"]
    assert page.xpath("//main//input[@name='order']/@value") == ["oldest"]


@pytest.mark.parametrize(
    ("order", "first"),
    [("newest", "Envoys meet, day 43"), ("oldest", "Envoys meet, day 0"), ("odd", "Envoys meet, day 43")],
)
def test_a_reader_says_what_comes_first(get: Get, order: str, first: str) -> None:
    assert titles(page_of(get, f"/search?order={order}&q=-nothing"))[0] == first


def test_pages_follow_each_other_and_list_everything_once(get: Get) -> None:
    found, path = [], "/search?copies=all&order=oldest"
    for _ in range(4):
        page = page_of(get, path)
        found += titles(page)
        following = page.xpath("//a[contains(@rel, 'next')]/@href")
        if not following:
            break
        path = f"/search{following[0]}"
    assert len(found) == len(set(found)) == 45
    assert text(page.xpath("//span[@class='of']")) == "Page 3 of 3"
    assert text(page.xpath("//b[@aria-current='page']")) == "3"


@pytest.mark.parametrize("number", ["99", "4", "999999"])
def test_a_page_beyond_the_end_shows_the_way_back(get: Get, number: str) -> None:
    page = page_of(get, f"/search?q=truce&page={number}")
    assert f"There is no page {int(number):,}" in page.text_content()
    assert links(page, "//p[@class='empty']/a") == {"page 3": "?q=truce&page=3"}


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "1e9", "99999999999999999999", ""])
def test_a_page_that_is_no_number_is_the_first(get: Get, number: str) -> None:
    assert "Page 1 of" in page_of(get, f"/search?page={quote(number)}").text_content()


@pytest.mark.parametrize(
    "typed",
    [
        '"', "(", "*", "-", "OR", "a AND", "NEAR(", "outlet:", "since:never", "month:2019-99", "title:", ":", "\x00",
        "\ud800", "<script>alert(1)</script>", "\u202eabc", "{}", "x" * 990, "and " * 240, "😀", '"a" "b', "^",
        "a:b:c", "%", "--", "' OR 1=1",
    ],
    ids=range(26),
)  # fmt: skip
def test_whatever_is_typed_gives_an_answer(get: Get, typed: str) -> None:
    for form in ("", ".json", ".atom"):
        answer = get(f"/search{form}?q={quote(typed, errors='surrogatepass')}")
        assert answer.status_code == 200
    assert "<script>alert" not in get(f"/search?q={quote(typed, errors='surrogatepass')}").text


def test_hostile_text_is_text(get: Get) -> None:
    for path in ("/search?copies=all&order=oldest", "/search?q=script", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        page = get(path).text
        assert "<script>alert" not in page
        assert "<b>markup" not in page
        assert "<b>Sons" not in page
        assert not set(page) & {"\x1b", "\u202e", "\x02", "\x03"}


def test_signs_say_what_kind_of_article_it_is(get: Get) -> None:
    metas = {one.xpath("string(h3)").strip(): one.xpath("string(p[contains(@class, 'parts')])") for one in page_of(
        get, "/search?copies=all&order=oldest").xpath("//li[@class='entry']")}  # fmt: skip
    assert "live blog" in metas["Envoys meet, day 11"]
    assert "paywalled" in metas["Envoys meet, day 12"]
    assert "German" in metas["Envoys meet, day 8"]
    assert "English" not in metas["Envoys meet, day 1"]
    assert "syndicated copy" in metas["Envoys meet, day 10"]


def test_an_entry_leads_to_its_article_and_its_outlet(get: Get) -> None:
    entry = page_of(get, "/search?q=unique003").xpath("//li[@class='entry']")[0]
    assert entry.xpath("h3/a/@href") == ["/article/4"]
    assert entry.xpath("p/a[@class='outlet']/@href") == ["/outlet/paper3.example"]


def test_other_forms_of_exactly_this_result_are_offered(get: Get) -> None:
    page = page_of(get, "/search?q=truce+language:de&order=oldest")
    forms = links(page, "//span[@class='forms']/a")
    assert forms.pop("Spreadsheet") == "/search.csv?q=truce+language:de&order=oldest&for=spreadsheet"
    assert forms == {
        name: f"/search.{name.lower()}?q=truce+language:de&order=oldest" for name in ("CSV", "JSON", "Atom")
    }
    feed = page.xpath("//head/link[@type='application/atom+xml']/@href")
    assert feed == ["/search.atom?q=truce+language:de&order=oldest"]


def test_nothing_found_says_what_to_ask_instead(get: Get) -> None:
    page = page_of(get, "/search?q=truce+unique003+language:de+kind:video")
    assert text(page.xpath("//h1")) == "No article matches"
    offers = links(page, "//div[@class='advice']//ul//a")
    assert typed_in(offers["Without any filter"]) == "truce unique003"
    assert page.xpath("//div[@class='advice']//li[a='Without any filter']/span/text()") == ["1"]
    page = page_of(get, "/search?q=truce+zxcvb")
    assert "No article has zxcvb" in page.text_content()
    assert links(page, "//div[@class='advice']/p[1]/a") == {}, "a beginning that finds nothing is no help"
    assert typed_in(links(page, "//div[@class='advice']//ul//a")["Only truce"]) == "truce"
    page = page_of(get, "/search?q=unique0zz")
    assert links(page, "//div[@class='advice']/p[1]/a") == {"unique0*": "?q=unique0%2A"}


def test_a_part_of_a_name_leads_to_the_outlets_and_authors_that_have_it(get: Get) -> None:
    offers = links(page_of(get, "/search?q=truce+outlet:paper1"), "//div[@class='advice']//ul//a")
    assert typed_in(offers["Outlet: Paper & <b>Sons</b> 1"]) == "truce outlet:paper1.example"
    offers = links(page_of(get, "/search?q=truce+author:writer"), "//div[@class='advice']//ul//a")
    assert typed_in(offers["With “writer” in the byline"]) == 'truce byline:"writer"'


@pytest.mark.parametrize(
    ("ranked", "searched", "is_whole", "sentences"),
    [
        (612_345, 612_345, True, []),
        (20_000, 612_345, True, ["The 20,000 latest arrivals of 612,345 matches are ranked by their words"]),
        (612_345, 300_000, False, ["the counts of the 300,000 articles that arrived last"]),
    ],
)
def test_it_is_honest_about_what_was_ranked_and_counted(
    ranked: int, searched: int, is_whole: bool, sentences: list[str]
) -> None:
    asking = wanted({"q": "truce since:soon"})
    results = Results(
        question=asking.question, order="best", articles=612_345, listed=5, ids=(), found=(), page=1, pages=1,
        facets=(), months=(), ranked=ranked, searched=searched, is_whole=is_whole,
    )  # fmt: skip
    unclear, *others = told(asking, results)
    assert "soon" in unclear
    assert len(others) == len(sentences)
    assert all(sentence in other for sentence, other in zip(sentences, others, strict=True))


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    Archive.open(tmp_path).close()
    with opened(tmp_path) as get:
        for path in ("/search", "/search?q=truce", "/"):
            assert "dossier crawl" in page_of(get, path).text_content()
        assert get("/search.json").json()["results"] == []
        assert get("/search.atom").status_code == 200


@pytest.mark.parametrize("typed", ["", "truce", "truce " * 30, "outlet:paper1.example " * 20, "月" * 60])
def test_a_page_is_small(get: Get, typed: str) -> None:
    for path in (f"/search?q={quote(typed)}", f"/search?q={quote(typed)}&copies=all&page=2"):
        assert len(get(path).content) <= LARGEST


def test_the_longest_question_makes_no_endless_page(get: Get) -> None:
    typed = " OR ".join(["truce", *["月" * 20] * 20])
    assert len(get(f"/search?q={quote(typed)}&copies=all&page=2").content) <= 2 * LARGEST


def test_how_to_search_is_told_with_examples_that_work(get: Get) -> None:
    examples = links(page_of(get, "/search"), "//details[@class='how']//dt/a")
    assert len(examples) > 5
    assert all(address.startswith("/search?q=") for address in examples.values())
    assert {get(address).status_code for address in examples.values()} == {200}


def test_a_page_is_given_again_until_the_archive_changes(get: Get) -> None:
    first, second = get("/search?q=truce"), get("/search?q=truce")
    assert first.headers["etag"] == second.headers["etag"]
    assert first.text == second.text
