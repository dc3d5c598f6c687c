from __future__ import annotations

import gzip
import re
import socket
import tracemalloc
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from http.client import HTTPResponse
from random import Random

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.ccnews import CcNews
from crawler.channels.past import Past, Question
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Term, Topic
from tests.loopback import Loopback
from tests.services.ccnews import CcNews as Service
from tests.warcfiles import HTML, Fetch, answer, member, record, written

NOW = datetime(2019, 4, 10, 12, tzinfo=UTC)
BASE = "https://data.commoncrawl.org/"
JANUARY = "crawl-data/CC-NEWS/2019/01"
LOCAL = "warc://localhost/files/some%20day.warc.gz"
MB = 1 << 20
TERMS = (Term(text="taliban", weight=3.0), Term(text="doha", weight=2.0), Term(text="envoys", weight=1.0))


def topic_of(url: str = "", only: Sequence[str] = (), **options: object) -> Topic:
    source = Source(channel="ccnews", url=url, only=tuple(only))
    return Topic(name="talks", terms=TERMS, sources=(source,), **options)  # type: ignore[arg-type]  # any key


WINDOW = {"since": date(2019, 1, 10), "until": date(2019, 3, 10)}
MONTHS = topic_of(**WINDOW)
FILE = topic_of(LOCAL)


def first_ask(topic: Topic, past: Past | None = None, **options: int) -> Ask:
    (ask,) = CcNews(**options).asks(topic, NOW, past or Past())
    return ask


def page_of(
    url: str, status: int = 200, body: bytes = b"", headers: tuple[tuple[str, str], ...] = (), *, is_whole: bool = True
) -> Page:
    return Page(url=url, status=status, headers=headers, body=body, fetched=NOW, is_whole=is_whole)


def served(ask: Ask, data: bytes) -> Page:
    """What a server with ranges answers."""
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", dict(ask.headers)["Range"])
    assert found
    first, last = int(found[1]), min(int(found[2]), len(data) - 1)
    if first >= len(data):
        return page_of(ask.url, 416, headers=(("Content-Range", f"bytes */{len(data)}"),))
    given = (("Content-Range", f"bytes {first}-{last}/{len(data)}"),)
    return page_of(ask.url, 206, data[first : last + 1], given)


def walk(ask: Ask, files: dict[str, bytes], topic: Topic, channel: CcNews) -> Iterator[tuple[Ask, Answer]]:
    """All questions that follow from one, with their answers."""
    for _ in range(10_000):
        data = files.get(ask.url)
        if data is None:
            page = page_of(ask.url, 404)
        else:
            page = served(ask, data) if ask.kind == "records" else page_of(ask.url, body=data)
        answered = channel.read(ask, page, topic, NOW)
        yield ask, answered
        if not answered.asks:
            return
        (ask,) = answered.asks
    raise AssertionError("no end")


def read_local(data: bytes, topic: Topic = FILE, **options: int) -> tuple[list[Candidate], Answer]:
    answers = [answered for _, answered in walk(first_ask(topic, **options), {LOCAL: data}, topic, CcNews(**options))]
    return [candidate for one in answers for candidate in one.candidates], answers[-1]


def listing(*names: str, month: str = "2019/01") -> bytes:
    return gzip.compress("".join(f"crawl-data/CC-NEWS/{month}/{name}\n" for name in names).encode())


def name_of(stamp: str, number: int = 0) -> str:
    return f"CC-NEWS-{stamp}-{number:05}.warc.gz"


# What is asked


def test_a_window_asks_for_its_first_month_and_carries_the_others_along() -> None:
    ask = first_ask(MONTHS)
    assert (ask.url, ask.kind, ask.query) == (f"{BASE}{JANUARY}/warc.paths.gz", "paths", JANUARY)
    assert ask.since == datetime(2019, 1, 9, 23, tzinfo=UTC)
    assert ask.until == datetime(2019, 2, 1, tzinfo=UTC)
    months = [one.query for one, _ in walk(ask, {}, MONTHS, CcNews())]
    assert months == [JANUARY, "crawl-data/CC-NEWS/2019/02", "crawl-data/CC-NEWS/2019/03"]
    *_, (last, _) = walk(ask, {}, MONTHS, CcNews())
    assert last.until == datetime(2019, 3, 13, tzinfo=UTC)


def test_an_open_window_reaches_from_the_first_file_to_now() -> None:
    topic = topic_of()
    asks = [ask for ask, _ in walk(first_ask(topic), {}, topic, CcNews())]
    assert asks[0].query == "crawl-data/CC-NEWS/2016/08"
    assert (asks[-1].query, asks[-1].until) == ("crawl-data/CC-NEWS/2019/04", NOW)
    assert len(asks) == 33


def test_another_server_can_be_named() -> None:
    for url in ("https://mirror.example/news/", "https://mirror.example/news"):
        ask = first_ask(topic_of(url, **WINDOW))
        assert ask.url == f"https://mirror.example/news/{JANUARY}/warc.paths.gz"
        assert ask.place == url


def test_a_window_before_the_first_file_asks_nothing() -> None:
    assert list(CcNews().asks(topic_of(since=date(2012, 1, 1), until=date(2013, 1, 1)), NOW)) == []


def question(ask: Ask, answered: Answer, **changes: object) -> Question:
    values = {
        "place": ask.place,
        "query": ask.query,
        "since": ask.since,
        "until": ask.until,
        "status": answered.status,
        "resume": answered.resume,
        "asked": NOW,
    }
    return Question(**{**values, **changes})  # type: ignore[arg-type]  # any field


def test_a_month_that_is_read_is_not_asked_again() -> None:
    *answered, last = walk(first_ask(MONTHS), {}, MONTHS, CcNews())
    past = Past([question(*one) for one in answered])
    assert first_ask(MONTHS, past).query == last[0].query
    assert list(CcNews().asks(MONTHS, NOW, Past([question(*one) for one in [*answered, last]]))) == []


def test_a_local_file_is_asked_at_once_and_where_it_broke_off() -> None:
    ask = first_ask(FILE)
    assert (ask.url, ask.kind, ask.place, ask.query, ask.resume) == (LOCAL, "records", LOCAL, "records", "0")
    assert ask.headers[0] == ("Range", "bytes=0-8388607")
    broken_off = Question(place=LOCAL, query="records", status="saturated", asked=NOW, resume="500")
    assert first_ask(FILE, Past([broken_off])).headers[0] == ("Range", "bytes=500-8389107")
    assert list(CcNews().asks(FILE, NOW, Past([replace(broken_off, status="complete", resume="")]))) == []
    assert first_ask(FILE, Past([replace(broken_off, resume="nonsense")])).resume == "0"


def test_how_much_is_asked_is_estimated_for_the_plan() -> None:
    assert CcNews().most(FILE, NOW) == 130
    assert 100_000 < CcNews().most(MONTHS, NOW) < 150_000
    assert CcNews().most(Topic(name="none"), NOW) == 0


# A month's files


NAMES = [name_of("20190109220000"), name_of("20190109233000", 1), name_of("20190115000000", 2)]


def read_listing(body: bytes, status: int = 200, resume: str = "") -> Answer:
    ask = replace(first_ask(MONTHS), resume=resume)
    return CcNews().read(ask, page_of(ask.url, status, body), MONTHS, NOW)


def test_the_files_within_the_window_are_read_one_after_another() -> None:
    answered = read_listing(listing(NAMES[2], NAMES[0], NAMES[1]))
    (ask,) = answered.asks
    assert (ask.url, ask.kind, ask.query) == (f"{BASE}{JANUARY}/{NAMES[1]}", "records", JANUARY)
    assert (answered.status, answered.resume) == ("saturated", f"{NAMES[1]} 0")
    assert answered.reason == "3 files, 2 to read"
    assert ask.resume == answered.resume
    assert ask.since == first_ask(MONTHS).since


def test_a_month_goes_on_at_the_file_and_the_offset_where_it_broke_off() -> None:
    (ask,) = read_listing(listing(*NAMES), resume=f"{NAMES[2]} 77").asks
    assert (ask.url.rpartition("/")[2], ask.headers[0]) == (NAMES[2], ("Range", "bytes=77-8388684"))
    # The file is gone from the list: the next one is read from its beginning.
    (ask,) = read_listing(listing(NAMES[2]), resume=f"{NAMES[1]} 77").asks
    assert (ask.url.rpartition("/")[2], ask.headers[0]) == (NAMES[2], ("Range", "bytes=0-8388607"))


def test_lines_that_name_no_file_of_the_month_are_left_out() -> None:
    odd = [
        "warc.paths.gz", "CC-NEWS-20190132000000-00001.warc.gz", "CC-NEWS-2019-00001.warc.gz", "../../etc/passwd",
        "CC-NEWS-20190120000000-00001.warc.gz?x=https://evil.example/", "CC-NEWS-20190120000000-00001.warc",
    ]  # fmt: skip
    other = listing(name_of("20190120000000"), month="2018/12")
    body = gzip.compress(gzip.decompress(listing(NAMES[1], *odd)) + gzip.decompress(other) + b"\n\xff\xfe\n")
    answered = read_listing(body)
    assert answered.reason == "1 file, 1 to read"


@pytest.mark.parametrize(
    ("status", "body", "told", "reason"),
    [
        (404, b"", "complete", "no files of this month (HTTP 404)"),
        (403, b"", "refused", "HTTP 403"),
        (200, b"", "refused", "an empty body"),
        (200, b"<!doctype html><title>Sorry</title>", "refused", "no list of WARC files"),
        (200, gzip.compress(b"nothing\n" * 10), "refused", "no list of WARC files"),
        (200, gzip.compress(b"x" * 60 * MB), "refused", "no list of WARC files"),
        (200, b"\x1f\x8b\x08junk", "refused", "no list of WARC files"),
        (410, b"", "failed", "HTTP 410"),
    ],
    ids=["missing", "forbidden", "empty", "page", "other lines", "bomb", "broken", "gone"],
)
def test_a_listing_that_is_none_is_told(status: int, body: bytes, told: str, reason: str) -> None:
    answered = read_listing(body, status)
    assert (answered.status, answered.reason) == (told, reason)
    # One month without a list hides no other; where we are not wanted, we ask no further.
    assert [ask.query for ask in answered.asks] == ([] if status == 403 else ["crawl-data/CC-NEWS/2019/02"])


def test_a_month_of_which_no_file_is_wanted_is_complete_and_the_next_is_asked() -> None:
    answered = read_listing(listing(NAMES[0]))
    assert (answered.status, answered.resume) == ("complete", "")
    assert answered.asks[0].query == "crawl-data/CC-NEWS/2019/02"


def fetches(prefix: str, count: int = 6) -> list[Fetch]:
    return [
        Fetch(url=f"https://daily.example/{prefix}{number}", body=b"<title>Taliban in Doha</title>" + noise(number))
        for number in range(count)
    ]


def noise(seed: int) -> bytes:
    return b"<p>" + Random(seed).randbytes(400).hex().encode()


FILES = {
    f"{BASE}{JANUARY}/warc.paths.gz": listing(*NAMES),
    f"{BASE}{JANUARY}/{NAMES[1]}": written(fetches("one-")),
    f"{BASE}{JANUARY}/{NAMES[2]}": written(fetches("two-")),
}


def test_a_whole_window_is_read_file_by_file_and_chunk_by_chunk() -> None:
    steps = list(walk(first_ask(MONTHS), FILES, MONTHS, CcNews(chunk=900, largest=5000)))
    found = [candidate for _, answered in steps for candidate in answered.candidates]
    assert [one.url for one in found] == [fetch.url for fetch in [*fetches("one-"), *fetches("two-")]]
    ends = [answered for _, answered in steps if answered.reason.endswith("13 records, 6 pages, 6 promising")]
    assert [answered.status for answered in ends] == ["saturated", "complete"]
    assert ends[0].reason.startswith(f"{NAMES[1]}: ")
    assert [ask.query for ask, answered in steps if answered.status == "complete"] == [
        JANUARY, "crawl-data/CC-NEWS/2019/02", "crawl-data/CC-NEWS/2019/03",
    ]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(kills=st.lists(st.integers(1, 12), max_size=12), chunk=st.integers(400, 3000))
def test_a_kill_at_any_time_loses_nothing_and_repeats_nothing(kills: list[int], chunk: int) -> None:
    channel, past, found = CcNews(chunk=chunk, largest=5000), Past(), []
    rows: dict[tuple[object, ...], Question] = {}
    for steps in [*kills, 10_000]:
        for ask in channel.asks(MONTHS, NOW, past):
            for number, (asked, answered) in enumerate(walk(ask, FILES, MONTHS, channel)):
                if number == steps:
                    break  # killed before the answer was written
                found += [one.url for one in answered.candidates]
                rows[asked.place, asked.query, asked.since] = question(asked, answered)
        past = Past(rows.values())
    assert found == [fetch.url for fetch in [*fetches("one-"), *fetches("two-")]]
    assert {row.status for row in rows.values()} == {"complete"}


def test_a_file_that_is_missing_or_unreadable_does_not_stop_the_month() -> None:
    files = {**FILES, f"{BASE}{JANUARY}/{NAMES[1]}": b"<html>no WARC"}
    steps = list(walk(first_ask(MONTHS), files, MONTHS, CcNews()))
    assert steps[1][1].reason == f"{NAMES[1]}: no WARC file"
    assert len([one for _, answered in steps for one in answered.candidates]) == 6
    del files[f"{BASE}{JANUARY}/{NAMES[1]}"]
    steps = list(walk(first_ask(MONTHS), files, MONTHS, CcNews()))
    assert (steps[1][1].reason, steps[1][1].status) == (f"{NAMES[1]}: HTTP 404", "saturated")
    assert len([one for _, answered in steps for one in answered.candidates]) == 6


# A range


DATA = written(fetches("page-"))


@pytest.mark.parametrize("is_gzip", [True, False], ids=["zipped", "plain"])
@pytest.mark.parametrize("chunk", [300, 1000, 8 * MB])
def test_a_local_file_is_read_to_its_end_in_chunks_of_any_size(chunk: int, is_gzip: bool) -> None:
    found, last = read_local(written(fetches("page-"), is_gzip=is_gzip), chunk=chunk, largest=max(chunk, 5000))
    assert [one.url for one in found] == [fetch.url for fetch in fetches("page-")]
    assert (last.status, last.resume, last.reason) == ("complete", "", "13 records, 6 pages, 6 promising")


def test_a_candidate_says_where_its_bytes_lie() -> None:
    found, _ = read_local(DATA)
    assert [one.rank for one in found] == [0, 1, 2, 3, 4, 5]
    assert found[0].title == "Taliban in Doha"
    assert found[0].published == datetime(2019, 1, 29, 12, tzinfo=UTC)
    assert found[0].score > 0.5
    for one in found:
        url, _, place = one.via.partition("#")
        offset, length = map(int, place.split(","))
        assert url == LOCAL
        assert one.url.encode() in gzip.decompress(DATA[offset : offset + length])


def test_records_that_share_a_member_have_a_place_within_it() -> None:
    data = member(*(record(answer(b"<title>Doha</title>"), url=f"https://daily.example/{one}") for one in range(3)))
    found, _ = read_local(data)
    places = [one.via.partition("#")[2].split(",") for one in found]
    assert [len(place) for place in places] == [2, 3, 3]
    assert len({(place[0], place[1]) for place in places}) == 1


def test_a_page_fetched_twice_in_a_range_is_one_candidate() -> None:
    found, last = read_local(written([*fetches("page-", 1), *fetches("page-", 1)]))
    assert (len(found), last.reason) == (1, "5 records, 2 pages, 1 promising")


@pytest.mark.parametrize(
    ("status", "headers", "told", "reason"),
    [
        (200, (), "refused", "the whole file instead of a range: the server knows no ranges"),
        (206, (), "refused", "a range without a Content-Range that says which"),
        (206, (("Content-Range", "bytes 0-9/*"),), "refused", "a range without a Content-Range that says which"),
        (206, (("Content-Range", "bytes 5-9/99"),), "refused", "bytes 5 to 9, not the range that was asked for"),
        (206, (("Content-Range", "bytes 0-9/99"),), "refused", "bytes 0 to 9, not the range that was asked for"),
        (206, (("Content-Range", "bytes 0-98/99"),), "failed", "the range is cut short"),
        (403, (), "refused", "HTTP 403"),
        (404, (), "failed", "HTTP 404"),
        (304, (), "failed", "HTTP 304"),
    ],
)
def test_an_answer_that_is_not_the_range_is_told_and_nothing_is_skipped(
    status: int, headers: tuple[tuple[str, str], ...], told: str, reason: str
) -> None:
    ask = first_ask(FILE)
    answered = CcNews().read(ask, page_of(LOCAL, status, DATA[:50], headers), FILE, NOW)
    assert (answered.status, answered.reason, answered.resume, answered.asks) == (told, reason, "0", ())


def test_an_answer_that_broke_off_is_not_read() -> None:
    ask = first_ask(FILE)
    answered = CcNews().read(ask, replace(served(ask, DATA), is_whole=False), FILE, NOW)
    assert (answered.status, answered.reason) == ("failed", "the range is cut short")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_slow_down_is_heeded_three_times_ever_longer(status: int) -> None:
    for ask in (replace(first_ask(FILE), resume="7"), first_ask(MONTHS)):
        answers = [CcNews().read(replace(ask, tries=tries), page_of(ask.url, status), FILE, NOW) for tries in range(4)]
        assert [one.wait for one in answers] == [60, 120, 240, 0]
        assert {(one.status, one.resume, one.reason) for one in answers} == {("failed", ask.resume, f"HTTP {status}")}


def test_a_range_behind_the_end_means_that_the_file_is_read() -> None:
    past = Past([Question(place=LOCAL, query="records", status="saturated", asked=NOW, resume=str(len(DATA)))])
    ask = first_ask(FILE, past)
    answered = CcNews().read(ask, served(ask, DATA), FILE, NOW)
    assert (answered.status, answered.asks) == ("complete", ())


def test_a_record_that_needs_a_larger_range_gets_one_and_a_still_larger_one_is_passed_over() -> None:
    small = Fetch(url="https://daily.example/small", body=b"<title>Doha</title>")
    for size, expected in ((700, ["small", "large", "small2"]), (4000, ["small", "small2"])):
        large = Fetch(
            url="https://daily.example/large", body=b"<title>Doha</title>" + Random(1).randbytes(size).hex().encode()
        )
        data = written([small, large, replace(small, url=f"{small.url}2")])
        found, last = read_local(data, chunk=600, largest=2500)
        assert [one.url.rpartition("/")[2] for one in found] == expected
        assert last.status == "complete"
        assert ("1 too large and passed over" in last.reason) == (size == 4000)


def test_a_file_in_one_piece_is_refused_with_the_mend() -> None:
    pieces = [record(answer(Random(number).randbytes(2000))) for number in range(4)]
    data = member(record(b"x", kind="warcinfo"), *pieces)
    found, last = read_local(data, chunk=1000, largest=5000)
    assert (found, last.status, last.asks) == ([], "refused", ())
    assert last.reason == "compressed as one piece: recompress it with `warcio recompress`"


def test_what_is_no_warc_file_is_refused() -> None:
    assert read_local(b"%PDF-1.4")[1] == Answer(status="refused", reason="no WARC file")
    assert read_local(gzip.compress(b"<html>"))[1] == Answer(status="refused", reason="gzip, but no WARC file")


def test_a_file_that_is_cut_keeps_what_stood_before_and_goes_on_there_another_time() -> None:
    found, last = read_local(DATA[:-100], chunk=900, largest=5000)
    assert len(found) == 5
    assert last.status == "failed"
    assert last.reason.startswith(f"cut short at byte {int(last.resume):,}; what stood before is kept; 12 records")
    past = Past([Question(place=LOCAL, query="records", status="failed", asked=NOW, resume=last.resume)])
    (again,) = CcNews().asks(FILE, NOW, past)
    (_, answered), *_ = walk(again, {LOCAL: DATA}, FILE, CcNews())
    assert [one.url for one in answered.candidates] == [fetches("page-")[-1].url]
    assert answered.status == "complete"


def test_a_file_whose_rest_is_broken_says_from_which_byte() -> None:
    data = DATA + b"junk" * 3000
    _, last = read_local(data, chunk=900, largest=5000)
    assert (last.status, last.resume) == ("failed", str(len(DATA)))
    assert last.reason.startswith(f"broken at byte {len(DATA):,}; what stood before is kept; 13 records")


def test_a_broken_record_in_the_middle_is_passed_over_and_counted() -> None:
    found, _ = read_local(DATA)
    hurt, data = int(found[2].via.partition("#")[2].partition(",")[0]), bytearray(DATA)
    data[hurt + 40 : hurt + 200] = b"\xff" * 160
    again, last = read_local(bytes(data), chunk=900, largest=5000)
    assert [one.url for one in again] == [one.url for one in found if one is not found[2]]
    assert (last.status, last.reason) == ("complete", "12 records, 5 pages, 5 promising, 1 broken and passed over")


# What is promising


def judged(fetch: Fetch, topic: Topic = FILE) -> list[Candidate]:
    return read_local(written([fetch]), topic)[0]


GOOD = Fetch(body=b"<html lang=en><title>Taliban envoys in Doha</title><p>Text")


@pytest.mark.parametrize(
    "fetch",
    [
        replace(GOOD, kind="revisit"),
        replace(GOOD, kind="resource"),
        replace(GOOD, kind="conversion"),
        replace(GOOD, kind="metadata"),
        replace(GOOD, status="404 Not Found"),
        replace(GOOD, status="301 Moved"),
        replace(GOOD, headers=(("Content-Type", "application/json"),)),
        replace(GOOD, headers=()),
        replace(GOOD, extra={"WARC-Truncated": "length"}),
        replace(GOOD, url="ftp://daily.example/a"),
        replace(GOOD, url="https://user@daily.example/a"),
        replace(GOOD, url="dns:daily.example"),
        replace(GOOD, body=b"<title>Football tonight</title>"),
        replace(GOOD, body=b"<html lang='de-AT'><title>Taliban in Doha</title>"),
        replace(GOOD, headers=(*HTML, ("Content-Language", "fr")), body=b"<title>Taliban in Doha</title>"),
    ],
)
def test_what_is_no_page_of_the_topic_is_left_out(fetch: Fetch) -> None:
    assert judged(fetch) == []


@pytest.mark.parametrize(
    ("fetch", "title"),
    [
        (GOOD, "Taliban envoys in Doha"),
        (replace(GOOD, headers=(("content-type", "application/xhtml+xml"),)), "Taliban envoys in Doha"),
        (
            replace(GOOD, body=b"<title>Daily</title><meta content='Doha &amp; Kabul' property='og:title'>"),
            "Doha & Kabul",
        ),
        (replace(GOOD, body=b"<title>Doha talks</title><meta property=og:title content=Live>"), "Doha talks"),
        (replace(GOOD, body=b"<!--<title>x</title>--><script>'<title>y'</script><title>Doha</title>"), "Doha"),
        (replace(GOOD, body=b"no title", url="https://daily.example/taliban-in-doha"), ""),
        (replace(GOOD, body=b"<html lang=''><title>Doha</title>"), "Doha"),
        (replace(GOOD, body=b"<html lang=nonsense!><title>Doha</title>"), "Doha"),
        (replace(GOOD, headers=(*HTML, ("Content-Language", "de")), body=b"<html lang=en><title>Doha</title>"), "Doha"),
        (replace(GOOD, body="<title>Doha: “sí”</title>".encode("utf-16")), "Doha: “sí”"),
        (
            replace(
                GOOD,
                headers=(("Content-Type", "text/html; charset=windows-1252"),),
                body="<title>Doha café</title>".encode("cp1252"),
            ),
            "Doha café",
        ),
    ],
)
def test_a_title_or_an_address_that_promises_is_enough(fetch: Fetch, title: str) -> None:
    assert [one.title for one in judged(fetch)] == [title]


def zipped(name: str, body: bytes) -> bytes:
    match name:
        case "gzip":
            return gzip.compress(body)
        case "br":
            return bytes(brotli.compress(body, lgwin=22))
        case "deflate":
            return zlib.compress(body)
        case "raw":
            return zlib.compress(body)[2:-4]  # without its head and its checksum
    return body


@pytest.mark.parametrize(
    ("header", "value", "body"),
    [
        ("X-Crawler-Content-Encoding", "gzip", GOOD.body),
        ("X-Crawl-Content-Encoding", "br", GOOD.body),
        ("X-Crawler-Transfer-Encoding", "chunked", GOOD.body),
        ("Content-Encoding", "gzip", zipped("gzip", GOOD.body)),
        ("Content-Encoding", "gzip", GOOD.body),
        ("Content-Encoding", "br", zipped("br", GOOD.body)),
        ("Content-Encoding", "deflate", zipped("deflate", GOOD.body)),
        ("Content-Encoding", "deflate", zipped("raw", GOOD.body)),
        ("Content-Encoding", "identity", GOOD.body),
        ("Transfer-Encoding", "chunked", b"5;x=y\r\n<titl\r\n15\r\ne>Taliban in Doha</title\r\n0\r\n\r\n"),
        ("Transfer-Encoding", "chunked", GOOD.body),
    ],
    ids=map(str, range(11)),  # the bytes of a zipped body hold the time at which it was made
)
def test_a_body_is_decoded_only_where_it_still_is_encoded(header: str, value: str, body: bytes) -> None:
    assert len(judged(replace(GOOD, headers=(*HTML, (header, value)), body=body))) == 1


@pytest.mark.parametrize("value", ["gzip", "br", "deflate", "zstd", "gzip, gzip, gzip"])
def test_a_body_that_cannot_be_decoded_is_judged_by_its_address(value: str) -> None:
    for body in (b"\x1f\x8bjunk", b"\x0fjunk", b"junk"):
        fetch = replace(GOOD, headers=(*HTML, ("Content-Encoding", value)), body=body)
        assert judged(fetch) == []
        assert len(judged(replace(fetch, url="https://daily.example/taliban"))) == 1


def test_only_the_outlets_that_a_source_names_are_taken() -> None:
    topic = topic_of(LOCAL, only=["daily.example"])
    assert len(judged(replace(GOOD, url="https://www.daily.example/a"), topic)) == 1
    assert judged(replace(GOOD, url="https://other.example/a"), topic) == []


def test_a_page_fetched_before_the_window_is_out_and_one_fetched_long_after_is_not() -> None:
    topic = topic_of(LOCAL, since=date(2019, 2, 1), until=date(2019, 2, 28))
    found = [
        judged(replace(GOOD, date=f"{day}T12:00:00Z"), topic) for day in ("2019-01-29", "2019-01-31", "2024-01-01")
    ]
    assert [len(one) for one in found] == [0, 1, 1]
    assert len(judged(replace(GOOD, date="nonsense"), topic)) == 1


def test_a_title_beyond_the_first_64_kilobytes_is_not_looked_for() -> None:
    assert judged(replace(GOOD, body=b" " * 70_000 + GOOD.body)) == []
    assert len(judged(replace(GOOD, body=b" " * 60_000 + GOOD.body))) == 1


# Whatever comes


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=2000), status=st.sampled_from([200, 206, 404, 416, 500]))
def test_any_bytes_are_answered_and_never_raise(body: bytes, status: int) -> None:
    for ask, topic in ((first_ask(FILE), FILE), (first_ask(MONTHS), MONTHS)):
        for beginning in (b"", member(record(b"x")), b"WARC/1.0\r\n", gzip.compress(answer(body))):
            data = beginning + body
            headers = (("Content-Range", f"bytes 0-{len(data) - 1}/{len(data)}"),)
            answered = CcNews().read(ask, page_of(ask.url, status, data, headers), topic, NOW)
            assert answered.status == "complete" or answered.reason


@settings(max_examples=200, deadline=None)
@given(block=st.binary(max_size=1500))
def test_any_block_of_a_record_is_looked_at_and_never_raises(block: bytes) -> None:
    for data in (
        block,
        answer(block),
        answer(block, (*HTML, ("Content-Encoding", "br, deflate"))),
        b"HTTP/1.1 200\r\n",
    ):
        assert read_local(member(record(data)))[1].status == "complete"


def test_a_large_range_is_read_in_bounded_memory() -> None:
    page = b"<title>Doha</title>" + b"<p>words of a page</p>" * 40_000
    data = member(record(answer(page))) * 60
    ask = first_ask(FILE)
    given = served(ask, data)
    tracemalloc.start()
    answered = CcNews().read(ask, given, FILE, NOW)
    peak = tracemalloc.get_traced_memory()[1] / MB
    tracemalloc.stop()
    assert answered.reason == "60 records, 60 pages, 1 promising"
    assert peak < 8


# Over a connection


def fetched(web: Loopback, ask: Ask) -> Page:
    """The answer of a server, whatever its status."""
    with socket.create_connection(("127.0.0.1", web.port)) as connection:
        lines = [f"GET {ask.url} HTTP/1.1", "Host: data.example", *(f"{name}: {value}" for name, value in ask.headers)]
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        response = HTTPResponse(connection)
        response.begin()
        return page_of(ask.url, response.status, response.read(), tuple(response.getheaders()))


def over_the_wire(service: Service, topic: Topic, channel: CcNews) -> list[Answer]:
    """All answers, each question put again where the service wants to be left alone for a while."""
    answers: list[Answer] = []
    with Loopback() as web:
        web["data.example"] = service
        asks = list(channel.asks(topic, NOW))
        while asks:
            ask = asks.pop()
            answers.append(channel.read(ask, fetched(web, ask), topic, NOW))
            asks += answers[-1].asks
            asks += [replace(ask, tries=ask.tries + 1)] if answers[-1].wait else []
    return answers


REMOTE = {url.removeprefix(BASE): data for url, data in FILES.items() if url.endswith("warc.gz")}
MIRROR = topic_of("http://data.example/", **WINDOW)


def test_a_server_that_says_slow_down_now_and_then_is_read_to_the_end() -> None:
    service = Service(files=REMOTE, slow_down=3)
    answers = over_the_wire(service, MIRROR, CcNews(chunk=2500, largest=5000))
    found = [candidate.url for answered in answers for candidate in answered.candidates]
    assert found == [fetch.url for fetch in [*fetches("one-"), *fetches("two-")]]
    assert [one.wait for one in answers if one.wait] == [60.0] * (service.asked // 3)
    assert len(set(service.served)) == len(service.served)


def test_a_server_without_ranges_is_refused_and_not_read() -> None:
    answers = over_the_wire(Service(files=REMOTE, ranges=False), MIRROR, CcNews())
    assert [one.status for one in answers] == ["saturated", "refused"]
    assert answers[-1].reason == "the whole file instead of a range: the server knows no ranges"
