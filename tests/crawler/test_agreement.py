from __future__ import annotations

import pytest

from archive.merging.origin import OriginError
from crawler.agreement import agreed
from pipelines.topic import parse_topic

TERMS = '[thresholds]\nkeep = 0.4\n[terms]\n"peace talks" = 3\n"doha" = 1.5\n'
FEED = '{{ channel = "feeds", url = "https://{}.example/feed"{} }}'


def topic(*feeds: str, more: str = "", head: str = 'title = "Talks"', terms: str = TERMS) -> tuple[str, str]:
    listed = ", ".join(FEED.format(feed, more) for feed in feeds)
    return "Talks", f"{head}\nsources = [{listed}]\n{terms}"


def test_topics_that_judge_alike_ask_what_both_ask_in_any_order() -> None:
    a, b, c = topic("a"), topic("b", "a", more=", verified = true"), topic("c", head='title = "Talks"\nqueries = ["x"]')
    both = agreed("talks", agreed("talks", a, b), c)
    assert both == agreed("talks", a, agreed("talks", c, b)) == agreed("talks", agreed("talks", c, a), b)
    found = parse_topic(both[1], "talks.toml")
    assert [(source.url[8:9], source.verified) for source in found.sources] == [("a", True), ("b", True), ("c", False)]
    assert found.queries == ("x",)
    assert agreed("talks", both, a) == both


def test_one_text_stays_to_the_letter() -> None:
    assert agreed("talks", topic("a"), topic("a")) == topic("a")
    assert agreed("talks", ("", ""), topic("a")) == topic("a") == agreed("talks", topic("a"), ("", ""))


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (topic("a", terms=TERMS.replace("1.5", "2")), "terms differ"),
        (topic("a", terms=TERMS.replace("0.4", "0.5")), "thresholds differ"),
        (topic("a", head='title = "Talks"\nnever = ["cricket"]\nlanguage = "de"'), "never, language differ"),
        (topic("a", terms="[window]\nsince = 2019-01-01\n" + TERMS), "window differ"),
    ],
)
def test_two_topics_of_one_name_are_refused_with_a_mend(other: tuple[str, str], what: str) -> None:
    with pytest.raises(OriginError, match=r"rescore talks`; then merge") as error:
        agreed("talks", topic("a"), other)
    assert what in str(error.value)


def test_one_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(OriginError, match="cannot be read in one of the archives"):
        agreed("talks", topic("a"), ("", "no = such = toml"))


def test_hostile_words_are_written_so_that_they_are_read_again() -> None:
    odd = 'title = "Talks \\" \\\\ ]"\nsources = [{ channel = "gdelt", only = ["a.example", "b.example"] }]\n'
    terms = "[thresholds]\nkeep = 0.4\n[terms]\n\"u.s. 'troops'\" = 0.1\n"
    found = parse_topic(agreed("talks", ("", odd + terms), topic("b", terms=terms))[1], "talks.toml")
    assert [source.only for source in found.sources] == [(), ("a.example", "b.example")]
    assert found.terms[0].text == "u.s. 'troops'"
