"""Captures in a web archive, told apart from the archive's own word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.mementos import (
    blocked,
    fault_of_memento,
    is_memento,
    memento_url,
    moment_of_stamp,
    original_of,
    page_of_memento,
)
from pipelines.items import Page
from tests.services.wayback import ERROR, Archive, Taken, replayed

BASE = "https://web.archive.org/web/"
AT = datetime(2019, 1, 29, 12, tzinfo=UTC)
STORY = "https://daily.example/2019/01/29/envoys-meet"
ASKED = f"{BASE}20190129120000id_/{STORY}"


def page(
    url: str = ASKED,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"<p>",
    redirects: tuple[str, ...] = (),
) -> Page:
    return Page(url=url, status=status, headers=headers, body=body, fetched=AT, redirects=redirects)


def captured(taken: Taken, url: str = ASKED, redirects: tuple[str, ...] = ()) -> Page:
    reply = replayed(taken)
    return page(url, reply.status, reply.headers, reply.body, redirects)


ORIGINALS = {
    "plain": (STORY, STORY),
    "query": (
        "http://daily.example/a?b=1&c=http://x.example/?d=2",
        "http://daily.example/a?b=1&c=http://x.example/?d=2",
    ),
    "port": ("http://daily.example:80/a", "http://daily.example:80/a"),
    "two slashes in the path": ("http://daily.example//a//b", "http://daily.example//a//b"),
    "escapes": ("http://daily.example/%7Ea%2fb?c=%c3%a9%23", "http://daily.example/%7Ea%2fb?c=%c3%a9%23"),
    "one slash after the scheme": ("http:/daily.example/a", "http://daily.example/a"),
    "no scheme": ("daily.example/a", "http://daily.example/a"),
    "an archive in an archive": (f"{BASE}2018/http://x.example/", f"{BASE}2018/http://x.example/"),
}


@pytest.mark.parametrize(("written", "original"), ORIGINALS.values(), ids=ORIGINALS.keys())
def test_the_original_comes_out_as_it_went_in(written: str, original: str) -> None:
    assert original_of(f"{BASE}20190129120000id_/{written}") == (AT, original)


@pytest.mark.parametrize("url", [one for one, _ in ORIGINALS.values()], ids=ORIGINALS.keys())
def test_an_address_that_is_built_can_be_taken_apart(url: str) -> None:
    built = memento_url(BASE, "20190129120000", url)
    assert is_memento(built)
    assert built.endswith(f"20190129120000id_/{url}")


def test_a_fragment_does_not_end_the_address_of_the_capture() -> None:
    assert memento_url(BASE, "20190129120000", "http://daily.example/#!a b").endswith("daily.example/%23!a%20b")


@pytest.mark.parametrize("mark", ["", "id_", "if_", "im_"])
def test_a_capture_is_known_in_each_of_its_forms(mark: str) -> None:
    assert is_memento(f"http://127.0.0.1:8080/web/20190129120000{mark}/{STORY}")


@pytest.mark.parametrize(
    "url",
    [
        STORY,
        "",
        f"{BASE}2019/{STORY}",
        f"{BASE}20190230120000id_/{STORY}",
        f"{BASE}20190129120000id_/",
        f"{BASE}20190129120000id_/mailto:a@daily.example",
        f"{BASE}20190129120000id_/http://[",
        f"{BASE}*/{STORY}",
        f"ftp://web.archive.org/web/20190129120000id_/{STORY}",
        f"{BASE}20190129120000id_/http://daily.example/a b",
        f"{BASE}20190129120000id_/http://daily.example/{'a' * 40_000}",
        f"{BASE}２０１９０１２９１２００００id_/{STORY}",
    ],
)
def test_what_is_no_capture_is_none(url: str) -> None:
    assert not is_memento(url)
    assert original_of(url) is None


def test_a_page_is_as_its_outlet_served_it() -> None:
    served = captured(Taken(stamp="20190129120000", url=STORY, headers=(("link", "</feed>; rel=alternate"),)))
    found = page_of_memento(served, ASKED)
    assert (found.url, found.captured, found.status, found.body) == (STORY, AT, 200, served.body)
    assert found.header("link") == "</feed>; rel=alternate"
    assert found.header("server") == "nginx"
    assert found.header("memento-datetime") == ""


def test_headers_of_the_transfer_are_left_out_for_the_body_is_decoded() -> None:
    headers = (("content-encoding", "gzip"), ("transfer-encoding", "chunked"), ("content-length", "7"))
    found = page_of_memento(captured(Taken(stamp="20190129120000", url=STORY, headers=headers)), ASKED)
    assert sorted(name for name, _ in found.headers) == ["content-type", "server"]


def test_the_archives_content_type_stands_in_for_one_that_was_not_kept() -> None:
    served = page(headers=(("Memento-Datetime", "Tue, 29 Jan 2019 12:00:00 GMT"), ("Content-Type", "text/xml")))
    assert page_of_memento(served, ASKED).headers == (("Content-Type", "text/xml"),)


def test_another_capture_that_the_archive_led_to_counts_by_its_own_time() -> None:
    nearest = f"{BASE}20190131080000id_/{STORY}"
    found = page_of_memento(captured(Taken(stamp="20190131080000", url=STORY), nearest, (ASKED,)), ASKED)
    assert (found.url, found.captured, found.redirects) == (STORY, datetime(2019, 1, 31, 8, tzinfo=UTC), ())


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Jan 2019 12:00:00 GMT", "Tue, 29 Jan 99999 12:00:00 GMT"])
def test_without_a_usable_header_the_time_is_that_of_the_address(date: str) -> None:
    served = page(f"{BASE}20190131080000id_/{STORY}", headers=(("Memento-Datetime", date),))
    assert page_of_memento(served, ASKED).captured == datetime(2019, 1, 31, 8, tzinfo=UTC)


def test_a_redirect_of_the_outlet_that_was_captured_is_one_of_the_page() -> None:
    moved = "https://daily.example/news/envoys-meet"
    served = captured(Taken(stamp="20190129120000", url=moved), f"{BASE}20190129120000id_/{moved}", (ASKED,))
    found = page_of_memento(served, ASKED)
    assert (found.url, found.redirects) == (moved, (STORY,))


FAULTS = {
    "not archived": (page(status=404, body=b"The Wayback Machine has not archived that URL."), "no capture"),
    "its own page": (page(body=b"<title>Wayback Machine"), "a page of the archive itself"),
    "out of order": (page(status=503), "HTTP 503"),
    "too many": (page(status=429), "HTTP 429"),
    "blocked in the header": (
        page(status=403, headers=((ERROR, "AdministrativeAccessControlException: Blocked Site Error"),)),
        "blocked by the archive: AdministrativeAccessControlException",
    ),
    "blocked by robots in the body": (
        page(status=403, body=b"org.archive.wayback.exception.RobotAccessControlException: Blocked By Robots"),
        "blocked by the archive: RobotAccessControlException",
    ),
}


@pytest.mark.parametrize(("answer", "reason"), FAULTS.values(), ids=FAULTS.keys())
def test_what_the_archive_says_itself_is_no_capture(answer: Page, reason: str) -> None:
    found = page_of_memento(answer, ASKED)
    assert (found.captured, found.status, found.url) == (None, answer.status, STORY)
    assert reason in fault_of_memento(answer)


def test_a_captured_error_page_is_a_capture() -> None:
    served = captured(Taken(stamp="20190129120000", url=STORY, status="404"))
    assert fault_of_memento(served) == ""
    assert page_of_memento(served, ASKED).captured == AT


def test_a_capture_that_writes_of_blocking_is_not_blocked() -> None:
    body = b"<p>The AdministrativeAccessControlException of the archive"
    assert blocked(captured(Taken(stamp="20190129120000", url=STORY, body=body))) == ""


def test_an_answer_from_elsewhere_stays_what_it_is() -> None:
    evil = page(f"https://evil.example/web/20190129120000id_/{STORY}", headers=(("Memento-Datetime", "x"),))
    assert page_of_memento(evil, ASKED) is evil
    assert page_of_memento(page(STORY), STORY) == page(STORY)


def test_the_archive_of_the_tests_leads_to_the_nearest_capture() -> None:
    archive = Archive(captures=[Taken(stamp="20190131080000", url=STORY)])
    assert dict(archive.answer(ASKED).headers)["Location"] == f"{BASE}20190131080000id_/{STORY}"


addresses = st.one_of(
    st.text(max_size=200),
    st.builds(
        "{}{}{}".format,
        st.sampled_from([BASE, f"{BASE}20190129120000id_/", f"{BASE}20190129120000/", "http://x/web/"]),
        st.text("0123456789id_/", max_size=20),
        st.text(max_size=60),
    ),
)


@given(addresses, addresses, st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=4))
def test_any_text_is_an_address_or_none(url: str, asked: str, headers: list[tuple[str, str]]) -> None:
    named = tuple((f"X-Archive-Orig-{name}", value) for name, value in headers)
    answer = page(url, headers=(*named, *(("Memento-Datetime", value) for _, value in headers)), redirects=(asked,))
    assert is_memento(url) == (original_of(url) is not None)
    found = page_of_memento(answer, asked)
    assert (found.captured is None) == (not is_memento(asked) or not headers or found is answer)
    assert isinstance(fault_of_memento(answer), str)


@given(st.text(max_size=20))
def test_any_text_is_a_time_or_none(stamp: str) -> None:
    found = moment_of_stamp(stamp)
    assert found is None or found.strftime("%Y%m%d%H%M%S").zfill(14) == stamp


def test_what_every_reader_of_urls_leaves_out_is_no_part_of_a_captures_address() -> None:
    address = memento_url("https://web.archive.org/web/", "20190129120000", " h\nttps://daily.example/a\tb \r\n")
    assert address == "https://web.archive.org/web/20190129120000id_/https://daily.example/ab"
    assert is_memento(address)
