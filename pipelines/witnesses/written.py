"""Dates as newspapers print them: 7 September 2019, 10:00 Uhr; 2019年9月7日; 07.09.2019.

A numeric date with slashes is none: whether its day or its month comes first, only the country says.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

SHORTEST = 3  # letters of an abbreviated month

# Twelve a language, as a date has them; earlier ones win where two languages cut two months to the same letters.
_LANGUAGES = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
jänner feber mrz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
januari februari maart april mei juni juli augustus september oktober november december
januari februari mrt april mei juni juli augustus september oktober november december
januarie februarie maart april mei junie julie augustus september oktober november desember
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta
  marraskuuta joulukuuta
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
ledna února března dubna května června července srpna září října listopadu prosince
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
januari februari maret april mei juni juli agustus september oktober november desember
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
януари февруари март април май юни юли август септември октомври ноември декември
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
"""

_NAME = r"(?P<month>[^\W\d_]{3,12})"
_DAY = r"(?<![\d.,:])(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_NAMED = (
    re.compile(
        rf"{_DAY}(?:st|nd|rd|th|er|\.?[ºª]|\.)?[\s-]?(?:(?:de|of|di) )?{_NAME}\.?[,،]?[\s-]?(?:del? |of )?{_YEAR}"
    ),
    re.compile(rf"{_NAME}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}"),
)
_YEAR_FIRST = re.compile(
    r"(?<![\d.])(?P<year>\d{4})\s?[./年년-]\s?(?P<month>\d{1,2})\s?[./月월-]\s?(?P<day>\d{1,2})(?!\d)"
)
_DAY_FIRST = re.compile(rf"{_DAY}(?P<dot>[.-])\s?(?P<month>\d{{1,2}})(?P=dot)\s?(?P<year>\d{{4}}|\d\d)(?!\.?\d)")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s?[:.h时時시]\s?(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?!\.?\d)(?:\s?([ap])\.?\s?m\b)?", re.IGNORECASE
)
_EARLY_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?(?!\.?\d)(?:\s?([ap])\.?\s?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)\b|\b(?:UTC|GMT|Z)\b")


def written(text: str) -> date | datetime | None:
    """The date in a short text: a date where it gives no time, and an aware datetime where it gives a zone too."""
    for found in _found(text):
        try:
            day = _day(found)
        except ValueError:  # the 30th of February
            continue
        if day is not None:
            return _timed(day, text, found)
    return None


def _found(text: str) -> Iterator[re.Match[str]]:
    for pattern in (*_NAMED, _YEAR_FIRST, _DAY_FIRST):
        yield from pattern.finditer(text)


def _day(found: re.Match[str]) -> date | None:
    year, month = found["year"], found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.get(_folded(month), 0)
    if not number or (len(year) == 2 and found["dot"] != "."):
        return None
    return date(int(year) + (2000 if len(year) == 2 else 0), number, int(found["day"]))


def _timed(day: date, text: str, found: re.Match[str]) -> date | datetime:
    """The day with the time that stands behind or before it."""
    clock = _CLOCK.search(text, found.end()) or _EARLY_CLOCK.search(text, 0, found.start())
    if clock is None:
        return day
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    zone = _OFFSET.search(text, clock.end())
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(zone) if zone else None)


def _zone(found: re.Match[str]) -> timezone:
    if not found[1]:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _folded(name: str) -> str:
    """A name without case and accents, which capitals often lack."""
    return "".join(one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))


def _months() -> dict[str, int]:
    """The months by their names, and by what these can be cut to where no name is that."""
    words = [_folded(name) for name in _LANGUAGES.split()]
    known = {name: place % 12 + 1 for place, name in enumerate(words)}
    for names in (words[first : first + 12] for first in range(0, len(words), 12)):
        numbered = enumerate(names, 1)
        cuts = [(name[:size], number) for number, name in numbered for size in range(SHORTEST, len(name))]
        count = Counter(cut for cut, _ in cuts)
        for cut, number in cuts:
            if count[cut] == 1:
                known.setdefault(cut, number)
    return known


_MONTHS = _months()


def is_month(word: str) -> bool:
    """Whether a word is a month's name, in full or cut short, whatever its case and accents."""
    return _folded(word) in _MONTHS
