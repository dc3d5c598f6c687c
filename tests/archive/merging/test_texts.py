from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.merging.accounts import COLUMNS, Account, Telling
from archive.merging.texts import joined, parted, told
from archive.rows import DetailRows

DIGESTS = ("sha1:a", "sha1:b")


def account(
    url: str, content: str, hour: int, digest: str, furniture: int, date: int | None, others: tuple[Telling, ...]
) -> Account:
    at = f"2021-08-15T{hour:02d}:00:00Z"
    said = dict.fromkeys(COLUMNS, "") | {"fetched": at, "content_hash": content, "title": content, "words": 3}
    dates = () if date is None else (date == 0, f"2021-08-1{date}T00:00:00Z", "instant" if date else "day", None)
    return Account(
        url=url, outlet="wire.example", columns=tuple(said[name] for name in COLUMNS), body=f"body {content}",
        date=dates, fetch=(at, digest, 200, url), details=DetailRows(lines=(1, 2), furniture=(1, 2)[:furniture]),
        sketch=b"", others={one.content_hash: one for one in others if one.fetched < at},
    )  # fmt: skip


def telling(content: str, hour: int, digest: str, *, shown: bool) -> Telling:
    at = f"2021-08-15T{hour:02d}:00:00Z"
    return Telling(
        content_hash=content, fetched=at, title=content, body=f"body {content}", fetch=(at, digest, 200, "u"),
        furniture=b"", shown=shown,
    )  # fmt: skip


CONTENTS, HOURS = st.sampled_from("pqr"), st.integers(0, 9)
TELLINGS = st.builds(telling, CONTENTS, HOURS, st.sampled_from(DIGESTS), shown=st.booleans())
ACCOUNTS = st.builds(
    account, st.sampled_from(["https://a.example/1", "https://a.example/22", "http://a.example/1"]), CONTENTS, HOURS,
    st.sampled_from(DIGESTS), st.integers(0, 2), st.none() | st.integers(0, 2), st.tuples(TELLINGS, TELLINGS),
)  # fmt: skip


@settings(max_examples=50)
@given(ACCOUNTS, ACCOUNTS, ACCOUNTS)
def test_accounts_are_joined_in_any_order_and_grouping(a: Account, b: Account, c: Account) -> None:
    assert joined(a, b) == joined(b, a)
    assert joined(joined(a, b), c) == joined(a, joined(b, c))


@settings(max_examples=50)
@given(ACCOUNTS, ACCOUNTS)
def test_twice_is_once(a: Account, b: Account) -> None:
    both = joined(a, b)
    assert joined(both, a) == joined(both, b) == joined(both, both) == both


@settings(max_examples=50)
@given(ACCOUNTS)
def test_one_account_stays_as_it_is(a: Account) -> None:
    assert joined(a, a).columns == a.columns
    assert joined(a, a).date == a.date


def same(one: Telling, other: Telling) -> bool:
    """Says the same by its first letter."""
    return one.title[0] == other.title[0]


def texts(*others: Telling) -> Account:
    return replace(
        account("https://a.example/1", "now", 9, "sha1:now", 0, None, ()),
        others={one.content_hash: one for one in others},
    )


def test_a_text_that_says_what_a_newer_one_says_is_no_version() -> None:
    given_texts = texts(telling("north", 1, "x", shown=False), telling("pole", 2, "y", shown=False))
    versions, tellings = parted(given_texts, same)
    assert [one.title for one in versions] == ["pole"]
    assert [one.title for one in tellings] == ["north"]


def test_but_one_that_an_archive_saw_replaced_is_one() -> None:
    versions, tellings = parted(texts(telling("north", 1, "x", shown=True)), same)
    assert ([one.title for one in versions], tellings) == (["north"], [])


def test_no_reading_of_the_same_bytes_makes_a_version() -> None:
    versions, tellings = parted(texts(telling("pole", 1, "sha1:now", shown=False)), same)
    assert (versions, [one.title for one in tellings]) == ([], ["pole"])


def test_versions_are_told_from_the_oldest_on() -> None:
    many = [telling(name, hour, name, shown=False) for hour, name in enumerate(("tree", "pole", "sea"), 1)]
    assert [one.title for one in parted(texts(*reversed(many)), same)[0]] == ["tree", "pole", "sea"]


def test_the_text_that_was_seen_last_holds_and_the_other_is_told() -> None:
    early, late = (account("https://a.example/1", name, hour, name, 0, None, ()) for name, hour in (("p", 1), ("q", 2)))
    both = joined(early, late)
    assert both.said("content_hash") == "q"
    assert both.others == {"p": told(early)}
