"""GDELT as its clients describe it: the search and the article list, for a scripted web on loopback.

`doc_reply` and `gal_reply` are pure; `Doc` adds the memory that a rate limit needs. `refusal` is the grammar in the
service's own words, written apart from our query builder, so that the one can judge the other.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from tests.loopback import MISSING, Hit, Reply

LENGTH = "Your query was too short or too long."
NO_PARENTHESES = "Queries containing OR'd terms must be surrounded by ()."
PARENTHESES = "Parentheses may only be used around OR'd statements."
PHRASE = "The specified phrase is too short."
CLAUSE = "One or more of your parenthetical clauses had an error in it."
CHARACTER = (
    "One or more of your keywords contained an illegal character. "
    'To use a dash in a word, place it in quotes like "f-16".'
)
COUNTRY = "Invalid/Unsupported Country."
LANGUAGE = "Invalid/Unsupported Language."
KEYWORD = "One or more of your keywords were too short, too long or too common: ({})"
START = "Invalid query start date."
END = "Invalid query end date."
TOO_FAST = "Please limit requests to one every 5 seconds or contact the project for larger queries."
REFUSALS = (LENGTH, NO_PARENTHESES, PARENTHESES, PHRASE, CLAUSE, CHARACTER, COUNTRY, LANGUAGE, START, END)

LANGUAGES = (
    "english",
    "german",
    "french",
    "spanish",
    "russian",
    "arabic",
    "chinese",
    "pashto",
    "persian",
    "portuguese",
)
COUNTRIES = ("us", "uk", "germany", "france", "afghanistan")
COMMON = ("the", "and", "for", "with", "that", "or", "not")
TOKEN = re.compile(r'-?"[^"]*"|[()]|[^\s()"]+|"')
OPERATOR = re.compile(r"(domain|domainis|sourcelang|sourcecountry|theme):(.+)")
MOST = 250
MINUTES = (1, 2, 3, 16, 17, 18, 31, 32, 33, 46, 47, 48)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article as GDELT saw it."""

    url: str
    title: str
    seen: datetime
    text: str = field(default="", repr=False)
    language: str = "English"
    lang: str = "en"


def doc_reply(url: str, stories: Sequence[Story], *, is_odd: bool = False, most: int = MOST) -> Reply:
    """What the search answers to a URL; `is_odd` puts illegal escapes and a control character into the JSON."""
    asked = dict(parse_qsl(urlsplit(url).query))
    query = asked.get("query", "")
    since, until = moment(asked.get("startdatetime", "")), moment(asked.get("enddatetime", ""))
    fault = refusal(query) or (START if since is None else END if until is None or until < since else "")
    if fault or since is None or until is None:
        return said(fault)
    found = [one for one in stories if since <= slot(one.seen) <= until and matches(query, one)]
    found.sort(key=lambda one: one.seen, reverse=asked.get("sort", "").lower() == "datedesc")
    listed = [doc_article(one) for one in found[: min(most, int(asked.get("maxrecords", "75")))]]
    body = json.dumps({"articles": listed} if listed else {}, indent=1)
    if is_odd and listed:
        body = body.replace('"title": "', '"title": "It\\\'s \\x odd\x02: ', 1)
    return Reply(body=body.encode(), headers=(("Content-Type", "application/json; charset=utf-8"),))


def doc_article(story: Story) -> dict[str, str]:
    return {
        "url": story.url,
        "url_mobile": "",
        "title": re.sub(r"(?<=\w)([,.:;!?])(?=\s|$)", r" \1", story.title),
        "seendate": f"{slot(story.seen):%Y%m%dT%H%M%SZ}",
        "socialimage": "",
        "domain": urlsplit(story.url).hostname or "",
        "language": story.language,
        "sourcecountry": "United States",
    }


def said(text: str, status: int = 200) -> Reply:
    """A refusal: a line of text that calls itself HTML."""
    return Reply(status=status, body=text.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))


@dataclass
class Doc:
    """The search with its rate limit, as a reaction: `web["api.gdeltproject.org"] = Doc(stories)`.

    `gap` seconds from the end of one answer to the next question, else it refuses, in turn as 200 and as 429.
    Every `odd_every`th answer has illegal escapes.
    """

    stories: Sequence[Story]
    gap: float = 5.0
    odd_every: int = 5
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    last: float = float("-inf")

    def __call__(self, hit: Hit) -> Reply:
        if urlsplit(hit.url).path == "/robots.txt":
            return MISSING
        is_too_fast, self.last = hit.time - self.last < self.gap, hit.time
        if is_too_fast:
            self.refused += 1
            return said(TOO_FAST, 429 if self.refused % 2 else 200)
        self.asked.append(hit.url)
        return doc_reply(hit.url, self.stories, is_odd=len(self.asked) % self.odd_every == 0)


def gal_reply(url: str, stories: Iterable[Story], now: datetime | None = None) -> Reply:
    """The file of a minute with what was seen from then to the next file, the feed of the newest, or 404."""
    path = urlsplit(url).path
    if path.endswith("/feed.rss"):
        newest = sorted(stories, key=lambda one: one.seen, reverse=True)[:100]
        return Reply(body=feed(newest).encode(), headers=(("Content-Type", "application/rss+xml"),))
    named = re.fullmatch(r".*/(\d{14})\.gal\.json\.gz", path)
    lines = [gal_line(one) for one in stories if named and stamp(one.seen) == named[1]]
    if not lines:
        return MISSING
    return Reply(body=gzip.compress("\n".join(lines).encode()), headers=(("Content-Type", "application/gzip"),))


def gal_line(story: Story) -> str:
    """Author and description are missing where GDELT found none."""
    line = {
        "date": f"{story.seen:%Y-%m-%dT%H:%M:%SZ}",
        "url": story.url,
        "domain": urlsplit(story.url).hostname or "",
        "outletName": urlsplit(story.url).hostname or "",
        "title": story.title,
        "lang": story.lang,
    }
    return json.dumps(line | ({"desc": story.text} if story.text else {}))


def feed(stories: Iterable[Story]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f"<pubDate>{format_datetime(one.seen)}</pubDate></item>"
        for one in stories
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>GAL</title>{items}</channel></rss>'


def refusal(query: str) -> str:  # noqa: PLR0911 - one line for each of the service's own refusals
    """What the search says to a query that breaks its grammar, in its own words; empty where it takes the query."""
    if not 3 <= len(query.encode()) <= MOST:
        return LENGTH
    depth, group, has_words = 0, [], False
    for token in TOKEN.findall(query):
        if token == "(":
            if depth:
                return CLAUSE
            depth, group = 1, []
        elif token == ")":
            if not depth:
                return CLAUSE
            if fault := group_refusal(group):
                return fault
            depth = 0
        elif token == "OR" and not depth:
            return NO_PARENTHESES
        else:
            group.append(token)
            if token != "OR" and (fault := atom_refusal(token)):
                return fault
            has_words = has_words or not (token.startswith("-") or OPERATOR.fullmatch(token))
    return CLAUSE if depth else "" if has_words else LENGTH


def group_refusal(group: Sequence[str]) -> str:
    if "OR" not in group:
        return PARENTHESES
    alternatives, joints = group[::2], group[1::2]
    if len(group) % 2 == 0 or "OR" in alternatives or set(joints) != {"OR"}:
        return CLAUSE
    return CLAUSE if any(one.startswith("-") for one in alternatives) else ""


def atom_refusal(token: str) -> str:  # noqa: PLR0911 - one line for each of the service's own refusals
    word = token.removeprefix("-")
    if word.startswith('"'):
        phrase = word[1:-1]
        if len(word) < 2 or not all(is_plain(one) or one in " -" for one in phrase):
            return CHARACTER
        is_too_short = len(phrase) < 5 or phrase.strip() != phrase or not {" ", "-"} & set(phrase)
        return PHRASE if is_too_short else ""
    if operator := OPERATOR.fullmatch(token):
        name, value = operator.groups()
        if name == "sourcecountry":
            return "" if value.lower() in COUNTRIES else COUNTRY
        if name == "sourcelang":
            return "" if value.lower() in LANGUAGES else LANGUAGE
        return "" if re.fullmatch(r"[A-Za-z0-9._]+", value) else CHARACTER
    if not word or not all(is_plain(one) for one in word):
        return CHARACTER
    if (len(word) < 3 and len(word.encode()) < 6) or len(word) > 100 or word.lower() in COMMON:
        return KEYWORD.format(word.lower())
    return ""


def is_plain(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


def matches(query: str, story: Story) -> bool:
    """Whether a story is what a query that was not refused asks for."""
    text = " ".join(re.findall(r"\w+", f"{story.title} {story.text}".casefold()))
    clauses: list[list[bool]] = []
    is_in_group = is_joined = False
    for token in TOKEN.findall(query):
        if token in ("(", ")"):
            is_in_group, is_joined = token == "(", False
        elif token == "OR":
            is_joined = is_in_group
        elif is_joined:
            clauses[-1].append(holds(token, text, story))
        else:
            clauses.append([holds(token, text, story)])
    return all(any(clause) for clause in clauses)


def holds(token: str, text: str, story: Story) -> bool:
    if token.startswith("-"):
        return not holds(token[1:], text, story)
    if operator := OPERATOR.fullmatch(token):
        name, value = operator[1], operator[2].lower()
        if name == "sourcelang":
            return story.language.lower() == value
        host = f".{urlsplit(story.url).hostname}"
        return host.endswith(f".{value}") if name == "domain" else host == f".{value}"
    wanted = " ".join(re.findall(r"\w+", token.casefold()))
    return f" {wanted} " in f" {text} "


def moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def slot(seen: datetime) -> datetime:
    """The quarter of an hour in which GDELT says that it saw an article."""
    return seen.replace(minute=seen.minute // 15 * 15, second=0, microsecond=0)


def stamp(seen: datetime) -> str:
    """The name of the file that holds what was seen then."""
    while seen.minute not in MINUTES:
        seen -= timedelta(minutes=1)
    return f"{seen:%Y%m%d%H%M}00"
