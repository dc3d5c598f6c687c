from __future__ import annotations

from dataclasses import replace

from archive.serving.page_cache import LARGEST, Kept, PageCache, weight


def kept(size: int = 10) -> Kept:
    return Kept(body=b"x" * size, content_type="text/plain", status=200)


def test_an_answer_is_given_again_for_its_version_only() -> None:
    cache, answer = PageCache(), kept()
    cache.put("/", 1, answer)
    assert cache.get("/", 1) is answer
    assert cache.get("/", 2) is None
    assert cache.get("/other", 1) is None


def test_a_recent_answer_is_told_with_its_version() -> None:
    now = [100.0]
    cache, answer = PageCache(clock=lambda: now[0]), kept()
    cache.put("/", 1, answer)
    now[0] = 101.5
    assert cache.recent("/", 2) == (1, answer)
    assert cache.recent("/", 1) is None
    assert cache.recent("/other", 2) is None


def test_an_answer_that_holds_for_a_while_is_given_no_longer() -> None:
    now = [100.0]
    cache, answer = PageCache(clock=lambda: now[0]), replace(kept(), until=101.0)
    cache.put("/", 1, answer)
    assert cache.get("/", 1) is answer
    now[0] = 101.0
    assert cache.get("/", 1) is None
    cache.put("/late", 1, answer)
    assert "/late" not in cache.kept


def test_what_was_not_asked_for_longest_makes_room() -> None:
    cache = PageCache(room=3 * weight("/a", kept()))
    for key in ("/a", "/b", "/c"):
        cache.put(key, 1, kept())
    assert cache.get("/a", 1)
    cache.put("/d", 1, kept())
    assert [key for key in ("/a", "/b", "/c", "/d") if cache.get(key, 1)] == ["/a", "/c", "/d"]
    assert cache.used <= cache.room


def test_a_newer_answer_takes_the_place_of_the_older_and_a_huge_one_is_not_kept() -> None:
    cache = PageCache()
    for version in range(5):
        cache.put("/", version, kept(100))
    cache.put("/huge", 1, kept(LARGEST + 1))
    assert (len(cache.kept), cache.used) == (1, weight("/", kept(100)))
