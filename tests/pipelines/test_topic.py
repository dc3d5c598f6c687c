from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.keys import KEYS
from pipelines.topic import (
    CHANNELS,
    MOST_BYTES,
    Source,
    Term,
    Topic,
    TopicError,
    find_topic,
    load_topic,
    parse_topic,
)

WHOLE = """
title = "Heat in the cities"
language = "de"
seeds = ["https://mercury.example/a", "notes.txt", "notes.txt"]
window = { since = 2024-06-01, until = 2024-09-30 }
thresholds = { keep = 0.4, review = 0.2 }
queries = ["heat wave", "Hitze Berlin"]
never = ["Heat Miami"]
preserve = "all"
ports = [80, 443, 8080]
sources = [
  { channel = "feeds", url = "https://mercury.example/rss", outlet = "mercury.example", verified = true },
  { channel = "gdelt" },
]

[terms]
"Heat Wave" = 3
"u.s. weather" = 0.5
"""
TERMS = '\n[terms]\n"heat" = 1\n'


def test_a_whole_file_becomes_a_topic() -> None:
    assert parse_topic(WHOLE, "topics/heat.toml") == Topic(
        name="heat",
        title="Heat in the cities",
        language="de",
        seeds=("https://mercury.example/a", "notes.txt"),
        terms=(Term(text="heat wave", weight=3), Term(text="u.s. weather", weight=0.5)),
        never=("heat miami",),
        since=date(2024, 6, 1),
        until=date(2024, 9, 30),
        queries=("heat wave", "Hitze Berlin"),
        keep=0.4,
        review=0.2,
        sources=(
            Source(channel="feeds", url="https://mercury.example/rss", outlet="mercury.example", verified=True),
            Source(channel="gdelt", url=""),
        ),
        ports=(80, 443, 8080),
        preserve="all",
        file="topics/heat.toml",
        definition=WHOLE,
    )


def test_terms_alone_are_enough() -> None:
    topic = parse_topic(TERMS, "heat.toml")
    assert topic.terms == (Term(text="heat", weight=1),)
    assert topic.review < topic.keep


def test_a_topic_that_keeps_everything_needs_no_terms() -> None:
    topic = parse_topic("thresholds = { keep = 0 }", "all.toml")
    assert (topic.keep, topic.review, topic.terms) == (0, 0, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = x", ["line 1", "not TOML"]),
        ('title = "x', ["end of the file", "not TOML"]),
        ("when = 1979-13-01", ["not TOML"]),
        ("title = 1" + "0" * 5000, ["not TOML"]),
        ("deep = " + "[" * 50_000, ["nested too deeply"]),
        ("# " + "x" * MOST_BYTES, ["larger than"]),
        ("", ["terms", "missing", "[terms]"]),
        ('titel = "Heat"' + TERMS, ["titel", "not a known key", "did you mean title?"]),
        ("title = 7" + TERMS, ["title is 7", "text in quotes"]),
        ('title = "two\\nlines"' + TERMS, ["title", "one plain line"]),
        (f'title = "{"x" * 400}"' + TERMS, ["title is 400 characters", "at most 300"]),
        ('language = "English"' + TERMS, ["language is English", "such as en"]),
        ('window = { since = "2024-06-01" }' + TERMS, ["window.since", "without quotes"]),
        ("window = { since = 2024-06-01T00:00:00Z }" + TERMS, ["window.since", "give a day"]),
        ("window = { since = 2024-06-02, until = 2024-06-01 }" + TERMS, ["window.since", "after until"]),
        ("window = { from = 2024-06-02 }" + TERMS, ["window.from", "since, until"]),
        ("thresholds = { keep = 7 }" + TERMS, ["thresholds.keep is 7", "from 0 to 1"]),
        ("thresholds = { keep = nan }" + TERMS, ["thresholds.keep is nan", "from 0 to 1"]),
        ("thresholds = { keep = true }" + TERMS, ["thresholds.keep is true", "from 0 to 1"]),
        ("thresholds = { keep = 0.2, review = 0.4 }" + TERMS, ["thresholds.review is 0.4", "above keep"]),
        ("thresholds = 1" + TERMS, ["thresholds is 1", "table"]),
        ('seeds = "https://a.example/"' + TERMS, ["seeds is https", "list"]),
        ('seeds = ["a.txt", "https://u:p@a.example/"]' + TERMS, ["seeds[2] holds a user name", "without it"]),
        ('queries = "heat"' + TERMS, ["queries is heat", "list"]),
        ("queries = [1]" + TERMS, ["queries[1] is 1", "text in quotes"]),
        ('queries = [" "]' + TERMS, ["queries[1] is empty", "take it out"]),
        ('never = ["..."]' + TERMS, ["never", "no phrase"]),
        ('preserve = "none"' + TERMS, ["preserve is none", '"kept" or "all"']),
        ("ports = [0]" + TERMS, ["ports", "1 to 65535"]),
        ("ports = []" + TERMS, ["ports", "1 to 65535"]),
        ("ports = [true]" + TERMS, ["ports", "1 to 65535"]),
        ("sources = [1]" + TERMS, ["sources", "list of tables"]),
        ('sources = [{ channel = "rss" }]' + TERMS, ["sources[1].channel is rss", "feeds"]),
        ('sources = [{ channel = "feeds" }]' + TERMS, ["sources[1].url", "whole address"]),
        ('sources = [{ channel = "feeds", url = "ftp://a.example/" }]' + TERMS, ["sources[1].url", "http"]),
        ('sources = [{ channel = "feeds", url = "/rss" }]' + TERMS, ["sources[1].url", "whole address"]),
        ('sources = [{ channel = "feeds", url = "http://[::1" }]' + TERMS, ["sources[1].url", "no address"]),
        (
            'sources = [{ channel = "feeds", url = "http://a.example:99999/" }]' + TERMS,
            ["sources[1].url", "no address"],
        ),
        ('sources = [{ channel = "feeds", url = "http://me:pw@a.example/" }]' + TERMS, ["sources[1].url", "password"]),
        ('sources = [{ channel = "gdelt" }, { channel = "gdelt" }]' + TERMS, ["sources[2].url", "listed twice"]),
        ('sources = [{ channel = "gdelt", verified = 1 }]' + TERMS, ["sources[1].verified is 1", "true or false"]),
        ("[terms]\nheat = 11", ["terms.heat is 11", "from 0 to 10"]),
        ("[terms]\nheat = -1", ["terms.heat is -1", "from 0 to 10"]),
        ('[terms]\nheat = "high"', ["terms.heat is high", "number"]),
        ("[terms]\nu.s = 1", ["terms.u is a table", "in quotes"]),
        ('[terms]\n"--" = 1', ["terms.--", "no phrase"]),
        ('[terms]\n"Heat Wave" = 1\n"heat wave" = 2', ["terms.heat wave", "same as Heat Wave"]),
        ("[terms]\n" + "\n".join(f"t{n} = 1" for n in range(2001)), ["terms has 2001 entries", "2000"]),
    ],
)
def test_a_bad_file_is_told_its_key_its_fault_and_its_mend(text: str, words: list[str]) -> None:
    with pytest.raises(TopicError) as caught:
        parse_topic(text, "topics/heat.toml")
    message = str(caught.value)
    assert message.startswith("topics/heat.toml: ")
    assert [word for word in words if word not in message] == []
    assert len(message) < 500


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopicError, match=r"no\.toml: cannot be read"):
        load_topic(tmp_path / "no.toml")


def test_a_file_that_is_not_utf_8_is_told_its_line(tmp_path: Path) -> None:
    path = tmp_path / "heat.toml"
    path.write_bytes(b'title = "Heat"\n# Hitze in M\xfcnchen\n[terms]\nheat = 1\n')
    with pytest.raises(TopicError, match=r"heat\.toml: line 2 is not UTF-8"):
        load_topic(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "heat.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TERMS.encode())
    assert load_topic(path).name == "heat"


def test_a_huge_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "heat.toml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(TopicError, match="larger than"):
        load_topic(path)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, names in ((first, ["heat"]), (second, ["heat", "floods"])):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.toml").write_text(TERMS, encoding="utf-8")
    return first, second


def test_a_name_is_found_in_the_first_folder_that_has_it(folders: tuple[Path, Path]) -> None:
    assert find_topic("heat", folders) == folders[0] / "heat.toml"
    assert find_topic("floods", folders) == folders[1] / "floods.toml"
    assert find_topic("floods.toml", folders) == folders[1] / "floods.toml"


def test_a_path_is_taken_as_it_is(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "heat.toml"
    assert find_topic(str(path), ()) == path


def test_an_unknown_name_is_told_where_it_was_looked_for_and_what_is_near(folders: tuple[Path, Path]) -> None:
    with pytest.raises(TopicError) as caught:
        find_topic("flods", folders)
    message = str(caught.value)
    assert "did you mean floods?" in message
    assert str(folders[0]) in message
    assert "floods, heat" in message


@pytest.mark.parametrize("name", ["", "../first/heat", "a/b", "x" * 5000, "nul\0", "."])
def test_a_name_that_is_no_name_finds_nothing(name: str, folders: tuple[Path, Path]) -> None:
    with pytest.raises(TopicError, match="no such topic or file"):
        find_topic(name, folders)


@given(st.text(max_size=200))
def test_any_text_is_a_topic_or_a_topic_error(text: str) -> None:
    _parse(text)


def _values() -> st.SearchStrategy[str]:
    plain = st.sampled_from(
        [
            "1",
            "-1",
            "0.5",
            "inf",
            "nan",
            "true",
            '"x"',
            '""',
            "2019-01-31",
            "2019-01-31T10:00:00",
            "[]",
            "{}",
            "[1, 'a']",
        ]
    )
    keys = st.sampled_from([*KEYS, "channel", "url", "since", "until", "keep", "review", "verified", "x"])
    table = st.lists(st.tuples(keys, plain), max_size=4, unique_by=lambda pair: pair[0]).map(
        lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"
    )
    channels = st.sampled_from(CHANNELS).map(lambda name: f'[{{channel = "{name}", url = "https://a.example/"}}]')
    return st.one_of(plain, table, channels, st.lists(table, max_size=3).map(lambda rows: f"[{', '.join(rows)}]"))


@given(
    st.dictionaries(st.sampled_from(KEYS), _values(), max_size=6), st.sampled_from(["", "thresholds = {keep = 0}\n"])
)
def test_any_mix_of_keys_and_values_is_a_topic_or_a_topic_error(keys: dict[str, str], start: str) -> None:
    _parse(start + "\n".join(f"{key} = {value}" for key, value in keys.items()))


def _parse(text: str) -> None:
    try:
        topic = parse_topic(text, "any.toml")
    except TopicError as error:
        assert str(error).startswith("any.toml: ")  # noqa: PT017 - either outcome is right; this is about one of them
    else:
        assert topic.definition == text
        assert 0 <= topic.review <= topic.keep <= 1
