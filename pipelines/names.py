"""Names of people, places and organisations, read from their capitals alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from pipelines.words import words_of

Name = tuple[str, ...]
LONGEST = 4

# A word with its inner dots, hyphens and apostrophes; or a sign, of which some end a sentence.
_PIECE = re.compile(r"[^\W_]+(?:[-.’'][^\W_]+)*|[^\w\s]")
_ENDS = frozenset('.!?:;"“”„«»()[]—–•|')
# Lowercase parts of names: al Qaeda, Osama bin Laden, Ursula von der Leyen, Luiz Inácio Lula da Silva.
_PARTICLES = frozenset(words_of("al bin ibn bint abu de del della di da dos du van von der den ter ul ur"))
_TITLES = frozenset(
    words_of("""
    president vice prime minister foreign interior deputy secretary special representative envoy ambassador chancellor
    king queen prince princess sheikh emir sultan mr mrs ms dr sir lady lord professor judge justice chief chairman
    chairwoman chairperson spokesman spokeswoman spokesperson general gen lieutenant lt colonel col major maj captain
    capt sergeant sgt admiral adm commander senator sen congressman congresswoman representatives rep governor gov
    mayor director head leader attorney former acting
    """)
)
# Words whose capital comes from the start of a sentence, never from a name.
_OPENERS = frozenset(
    words_of("""
    the a an and but or so in on at by from with for of to as if when while after before since though although because
    he she it we they you i his her its their our my this that these those there here what who how why where which
    no not yes one two all some many most more last next other another each both
    """)
)


def names_in(text: str, is_common: Callable[[str], bool]) -> Counter[Name]:
    """The capitalised names of a text, as written, with how often each stands there.

    A capital that only begins a sentence counts when the word stands capitalised elsewhere, or is neither common nor
    written without capital elsewhere.
    Headings are left out: where most words have capitals, nothing tells a name.
    """
    lines = [_PIECE.findall(line) for line in unicodedata.normalize("NFKC", text).splitlines()]
    sentences = [sentence for line in lines if not _is_heading(line) for sentence in _sentences(line)]
    inner = {piece.casefold() for sentence in sentences for piece in sentence[1:] if piece[0].isupper()}
    lower = {piece for sentence in sentences for piece in sentence if piece.islower()}

    def begins(piece: str) -> bool:
        word = piece.casefold()
        return word in inner or not (is_common(word) or word in lower)

    return _shortened(Counter(name for sentence in sentences for name in _runs(sentence, begins)))


def _is_heading(line: Sequence[str]) -> bool:
    words = [piece for piece in line if piece[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) < 3 or capitals > len(words) * 0.6


def _sentences(line: Sequence[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for piece in line:
        if piece not in _ENDS:
            sentence.append(piece)
        elif not (piece == "." and sentence and _is_abbreviation(sentence[-1])):
            yield sentence
            sentence = []
    yield sentence


def _is_abbreviation(piece: str) -> bool:
    return len(piece) == 1 or "." in piece or piece.casefold() in _TITLES


def _runs(sentence: Sequence[str], begins: Callable[[str], bool]) -> Iterator[Name]:
    """The runs of capitalised words, without titles: of "Secretary of Defense Jane Roe's", Jane Roe."""
    run: list[str] = []
    office = ""  # "title" after a title, "of" where its field follows
    for at, piece in enumerate(sentence):
        word, bare = piece.casefold(), piece.removesuffix("'s").removesuffix("’s")
        joins = piece in _PARTICLES and (run != [] or piece == "al")
        is_name = piece[0].isupper() and word not in _TITLES | _OPENERS and office != "of" and (at > 0 or begins(piece))
        if joins or is_name:
            run.append(bare)
        if not (joins or is_name) or bare != piece:
            yield from _named(run)
            run = []
        office = "title" if word in _TITLES else "of" if office == "title" and word in {"of", "for"} else ""
    yield from _named(run)


def _named(run: Sequence[str]) -> Iterator[Name]:
    capitals = [at for at, piece in enumerate(run) if piece not in _PARTICLES]
    if capitals:
        yield tuple(run[: capitals[-1] + 1])


def _shortened(found: Counter[Name]) -> Counter[Name]:
    """Long runs cut to the person at their end, whose surname stands alone elsewhere; longer ones left out."""
    names: Counter[Name] = Counter()
    for run, count in found.items():
        name = run[-2:] if len(run) > 2 and (run[-1:] in found or run[-2:] in found) else run
        if len(name) <= LONGEST:
            names[name] += count
    return names
