from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Sequence
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.warcs import zipped
from crawler.channels.warcs.records import Chunk, Place, Records, foreign, records_of
from crawler.channels.warcs.splitter import MAX_RECORD, Record
from tests.warcfiles import DATE, Fetch, answer, member, record, written

MB = 1 << 20
NAMES = ["plain", "zipped"]
FETCHES = [
    Fetch(url=f"https://daily.example/{number}", body=Random(number).randbytes(50 * number) + b"<p>end</p>")
    for number in range(12)
]


def whole(one: Record) -> tuple[str, bytes] | None:
    """What the tests look at: address and block of every response."""
    return (one.url, one.block) if one.is_http else None


def read(data: bytes, **options: object) -> tuple[list[tuple[Place, tuple[str, bytes]]], Records[tuple[str, bytes]]]:
    records = records_of(Chunk(data=data, **options), whole)  # type: ignore[arg-type]  # any field
    return list(records), records


def urls(found: Sequence[tuple[Place, tuple[str, bytes]]]) -> list[str]:
    return [url for _, (url, _) in found]


def in_chunks(data: bytes, size: int, largest: int, *, is_gzip: bool = True) -> tuple[list[tuple[str, str]], int, int]:
    """Places and addresses of the records of a file read chunk by chunk; how many were broken, how many too large."""
    found: list[tuple[str, str]] = []
    offset, wanted, lost = 0, size, None
    broken = large = 0
    for _ in range(100_000):
        chunk = Chunk(
            data=data[offset : offset + wanted],
            offset=offset,
            is_last=offset + wanted >= len(data),
            largest=largest,
            is_gzip=is_gzip,
            lost=lost,
        )
        records = records_of(chunk, whole)
        found += [(str(place), url) for place, (url, _) in records]
        broken, large, lost = broken + records.broken, large + records.large, records.lost
        assert not records.refusal
        if records.end >= len(data):
            return found, broken, large
        assert records.end > offset or wanted < largest, "no way on"
        wanted = largest if records.end == offset else size
        offset = records.end
    raise AssertionError("no end")


PLAIN, ZIPPED = written(FETCHES, is_gzip=False), written(FETCHES)
FILES = {"plain": PLAIN, "zipped": ZIPPED}


@pytest.mark.parametrize("name", NAMES)
def test_what_warcio_writes_is_read(name: str) -> None:
    found, records = read(FILES[name])
    assert urls(found) == [fetch.url for fetch in FETCHES]
    assert all(block.endswith(fetch.body) for (_, (_, block)), fetch in zip(found, FETCHES, strict=True))
    assert records.count == 1 + 2 * len(FETCHES)
    assert (records.end, records.broken, records.large, records.lost) == (len(FILES[name]), 0, 0, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_is_found_again_at_its_place(name: str) -> None:
    for place, (url, block) in read(FILES[name])[0]:
        piece = FILES[name][place.offset : place.offset + place.length]
        assert read(piece, offset=place.offset)[0] == [(place, (url, block))]


def test_every_kind_of_record_is_counted_and_its_headers_are_known_before_its_payload() -> None:
    kinds = ["response", "revisit", "metadata", "resource", "conversion"]
    data = written([Fetch(kind=kind, url=f"https://daily.example/{kind}") for kind in kinds], has_requests=False)
    seen: list[Record] = []
    records = records_of(Chunk(data=data), seen.append)
    assert list(records) == []
    assert [one.kind for one in seen] == ["warcinfo", *kinds]
    assert [one.is_http for one in seen] == [False, True, False, False, False, False]
    assert seen[1].date is not None
    assert seen[1].date.isoformat() == "2019-01-29T12:00:00+00:00"
    assert [bool(one.block) for one in seen] == [False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        (f"WARC-Target-URI: <https://daily.example/a>\r\nWARC-Date: {DATE}", "https://daily.example/a"),
        ("warc-target-uri:https://daily.example/a", "https://daily.example/a"),
        ("WARC-Target-URI: https://daily.example/\r\n a", "https://daily.example/ a"),
        ("WARC-Target-URI: https://one.example/\r\nWARC-Target-URI: https://two.example/", "https://one.example/"),
        ("No colon here\r\n: nothing\r\nX: \xff", ""),
    ],
    ids=["brackets", "case", "folded", "twice", "odd"],
)
def test_headers_are_read_as_they_come(headers: str, url: str) -> None:
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\n{headers}\r\nContent-Length: 4\r\n\r\n"
    )
    assert urls(read(member(head.encode("latin-1") + b"body"))[0]) == [url]


def test_line_feeds_alone_end_headers_too() -> None:
    data = record(b"body").replace(b"\r\n", b"\n")
    assert read(data + data)[1].count == 2


def test_records_may_share_a_member() -> None:
    data = member(record(b"x", kind="warcinfo")) + member(
        record(b"one"), record(b"two", url="https://daily.example/b"), record(b"", url="https://daily.example/c")
    )
    found, records = read(data)
    assert urls(found) == ["https://daily.example/a", "https://daily.example/b", "https://daily.example/c"]
    assert len({place.offset for place, _ in found}) == 1
    assert [place.start for place, _ in found] == sorted({place.start for place, _ in found})
    assert (records.count, records.end) == (4, len(data))


@settings(max_examples=150, deadline=None)
@given(size=st.integers(20, 4000), name=st.sampled_from(NAMES))
def test_any_size_of_chunk_gives_the_records_of_the_whole(size: int, name: str) -> None:
    expected = [(str(place), url) for place, (url, _) in read(FILES[name])[0]]
    assert in_chunks(FILES[name], size, 5000, is_gzip=name == "zipped") == (expected, 0, 0)


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(5, len(PLAIN)), name=st.sampled_from(NAMES))
def test_what_stands_before_a_cut_is_found(cut: int, name: str) -> None:
    data = FILES[name]
    cut = min(cut, len(data))
    before = [place for place, _ in read(data)[0] if place.offset + place.length <= cut]
    found, records = read(data[:cut])
    assert [place for place, _ in found][: len(before)] == before
    assert len(found) - len(before) <= 1  # a record whose last line ends are cut off is whole
    assert records.end == cut
    assert records.is_cut == (records.lost is not None)


@pytest.mark.parametrize("size", [200, 900, 100_000])
@pytest.mark.parametrize("name", NAMES)
def test_behind_a_broken_record_the_next_is_found(name: str, size: int) -> None:
    data = bytearray(FILES[name])
    places = [place for place, _ in read(FILES[name])[0]]
    hurt = places[5]
    if name == "zipped":
        data[hurt.offset + 30 : hurt.offset + hurt.length - 12] = b"\xff" * (hurt.length - 42)
    else:
        data[hurt.offset : hurt.offset + 8] = b"WORM/1.0"
    found, broken, large = in_chunks(bytes(data), size, 5000, is_gzip=name == "zipped")
    assert [url for _, url in found] == [fetch.url for fetch in FETCHES if fetch is not FETCHES[5]]
    assert (broken, large) == (1, 0)


def test_a_member_with_a_wrong_checksum_is_broken() -> None:
    one = bytearray(member(record(b"one")))
    one[-8] ^= 1
    found, records = read(member(record(b"x", kind="warcinfo")) + bytes(one) + member(record(b"two")))
    assert (urls(found), records.broken, records.lost) == (["https://daily.example/a"], 1, None)


def test_where_nothing_is_found_any_more_it_says_from_where() -> None:
    head = member(record(b"x", kind="warcinfo"))
    records = read(head + b"junk" * 1000)[1]
    assert (records.lost, records.broken, records.is_cut, records.end) == (len(head), 1, False, len(head) + 4000)


def test_zeros_between_and_behind_members_are_padding() -> None:
    data = member(record(b"one")) + b"\0" * 5000 + member(record(b"two")) + b"\0" * 700
    assert in_chunks(data, 300, 5000)[1:] == (0, 0)
    assert len(in_chunks(data, 300, 5000)[0]) == 2


@pytest.mark.parametrize("tail", [b"\x1f", b"\x1f\x8b", b"\x1f\x8b\x08", b"x"])
def test_half_a_beginning_at_the_end_of_the_file_comes_to_an_end(tail: bytes) -> None:
    data = member(record(b"one")) + tail
    assert in_chunks(data, 100, 5000)[1:] == (tail == b"x", 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_larger_than_a_range_is_passed_over_and_counted(name: str) -> None:
    noise = Random(1).randbytes(9000)
    one, two = record(b"one", url="https://daily.example/1"), record(b"two", url="https://daily.example/2")
    pieces = [record(b"x", kind="warcinfo"), one, record(answer(noise)), two]
    data = b"".join(map(member, pieces) if name == "zipped" else pieces)
    found, broken, large = in_chunks(data, 1000, 2000, is_gzip=name == "zipped")
    assert [url for _, url in found] == ["https://daily.example/1", "https://daily.example/2"]
    assert (broken, large) == (0, 1)


def test_a_record_of_more_than_we_hold_is_counted_and_left_out() -> None:
    data = member(record(b"x" * (MAX_RECORD + 1))) + member(record(b"two"))
    found, records = read(data)
    assert (len(found), records.count, records.large) == (1, 2, 1)


def test_a_file_compressed_as_one_piece_is_refused_with_the_mend() -> None:
    noise = [record(answer(Random(number).randbytes(3000))) for number in range(5)]
    data = member(record(b"x", kind="warcinfo"), *noise)
    records = read(data[:5000], is_last=False, largest=5000)[1]
    assert records.refusal == "compressed as one piece: recompress it with `warcio recompress`"
    assert len(read(data)[0]) == 5  # a small one is in one range, and can be read


FOREIGN = {
    "zstd": (b"\x28\xb5\x2f\xfd rest", "compressed with zstd: recompress it with gzip, each record by itself"),
    "gzip": (gzip.compress(b"<html>"), "gzip, but no WARC file"),
    "html": (b"<!doctype html>", "no WARC file"),
    "gzipped warc": (ZIPPED, ""),
    "warc": (PLAIN, ""),
}


@pytest.mark.parametrize(("data", "fault"), FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_warc_file_is_told(data: bytes, fault: str) -> None:
    assert foreign(data) == fault


BROKEN = {
    "no length": b"WARC/1.0\r\nWARC-Type: response\r\n\r\nbody",
    "a negative length": record(b"").replace(b"Length: 0", b"Length: -1"),
    "a length that is no number": record(b"").replace(b"Length: 0", b"Length: 1e9"),
    "headers without end": b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000,
    "a length beyond its member": record(b"one", length=99),
    "words": b"hello",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_member_that_holds_no_whole_record_is_broken_and_the_next_is_read(data: bytes) -> None:
    found, records = read(member(record(b"x", kind="warcinfo")) + member(data) + member(record(b"two")))
    assert (len(found), records.broken, records.lost) == (1, 1, None)


def bomb(size: int) -> bytes:
    """A record of `size` zeros in one member, made in pieces."""
    head = record(b"", length=size).removesuffix(b"\r\n\r\n")
    stream = zlib.compressobj(9, wbits=31)
    pieces = [stream.compress(head)] + [stream.compress(bytes(MB)) for _ in range(size // MB)]
    return b"".join([*pieces, stream.flush()])


def test_a_bomb_costs_bounded_memory_and_what_stands_around_it_is_read() -> None:
    large = bomb(320 * MB)
    data = member(record(b"one")) + large + member(record(b"two"))
    tracemalloc.start()
    found, records = read(data)
    peak = tracemalloc.get_traced_memory()[1] / MB
    tracemalloc.stop()
    assert (len(found), records.large) == (2, 1)
    assert peak < 8


def test_many_bombs_are_left_for_the_next_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_UNZIPPED", 3 * MB)
    data = member(record(b"one")) + bomb(2 * MB) * 5
    records = read(data)[1]
    assert records.count == 3
    assert records.end < len(data)
    assert in_chunks(data, len(data), len(data))[1:] == (0, 0)


def test_empty_members_and_tiny_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_MEMBERS", 50)
    monkeypatch.setattr(zipped, "MAX_RECORDS", 40)
    empty = member(b"") * 200
    assert read(empty, offset=1)[1].end == 1 + len(empty) // 4
    tiny = member(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n" * 100) + member(record(b"two"))
    records = read(tiny)[1]
    assert records.count >= 40
    assert records.end < len(tiny)


def test_a_false_beginning_in_broken_data_is_not_taken_for_a_record() -> None:
    page = member(b"a zipped file within a page")
    junk = b"\xff" * 100 + page + b"\xff" * 100
    found, records = read(member(record(b"one")) + junk + member(record(b"two")))
    assert (len(found), records.broken) == (2, 1)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=3000), offset=st.sampled_from([0, 7]), is_last=st.booleans(), is_gzip=st.booleans())
def test_any_bytes_are_read_and_never_raise(data: bytes, offset: int, is_last: bool, is_gzip: bool) -> None:
    for beginning in (b"", b"\x1f\x8b\x08", b"WARC/1.0\r\n"):
        body = beginning + data
        found, records = read(body, offset=offset, is_last=is_last, is_gzip=is_gzip, largest=len(body))
        assert records.end > offset or not body or records.refusal
        assert isinstance(found, list)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(50, 3000), name=st.sampled_from(NAMES))
def test_a_damaged_file_comes_to_an_end_in_any_chunks(seed: int, size: int, name: str) -> None:
    data, chance = bytearray(FILES[name]), Random(seed)
    for _ in range(3):
        at = chance.randrange(10, len(data) - 40)
        data[at : at + chance.randrange(40)] = chance.randbytes(chance.randrange(40))
    found, broken, _ = in_chunks(bytes(data), size, 6000, is_gzip=name == "zipped")
    assert len(found) <= len(FETCHES) + broken


JUNK = {
    "magic": b"\x1f\x8b\x08",
    "beginnings": b"\nWARC/1.0\r\n",
    "zeros": b"\0\x1f",
    "empty heads": b"WARC/1.0\r\n\r\n",
    "line ends": b"\r\n",
    "tiny records": b"WARC/1.0\r\nContent-Length: 0\r\n\r\n",
    "empty members": member(b""),
    "tiny members": member(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n"),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_ten_megabytes_of_anything_are_passed_in_seconds(junk: bytes) -> None:
    for beginning in (member(record(b"one")), record(b"one")):
        data = beginning + junk * (10 * MB // len(junk))
        began = process_time()
        records = read(data)[1]
        assert process_time() - began < 10
        assert records.count >= 1
        assert records.end > 1 * MB
