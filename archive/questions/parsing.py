"""A question read from what somebody typed: the parts that are understood, and sentences about all others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from archive.questions.terms import has_words, words_in
from archive.questions.typed import TIMES, Part, clean, has_brackets, parts, written
from archive.questions.values import UnclearValueError, meant

MAX_TYPED = 1_000  # characters that are looked at
MAX_TERMS = 32  # words and phrases
MAX_WORDS = 64  # words, those of phrases too
MAX_FILTERS = 32  # values of filters
MAX_BEGINNINGS = 4  # nothing else costs as much: the index is read for every word that begins so
SHORTEST = 3  # letters of a beginning; one sign of Chinese says as much
MOST_SENTENCES = 8
QUOTED = 60  # characters of what was typed, in a sentence about it

TOO_LONG = f"That is too long: what is behind the first {MAX_TYPED:,} characters was left out."
MANY_WORDS = f"These are too many words: {MAX_TERMS} words and phrases are looked for, of {MAX_WORDS} words in all."
MANY_FILTERS = f"These are too many filters: the first {MAX_FILTERS} count."
NOTHING = Part()
# What other search engines call our fields.
HABITS = {
    "site": "outlet", "source": "outlet", "publisher": "outlet", "before": "until", "after": "since", "date": "since",
    "intitle": "title", "by": "author",
}  # fmt: skip
LOOSE = "OR was left out where it does not stand between two words, or two values of one field."
BRACKETS = "Brackets group nothing: OR joins just the two words beside it."
EXAMPLES = {
    "outlet": "outlet:wire.example", "month": "month:2019-02", "language": "lang:en", "author": 'author:"Mina Rahimi"',
    "topic": "topic:talks", "kind": "kind:article", "verdict": "verdict:keep", "since": "since:2019-02",
    "until": "until:2019-02",
}  # fmt: skip


@dataclass(slots=True)
class Reading:
    """The parts of a question in their order, as far as there is room for them, and what is to be said of the rest."""

    parts: list[Part] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    words: int = 0
    last: Part = NOTHING  # what OR may join; nothing where that was left out

    def say(self, sentence: str) -> None:
        """Add a sentence that was not said before."""
        if sentence not in self.unclear and len(self.unclear) < MOST_SENTENCES:
            self.unclear.append(sentence)

    def take(self, part: Part, *, is_either: bool) -> None:
        """Add a part that was typed; `is_either` says that OR stands before it."""
        if part.is_words:
            self._take_words(part, is_either=is_either)
        else:
            self._take_filter(part, is_either=is_either)

    def _take_words(self, part: Part, *, is_either: bool) -> None:
        text = part.values[0]
        if sum(one.is_words for one in self.parts) >= MAX_TERMS or self.words + words_in(text) > MAX_WORDS:
            self.say(MANY_WORDS)
            self.last = NOTHING
            return
        joins = is_either and not part.is_without and is_wanted(self.last)
        if is_either and not joins:
            self.say(LOOSE)
        name, colon, rest = text.partition(":")
        if colon and rest and not (part.field or part.is_phrase) and (ours := HABITS.get(name.lower())):
            self.say(f"{_told(part)} was read as words: {name.lower()}: is called {ours}: here.")
        mend = self._cost(part) if is_beginning(part) else ""
        if mend:
            self.say(f"{_told(part)} was left out: {mend}.")
        else:
            self.words += words_in(text)
        self.keep(replace(part, is_either=joins and not mend, is_unclear=bool(mend)))

    def _cost(self, part: Part) -> str:
        """Why a beginning asks for too much; empty where it does not."""
        letters = part.values[0].rstrip("*")
        if sum(SHORTEST if east_asian_width(letter) in "WF" else 1 for letter in letters) < SHORTEST:
            return f"a beginning needs {SHORTEST} letters at least"
        is_full = sum(is_beginning(one) for one in self.parts if not one.is_unclear) >= MAX_BEGINNINGS
        return f"{MAX_BEGINNINGS} beginnings are as many as can be asked for" if is_full else ""

    def _take_filter(self, part: Part, *, is_either: bool) -> None:
        if is_either and (part.is_without or self.last.is_without or self.last.field != part.field):
            self.say(LOOSE)
        clear, unclear = self._understood(part)
        if clear:
            if part.field in TIMES:
                self._replace_time(part.field)
            self.keep(replace(part, values=clear))
        if unclear or not part.values:
            self.keep(replace(part, values=unclear, is_unclear=True))

    def _understood(self, part: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The values as the archive writes them, each once, and those that mean nothing."""
        if not part.values:
            self.say(f"{part.field}: has no value. Write it right behind the colon: {EXAMPLES[part.field]}.")
        if part.field in TIMES and (part.is_without or len(part.values) > 1):
            other = "until" if part.field == "since" else "since"
            mend = f"Write {other}: for the time on the other side." if part.is_without else "Write one date."
            self.say(f"{_told(part)} was left out. {mend}")
            return (), part.values
        clear, unclear = [], []
        for value in part.values:
            try:
                clear.append(meant(part.field, value))
            except UnclearValueError as error:
                self.say(f"{_told(replace(part, values=(value,)))} was left out: {error}.")
                unclear.append(value)
        here = self._values(part)
        return tuple(value for value in dict.fromkeys(clear) if value not in here), tuple(unclear)

    def _values(self, part: Part) -> set[str]:
        """The values that are here already of the same field, wanted or left out as it is."""
        alike = (one for one in self.parts if not one.is_unclear)
        return {
            value
            for one in alike
            if one.field == part.field and one.is_without == part.is_without and one.field not in TIMES
            for value in one.values
        }

    def _replace_time(self, name: str) -> None:
        others = [one for one in self.parts if one.field != name or one.is_unclear]
        if len(others) < len(self.parts):
            self.say(f"Of two {name}: the last one counts.")
            self.parts = others

    def keep(self, part: Part) -> None:
        """Add a part that is understood, or that is known not to be, as far as there is room for it."""
        self.last = NOTHING
        if not part.is_words:
            room = MAX_FILTERS - sum(len(one.values) or 1 for one in self.parts if not one.is_words)
            if room < (len(part.values) or 1):
                self.say(MANY_FILTERS)
            if room <= 0:
                return
            part = replace(part, values=part.values[:room])
        if len(written([*self.parts, part])) > MAX_TYPED:
            self.say(TOO_LONG)
            return
        self.parts.append(part)
        self.last = part


def read(typed: str) -> Reading:
    """What somebody typed, as far as it is understood; never a fault."""
    reading = Reading()
    if len(typed) > MAX_TYPED:
        reading.say(TOO_LONG)
    text = clean(typed[:MAX_TYPED])
    is_either = is_not = False
    for part in parts(text):
        if operator := part.operator:
            is_either, is_not = operator == "OR", operator == "NOT"
        elif part.is_words and part.field and not part.values[0]:
            reading.say(f"{part.field}: has no word. Write it right behind the colon: {part.field}:talks.")
        elif not part.is_words or has_words(part.values[0]):
            reading.take(replace(part, is_without=part.is_without or is_not), is_either=is_either)
            is_either = is_not = False
    if is_either:
        reading.say(LOOSE)
    if any(part.is_either for part in reading.parts) and has_brackets(text):
        reading.say(BRACKETS)
    if not (reading.parts or reading.unclear) and text.strip():
        reading.say("There is no word and no number in it to look for.")
    return reading


def is_wanted(part: Part) -> bool:
    """Whether it is a word or a phrase that is looked for."""
    return bool(part.values) and part.is_words and not part.is_without and not part.is_unclear


def is_beginning(part: Part) -> bool:
    """Whether it asks for all words that begin so."""
    return bool(part.values) and part.is_words and not part.is_phrase and part.values[0].endswith("*")


def _told(part: Part) -> str:
    text = written([replace(part, is_either=False)])
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
