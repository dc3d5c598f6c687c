from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from scrapy.core.downloader.handlers.http11 import TunnelError

from crawler.middlewares.robots import told
from crawler.robots import MAX_BYTES, MAX_MARKS, MAX_RULES, Rules, group

SITE = "http://news.com"
TUNNEL = "Could not open CONNECT tunnel with proxy 127.0.0.1:3128 [{'status': 502, 'reason': b'Bad Gateway'}]"


def rules(text: str) -> Rules:
    return Rules.read(text.encode(), "Dossier")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TunnelError(TUNNEL), "the proxy 127.0.0.1:3128 answered HTTP 502"),
        (TunnelError("b'SSH-2.0'"), "b'SSH-2.0'"),
        (OSError("no route"), "no route"),
        (TimeoutError(), "TimeoutError"),
    ],
    ids=["proxy", "no proxy at all", "words", "no words"],
)
def test_why_no_robots_txt_came_is_told_in_words(error: Exception, said: str) -> None:
    assert told(error) == said


def test_the_longest_rule_decides_and_a_tie_allows() -> None:
    read = rules("User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /x\nDisallow: /x\n")
    assert [read.allows(SITE + path) for path in ("/a", "/a/b", "/a/b/c", "/x", "/")] == [
        False,
        True,
        False,
        True,
        True,
    ]


def test_wildcards_and_ends_are_understood() -> None:
    read = rules("User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?print=\n")
    assert not read.allows(SITE + "/a/b.pdf")
    assert read.allows(SITE + "/a/b.pdf?x")
    assert not read.allows(SITE + "/a?print=1")


def test_rules_that_name_us_hold_alone() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: DOSSIER/2.0 (x)\nDisallow: /mine\n"
    assert rules(text).allows(SITE + "/a")
    assert not rules(text).allows(SITE + "/mine")


def test_all_groups_that_name_us_are_one() -> None:
    read = rules("User-agent: dossier\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: Dossier\nDisallow: /b\n")
    assert not read.allows(SITE + "/a")
    assert not read.allows(SITE + "/b")
    assert read.allows(SITE + "/c")


def test_a_name_that_only_begins_like_ours_is_not_ours() -> None:
    assert rules("User-agent: doss\nDisallow: /\nUser-agent: dossierbot\nDisallow: /\n").allows(SITE + "/a")


def test_a_crawl_delay_is_that_of_our_own_group() -> None:
    assert rules("User-agent: *\nCrawl-delay: 9\nUser-agent: dossier\nCrawl-delay: 2.5 # s\n").crawl_delay == 2.5
    assert rules("User-agent: *\nCrawl-delay: 9\nUser-agent: dossier\nDisallow:\n").crawl_delay == 0


def test_a_crawl_delay_that_is_too_long_is_a_fault_that_says_so() -> None:
    assert rules("User-agent: *\nCrawl-delay: 120\n").fault == "Crawl-delay 120 s is over 30 s"
    assert rules("User-agent: *\nCrawl-delay: 30\n").fault == ""


@pytest.mark.parametrize("value", ["1e999", "nan", "-3", "soon", "", "\u0663"])
def test_a_crawl_delay_that_is_none_is_none(value: str) -> None:
    read = rules(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /a\n")
    assert read.crawl_delay in (0.0, 3.0)
    assert not read.allows(SITE + "/a")


def test_a_sitemap_line_ends_no_group() -> None:
    read = rules("User-agent: dossier\nSitemap: http://x/s.xml\nUser-agent: b\nDisallow: /a\n")
    assert not read.allows(SITE + "/a")


def test_what_is_behind_500_kib_is_not_read() -> None:
    filler = "# " + "x" * 1000 + "\n"
    text = "User-agent: *\nDisallow: /early\n" + filler * (MAX_BYTES // len(filler) + 1) + "Disallow: /late\n"
    assert not rules(text).allows(SITE + "/early")
    assert rules(text).allows(SITE + "/late")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00\x01" * 500,
        b"<html><title>Not found</title>",
        b"\xef\xbb\xbfUser-agent: *\nAllow: /",
        b"\x00" * 9999,
    ],
)
def test_garbage_forbids_nothing(body: bytes) -> None:
    assert Rules.read(body, "Dossier").allows(SITE + "/a")


def test_a_byte_order_mark_hides_no_rule() -> None:
    assert not Rules.read(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "Dossier").allows(SITE + "/a")


HOSTILE = {
    "55 MB": b"user-agent: *\ndisallow: /x\n" * 2_000_000,
    "many names times many rules": b"".join(b"user-agent: a%d\n" % n for n in range(15_000))
    + b"disallow: /a\n" * 25_000,
    "one name over and over": b"user-agent: *\n" * 18_000 + b"disallow: /a\n" * 25_000,
    "many plain rules": b"user-agent: *\n" + b"".join(b"allow:/%x\n" % n for n in range(50_000)),
    "wildcards": b"user-agent: *\n" + b"".join(b"allow:/" + b"*a" * 100 + b"%x\n" % n for n in range(2_000)),
    "a few wildcards each": b"user-agent: *\n" + b"".join(b"allow:/*a*a*a*a*b%x\n" % n for n in range(990)),
    "end marks": b"user-agent: *\n" + b"".join(b"allow:/$%x$$$\n" % n for n in range(30_000)),
    "one line": b"user-agent: *\ndisallow: /" + b"*a" * 200_000,
    "escapes": b"user-agent: *\n" + b"".join(b"allow:/%%41%%4%x\n" % n for n in range(19_000)),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_cut_to_what_can_be_heeded_or_refused(body: bytes) -> None:
    read = Rules.read(body, "Dossier")
    ours = group(body[:MAX_BYTES].decode(), "Dossier")
    heeded = len(ours) <= MAX_RULES and sum(line.count("*") + line.count("$") for line in ours) <= MAX_MARKS
    assert bool(read.fault) != heeded
    for number in range(50):
        read.allows(f"{SITE}/{'a' * 2000}{number}")


AGENT = st.sampled_from(["*", "dossier", "Dossier", "otherbot", "google"])
PATH = st.text("ab/*$", max_size=6).map(lambda path: "/" + path)
LINE = st.one_of(
    st.tuples(st.sampled_from(["Allow", "Disallow"]), PATH).map(": ".join),
    st.tuples(st.just("User-agent"), AGENT).map(": ".join),
    st.sampled_from(["", "# note", "Sitemap: http://x/s.xml", "Crawl-delay: 3", "Crawl-delay: 7"]),
)


@given(st.lists(LINE, max_size=25), st.text("ab/", max_size=6))
def test_the_cut_to_our_group_changes_no_answer(lines: list[str], path: str) -> None:
    text = "\n".join(lines)
    whole, read = Protego.parse(text), rules(text)
    assert read.allows(f"{SITE}/{path}") == whole.can_fetch(f"{SITE}/{path}", "Dossier")
    assert read.crawl_delay == (whole.crawl_delay("Dossier") or 0)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    Rules.read(body, "Dossier").allows(SITE + "/a")


def test_only_our_lines_are_handed_to_the_parser() -> None:
    assert group("User-agent: a\nDisallow: /1\nUser-agent: *\nDisallow: /2\n", "Dossier") == ["Disallow: /2"]
