"""A topic in GDELT's own words: as few queries as say it, each within the grammar and the length that it accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pipelines.topic import Topic

LONGEST = 240
"""Bytes of a whole query: of those seen, 213 characters were taken and 290 refused."""
SHORTEST_PHRASE = 5  # characters between quotes; "Iran" is refused in quotes, and taken without
MOST_QUERIES = 8
MOST_NAMES = 4
NAME_SHARE = 0.4
"""Of the heaviest term's weight, from which a term is a name: one of them must stand in an article."""
NEVER_ROOM = 60  # bytes for words that never belong; what does not fit is left to the judge

# As GDELT names the languages that it reads.
_NAMED = (
    "af:afrikaans sq:albanian ar:arabic hy:armenian az:azerbaijani bn:bengali bs:bosnian bg:bulgarian ca:catalan "
    "zh:chinese hr:croatian cs:czech da:danish nl:dutch en:english et:estonian fi:finnish fr:french gl:galician "
    "ka:georgian de:german el:greek gu:gujarati he:hebrew hi:hindi hu:hungarian is:icelandic id:indonesian it:italian "
    "ja:japanese kn:kannada kk:kazakh ko:korean lv:latvian lt:lithuanian mk:macedonian ms:malay ml:malayalam "
    "mr:marathi mn:mongolian ne:nepali no:norwegian nb:norwegian nn:norwegian ps:pashto fa:persian pl:polish "
    "pt:portuguese pa:punjabi ro:romanian ru:russian sr:serbian si:sinhalese sk:slovak sl:slovenian so:somali "
    "es:spanish sw:swahili sv:swedish ta:tamil te:telugu th:thai bo:tibetan tr:turkish uk:ukrainian ur:urdu "
    "vi:vietnamese"
)
LANGUAGES = dict(pair.split(":") for pair in _NAMED.split())
# "One or more of your keywords were too short, too long or too common"; the first three also join others.
_COMMON = frozenset((
    "or", "and", "not", "the", "for", "with", "from", "that", "this", "are", "was", "were", "has", "have", "had", "its",
    "but", "who", "what", "will", "about", "after", "over", "into", "than", "his", "her", "their", "they", "you", "all",
))  # fmt: skip
_POSSESSIVE = re.compile(r"['’ʼ]s\b")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,12}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_LONGEST_WORD = 60
_TOKEN = re.compile(r'-\([^()]*+\)?|(-?)"([^"]*+)"|(\|)|([^\s"()|]++)')
_OPERATOR = re.compile(r"(-?[A-Za-z]{4,12}):(.*)", re.DOTALL)
_DOMAIN = re.compile(r"(?:[a-z0-9]{1,40}\.){1,5}[a-z]{2,20}")
_OPERATORS = frozenset((
    "site", "intitle", "allintitle", "intext", "allintext", "inurl", "allinurl", "when", "after", "before", "source",
    "location", "domain", "domainis", "sourcelang", "sourcecountry", "theme", "tone", "toneabs",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an article must hold: of each clause one of its alternatives, and none of the words in `never`."""

    clauses: tuple[tuple[str, ...], ...]
    never: tuple[str, ...] = ()
    language: str = ""

    def __str__(self) -> str:
        said = [clause[0] if len(clause) == 1 else f"({' OR '.join(clause)})" for clause in self.clauses]
        said += [f"-{word}" for word in self.never]
        return " ".join([*said, f"sourcelang:{self.language}"] if self.language else said)

    @property
    def fits(self) -> bool:
        """Whether the query is short enough to be asked."""
        return len(str(self).encode()) <= LONGEST

    def covers(self, other: Query) -> bool:
        """Whether every article that the other finds is found by this one, too."""
        sets = [frozenset(clause) for clause in other.clauses]
        wide = all(any(narrow <= frozenset(clause) for narrow in sets) for clause in self.clauses)
        return wide and frozenset(self.never) <= frozenset(other.never)

    def shorter(self) -> Query | None:
        """The query without what can best be spared; None where nothing can."""
        if self.never:
            return replace(self, never=self.never[:-1])
        longest = max(self.clauses, key=len, default=())
        if len(longest) > 1:
            at = self.clauses.index(longest)
            return replace(self, clauses=(*self.clauses[:at], longest[:-1], *self.clauses[at + 1 :]))
        return replace(self, clauses=self.clauses[:-1]) if len(self.clauses) > 1 else None


def queries_of(topic: Topic) -> tuple[str, ...]:
    """What GDELT is asked for a topic: the user's own queries and one made of the terms, without what others cover.

    The same topic gives the same texts: they are the coverage ledger's keys.
    """
    language = LANGUAGES.get(topic.language.partition("-")[0].lower(), "")
    never = _never(topic.never)
    own = [_translated(text, never, language) for text in topic.queries[: 4 * MOST_QUERIES]]
    every = [query for query in (*own, _of_terms(topic, never, language)) if query is not None and query.fits]
    kept: list[Query] = []
    for query in every:
        if not any(other.covers(query) for other in kept):
            kept = [other for other in kept if not query.covers(other)] + [query]
    return tuple(map(str, [*kept[: MOST_QUERIES - 1], *kept[MOST_QUERIES - 1 :][-1:]]))  # the last is of the terms


def keyword(text: str) -> str:
    """A word or phrase as GDELT wants it written: bare or in quotes; empty where it takes no such thing.

    A word has three letters at least. A word with a dash is a phrase to it, and a phrase has five characters and one
    word of three at least.
    """
    words = words_within(text)
    phrase = " ".join(words)
    if not words or max(map(len, words)) > _LONGEST_WORD:
        return ""
    if len(words) == 1 and "-" not in phrase:
        is_long = len(phrase) > 2 or len(phrase.encode()) > 5  # two Chinese characters are a word
        return phrase if is_long and phrase not in _COMMON else ""
    is_said = len(phrase) >= SHORTEST_PHRASE and any(len(part) > 2 for part in re.split("[ -]", phrase))
    return f'"{phrase}"' if is_said else ""


def words_within(text: str) -> list[str]:
    """The words of a text, casefolded, of letters, digits and inner dashes alone: what else it holds is left out."""
    text = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold().translate(_DASHES))
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    spaced = "".join(character if _is_legal(character) else " " for character in text)
    return [word for token in spaced.split() if (word := "-".join(filter(None, token.split("-"))))]


def _is_legal(character: str) -> bool:
    return character == "-" or character.isalnum() or unicodedata.category(character) in ("Mn", "Mc")


def _never(phrases: Iterable[str]) -> tuple[str, ...]:
    """The single words among the phrases that never belong, as many as there is room for."""
    kept: list[str] = []
    for word in dict.fromkeys(map(keyword, phrases)):
        if word and word[0] != '"' and len(" -".join([*kept, word]).encode()) < NEVER_ROOM:
            kept.append(word)
    return tuple(kept)


def _translated(text: str, never: Sequence[str], language: str) -> Query | None:
    """The user's own query, which may be written as for a web search; None where GDELT could not be asked anything."""
    clauses: list[list[str]] = []
    refused = list(never)
    is_joined = False
    for token in _TOKEN.finditer(text.translate(_QUOTES)):
        minus, phrase, bar, bare = token.groups()
        if bar or bare == "OR":
            is_joined = bool(clauses)
        elif minus or (bare and bare.startswith("-")):
            refused += [word for word in [keyword(bare or phrase or "")] if word and word[0] != '"']
        else:
            for word in ([keyword(phrase)] if phrase is not None else _bare(bare or "")) or [""]:
                if not is_joined:
                    clauses.append([])  # stays empty where the word cannot be said, so that an OR joins nothing else
                is_joined = False
                clauses[-1] += [word] if word else []
    return _fitted(clauses, refused, language)


def _bare(token: str) -> list[str]:
    """The keywords of a token without quotes; those operators of web searches that GDELT does not know say nothing."""
    found = _OPERATOR.fullmatch(token)
    if found is None or found[1].lower() not in _OPERATORS:
        return [keyword(word) for word in words_within(token)]
    name, value = found[1].lower(), found[2].lower()
    if name in ("site", "domain"):
        domain = value.partition("/")[0].removeprefix("www.")
        return [f"domain:{domain}"] if _DOMAIN.fullmatch(domain) else []
    return [keyword(word) for word in words_within(value)] if name in ("intitle", "intext") else []


def _of_terms(topic: Topic, never: Sequence[str], language: str) -> Query | None:
    """One of the topic's names, and one of its other terms: as many of the heaviest as there is room for."""
    terms = sorted((term for term in topic.terms if term.weight > 0), key=lambda term: (-term.weight, term.text))
    names = [term.text for term in terms[:MOST_NAMES] if term.weight >= NAME_SHARE * terms[0].weight]
    query = _fitted([list(filter(None, map(keyword, names)))], never, language)
    if query is None:
        return _fitted([list(filter(None, (keyword(term.text) for term in terms)))], never, language)
    known = set(chain.from_iterable(map(_parts, names)))
    further: list[str] = []
    for term in terms:
        word = keyword(term.text)
        # "ashraf ghani" would stand for itself beside the name "ghani": nothing further would be asked of an article.
        if not word or word in further or known & set(_parts(term.text)):
            continue
        if replace(query, clauses=(*query.clauses, (*further, word))).fits:
            further.append(word)
    return replace(query, clauses=(*query.clauses, tuple(further))) if further else query


def _parts(text: str) -> list[str]:
    return [part for word in words_within(text) for part in word.split("-")]


def _fitted(clauses: Iterable[Iterable[str]], never: Iterable[str], language: str) -> Query | None:
    said = tuple(dict.fromkeys(tuple(dict.fromkeys(clause)) for clause in clauses if clause))
    wanted = frozenset(chain.from_iterable(said))
    refused = tuple(word for word in dict.fromkeys(never) if word not in wanted)
    query: Query | None = Query(clauses=said, never=refused, language=language) if _says_enough(said) else None
    while query is not None and not query.fits:
        query = query.shorter()
    return query


def _says_enough(clauses: Sequence[Sequence[str]]) -> bool:
    """A query needs a keyword: a domain alone would ask for all that an outlet writes."""
    return any(not word.startswith("domain:") for clause in clauses for word in clause)
