from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.search.gdelt_queries import LANGUAGES, LONGEST, MOST_QUERIES, keyword, queries_of
from crawler.folders import DEFAULT_TOPIC
from pipelines.topic import Term, Topic, parse_topic
from tests.services import gdelt as service


def topic(
    *queries: str, terms: dict[str, float] | None = None, never: tuple[str, ...] = (), language: str = "en"
) -> Topic:
    weighed = tuple(Term(text=text, weight=weight) for text, weight in (terms or {}).items())
    return Topic(name="talks", queries=queries, terms=weighed, never=never, language=language)


def bare(*queries: str) -> tuple[str, ...]:
    """The queries of a topic whose language GDELT does not name."""
    return queries_of(topic(*queries, language="xx"))


# The grammar, by the service's own refusals: what they are about is never built.

REFUSED = {
    "too short": ("ab", service.LENGTH),
    "too long": ("taliban " * 40, service.LENGTH),
    "an OR in the open": ("taliban OR ghani", service.NO_PARENTHESES),
    "parentheses around one word": ("(taliban)", service.PARENTHESES),
    "parentheses around words": ("(taliban ghani)", service.PARENTHESES),
    "a short phrase": ('taliban "u s"', service.PHRASE),
    "one word in quotes": ('"taliban"', service.PHRASE),
    "nested parentheses": ("(taliban OR (ghani OR karzai))", service.CLAUSE),
    "an OR at the end": ("(taliban OR ghani OR)", service.CLAUSE),
    "parentheses without end": ("(taliban OR ghani", service.CLAUSE),
    "a bare dash": ("intra-afghan talks", service.CHARACTER),
    "a quote without end": ('"peace talks', service.CHARACTER),
    "an apostrophe": ("women's", service.CHARACTER),
    "a country that is none": ("taliban sourcecountry:atlantis", service.COUNTRY),
    "a common word": ("the taliban", service.KEYWORD.format("the")),
    "nothing but a language": ("sourcelang:english", service.LENGTH),
}


@pytest.mark.parametrize(("query", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_the_judge_of_these_tests_refuses_as_gdelt_does(query: str, text: str) -> None:
    assert service.refusal(query) == text


@pytest.mark.parametrize(
    "query",
    [
        "taliban",
        '"peace talks" taliban',
        '(taliban OR "peace talks") -cricket sourcelang:english',
        '"f-16s"',
        "domain:bbc.co.uk ghani",
    ],
)
def test_the_judge_of_these_tests_takes_what_gdelt_takes(query: str) -> None:
    assert service.refusal(query) == ""


# Words

KEYWORDS = {
    "a word": ("Taliban", "taliban"),
    "two words": ("peace  talks", '"peace talks"'),
    "a dash": ("intra-Afghan", '"intra-afghan"'),
    "a typographic dash": ("intra‑Afghan", '"intra-afghan"'),
    "a dash that is too short": ("f-16", ""),
    "a dash at the edge": ("-taliban-", "taliban"),
    "a possessive": ("Kabul’s", "kabul"),
    "initials": ("U.S. troops", '"us troops"'),
    "initials alone are too short": ("U.S.", ""),
    "three letters": ("NATO", "nato"),
    "two letters": ("EU", ""),
    "a phrase that is too short": ("a b", ""),
    "a phrase of short words": ("is it on at", ""),
    "illegal characters": ('tali"ban (x) & <co>:*', '"tali ban x co"'),
    "a common word": ("with", ""),
    "an operator": ("OR", ""),
    "accents": ("Élysée", "élysée"),
    "arabic": ("طالبان", "طالبان"),
    "chinese": ("塔利班", "塔利班"),
    "hindi keeps its vowel signs": ("तालिबान", "तालिबान"),
    "emoji": ("🔥", ""),
    "nothing": ("", ""),
    "half a character": ("\ud800", ""),
    "an endless word": ("x" * 100, ""),
}


@pytest.mark.parametrize(("text", "said"), KEYWORDS.values(), ids=KEYWORDS.keys())
def test_a_term_is_written_as_gdelt_wants_it(text: str, said: str) -> None:
    assert keyword(text) == said


# The user's own queries

TRANSLATED = {
    "words and phrases": ('Taliban "peace talks" Khalilzad', 'taliban "peace talks" khalilzad'),
    "curly quotes": ("Taliban “peace talks”", 'taliban "peace talks"'),
    "an OR gets its parentheses": ("Taliban OR Ghani", "(taliban OR ghani)"),
    "an OR binds its neighbours only": ("Doha Taliban OR Ghani talks", "doha (taliban OR ghani) talks"),
    "parentheses as in web searches": ("(Taliban OR Ghani) (talks OR truce)", "(taliban OR ghani) (talks OR truce)"),
    "parentheses around one": ("(Taliban)", "taliban"),
    "a bar": ("Taliban | Ghani", "(taliban OR ghani)"),
    "one word in quotes": ('"Taliban" talks', "taliban talks"),
    "a dash in a word": ("intra-Afghan dialogue", '"intra-afghan" dialogue'),
    "excluded words": ("Taliban -cricket", "taliban -cricket"),
    "an excluded phrase is left to the judge": ('Taliban -"test match"', "taliban"),
    "an excluded group is left to the judge": ("Taliban -(cricket OR football)", "taliban"),
    "a site": ("Taliban site:www.bbc.co.uk", "taliban domain:bbc.co.uk"),
    "a site with a dash cannot be said": ("Taliban site:the-sun.example", "taliban"),
    "a word in the title": ("intitle:Taliban talks", "taliban talks"),
    "operators that GDELT does not know": ("Taliban when:7d after:2019-01-01 inurl:news", "taliban"),
    "a word that cannot be said joins nothing": ("Taliban ?! OR Ghani", "taliban ghani"),
    "the same word twice": ("Taliban Taliban OR Taliban", "taliban"),
    "AND": ("Taliban AND Ghani", "taliban ghani"),
    "a quote without end": ('Taliban "peace', "taliban peace"),
    "OR at both ends": ("OR Taliban OR", "taliban"),
    "a time of day": ("Taliban 16:30", "taliban"),
}


@pytest.mark.parametrize(("text", "said"), TRANSLATED.values(), ids=TRANSLATED.keys())
def test_a_query_of_the_users_is_translated(text: str, said: str) -> None:
    assert bare(text) == (said,)


@pytest.mark.parametrize("text", ["", "-cricket", "site:bbc.co.uk", "OR", "?!", "EU", '"a b"', "when:7d"])
def test_a_query_that_gdelt_could_not_be_asked_is_not_asked(text: str) -> None:
    assert bare(text) == ()


def test_a_query_that_is_too_long_loses_what_can_be_spared() -> None:
    (query,) = bare("Taliban (" + " OR ".join(f"alternative{n}" for n in range(60)) + ") -cricket")
    assert query.startswith("taliban (alternative0 OR alternative1 ")
    assert len(query) <= LONGEST
    (query,) = bare(" ".join(f"requirement{n}" for n in range(40)))
    assert query.startswith("requirement0 requirement1 ")
    assert len(query) <= LONGEST


def test_a_query_that_another_covers_is_not_asked() -> None:
    assert bare("Taliban Doha talks", "Taliban talks", "Taliban OR Ghani talks") == ("(taliban OR ghani) talks",)
    assert bare("Taliban", "Taliban -cricket") == ("taliban",)
    assert bare("Taliban talks", "talks Taliban") == ("taliban talks",)
    assert bare("Taliban Doha", "Taliban Moscow") == ("taliban doha", "taliban moscow")


# Terms

TERMS = {"taliban": 5.0, "khalilzad": 4.0, "peace talks": 1.6, "ghani": 1.2, "taliban envoy": 1.0, "off": 0.0}


def test_terms_become_one_query_of_names_and_further_terms() -> None:
    assert queries_of(topic(terms=TERMS)) == ('(taliban OR khalilzad) ("peace talks" OR ghani) sourcelang:english',)


def test_a_term_that_holds_a_name_asks_nothing_further_and_is_left_out() -> None:
    assert "envoy" not in queries_of(topic(terms=TERMS))[0]


def test_a_term_that_is_switched_off_is_not_asked() -> None:
    assert queries_of(topic(terms={"taliban": 1, "cricket": 0}, language="xx")) == ("taliban",)


def test_terms_of_no_difference_are_enough_by_one_name_and_one_other() -> None:
    terms = dict.fromkeys(["flood", "levee", "river", "rain", "dyke", "relief"], 1.0)
    assert queries_of(topic(terms=terms, language="xx")) == ("(dyke OR flood OR levee OR rain) (relief OR river)",)


def test_where_no_name_can_be_said_the_other_terms_are() -> None:
    assert queries_of(topic(terms={"eu": 5, "brussels": 1}, language="xx")) == ("brussels",)


def test_words_that_never_belong_are_left_out_as_far_as_there_is_room() -> None:
    never = ("cricket", "test match", "f-16", *(f"forbidden{n}" for n in range(20)))
    (query,) = queries_of(topic(terms={"taliban": 1}, never=never, language="xx"))
    assert query.startswith("taliban -cricket -forbidden0 ")
    assert len(query) < 80


def test_a_word_that_is_asked_for_is_not_excluded() -> None:
    assert queries_of(topic("Taliban talks", never=("taliban",), language="xx")) == ("taliban talks",)


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "english"), ("pt-BR", "portuguese"), ("ps", "pashto"), ("zh-Hant", "chinese"), ("nb", "norwegian")],
)
def test_the_language_is_named_in_english(code: str, name: str) -> None:
    assert queries_of(topic("Taliban", language=code)) == (f"taliban sourcelang:{name}",)


def test_a_language_that_gdelt_does_not_read_is_left_out() -> None:
    assert queries_of(topic("Taliban", language="tlh")) == ("taliban",)
    assert all(code.isalpha() and name.isalpha() for code, name in LANGUAGES.items())


def test_the_first_topic_is_asked_in_few_queries() -> None:
    from importlib.resources import files

    text = files("crawler").joinpath(f"topics/{DEFAULT_TOPIC}.toml").read_text(encoding="utf-8")
    queries = queries_of(parse_topic(text, f"{DEFAULT_TOPIC}.toml"))
    assert 1 <= len(queries) <= 5
    assert [service.refusal(query) for query in queries] == [""] * len(queries)
    assert any(query.startswith("(taliban OR khalilzad OR ") for query in queries)


def test_a_topic_of_countless_queries_is_asked_in_eight_of_which_one_is_of_its_terms() -> None:
    queries = [f"word{n} other{n}" for n in range(1_000)]
    assert len(bare(*queries)) == MOST_QUERIES
    asked = queries_of(topic(*queries, terms=TERMS, language="xx"))
    assert len(asked) == MOST_QUERIES
    assert (asked[0], asked[-1]) == ("word0 other0", '(taliban OR khalilzad) ("peace talks" OR ghani)')


# Any topic

PIECES = (
    "Taliban|peace talks|intra-Afghan|U.S.|f-16|\"|(|)|OR|-|-x|:|site:bbc.co.uk|the|EU|طالبان|塔利班|é|'s|Ghani|or|a|"
    '"peace talks"|-(|sourcelang:english|\u0301|²|Ⅷ|ﬁ'
)
words = st.sampled_from(PIECES.split("|"))
texts = st.lists(words | st.text(max_size=8), max_size=25).map(" ".join) | st.text(max_size=300)
codes = st.sampled_from(["en", "de", "pt-BR", "tlh", "zh"])
weights = st.floats(0, 10)


@settings(max_examples=400, deadline=None)
@given(st.lists(texts, max_size=6), st.dictionaries(texts, weights, max_size=30), st.lists(texts, max_size=6), codes)
def test_every_query_of_any_topic_obeys_the_grammar(
    queries: list[str], terms: dict[str, float], never: list[str], language: str
) -> None:
    one = topic(*queries, terms=terms, never=tuple(never), language=language)
    asked = queries_of(one)
    assert [(query, service.refusal(query)) for query in asked] == [(query, "") for query in asked]
    assert all(len(query.encode()) <= LONGEST for query in asked)
    assert len(set(asked)) == len(asked) <= MOST_QUERIES
    assert queries_of(one) == asked


def test_the_window_of_a_topic_is_no_part_of_its_queries() -> None:
    one = topic(terms=TERMS)
    other = Topic(name="other", terms=one.terms, since=date(2019, 1, 1), until=date(2019, 2, 1))
    assert queries_of(one) == queries_of(other)
