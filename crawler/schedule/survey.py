"""A look into topic files and archive for what each topic has to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path

from archive.due import SourceDue, asked_before, pages_due, sources_due, topic_id
from archive.errors import told
from archive.queries import DATABASE, NoArchiveError, Reader, open_reader
from archive.reviews import names
from crawler.channels import CHANNELS
from crawler.channels.past import Past
from crawler.folders import topic_folders
from crawler.intervals import LONGEST_REST
from crawler.ledger import asked_about, question_of
from crawler.plan import parts, with_window
from crawler.schedule.rules import DAY, MINUTE, Rules
from crawler.schedule.supply import Spring, Supply
from crawler.times import moment_of, text_of
from pipelines.ladder import STEPS
from pipelines.topic import Topic, TopicError, find_topic, load_topic

SERVICE = 60 * MINUTE  # between two questions to a service that is asked about windows
NEVER = 60 * MINUTE  # after a crawl that did not ask a source: the next one might
PAGES = 60  # that are counted
SLACK = 5 * MINUTE
RECENT = 3 * DAY  # of which the present's own sources still tell
QUESTIONS = 50  # that are looked at


def files_of(data: Path, rules: Rules) -> tuple[list[Path], dict[str, str]]:
    """The files of all topics that are kept going, and what is wrong with those that cannot be found.

    They are those that the rules name, else all of the data folder, else those that the archive follows.
    """
    listed = sorted((data / "topics").glob("*.toml"))
    wanted = list(rules.topics) or [str(path) for path in listed] or followed(data)
    folders, found, faults = topic_folders(data), dict[str, Path](), dict[str, str]()
    for name in wanted:
        try:
            inside = data / name
            path = inside if name.endswith(".toml") and inside.is_file() else find_topic(name, folders)
            found.setdefault(path.stem, path.resolve())
        except (TopicError, OSError, ValueError) as error:
            faults[name] = str(error)
    return list(found.values()), faults


def followed(data: Path) -> list[str]:
    """The names of the topics that an archive follows; none where there is no archive to read."""
    with opened(data) as db:
        return names(db) if db is not None else []


@contextmanager
def opened(data: Path) -> Iterator[Reader | None]:
    """The archive for a look, None where there is none yet or an older one; StoreError in words where it is damaged."""
    with told(data / DATABASE):
        try:
            db = open_reader(data)
        except NoArchiveError:
            yield None
            return
        with closing(db):
            yield db


def supply_of(path: Path, db: Reader | None, rules: Rules, now: datetime) -> Supply:
    """What a topic has to ask of the present; TopicError where its file cannot be read."""
    topic = load_topic(path)
    number = topic_id(db, topic.name) if db is not None else None
    if db is None or number is None:
        return Supply(topic=topic.name, file=str(path))
    keys = dict(places(topic, now))
    known = sources_due(db, keys)
    springs = tuple(spring_of(known.get(key), number, is_service=is_service) for key, is_service in keys.items())
    until = text_of(now + rules.longest) or ""
    waiting = pages_due(db, number, text_of(now) or "", until, STEPS, PAGES)
    return Supply(
        topic=topic.name,
        file=str(path),
        springs=springs,
        pages=tuple(moment_of(due) or now for due in waiting),
        is_ahead=any(is_ahead(one, now) for one in known.values()),
    )


def places(topic: Topic, now: datetime) -> Iterator[tuple[tuple[str, str], bool]]:
    """The sources that a crawl of a topic asks (channel and address), and whether each is asked about windows."""
    for part in parts(topic, now, "crawl"):
        if part.topic is not None:
            for ask in CHANNELS[part.channel].asks(part.topic, now):
                yield (part.channel, ask.place), ask.is_windowed


def spring_of(known: SourceDue | None, topic: int, *, is_service: bool) -> Spring:
    """A source as the plan sees it."""
    if known is None:
        return Spring(due=None, pause=NEVER, news=0)
    if is_service:
        return Spring(due=None, pause=SERVICE, news=known.news, fails=known.failures > 0)
    pause = timedelta(minutes=known.pause_minutes or NEVER // MINUTE)
    # What another topic heard is news to this one, once it has had its own pause.
    is_ours = known.listed_for in {None, topic} or known.failures > 0
    due = moment_of(known.next_ask) if is_ours else None
    return Spring(due=due, pause=pause, news=known.news, fails=known.failures > 0)


def is_ahead(known: SourceDue, now: datetime) -> bool:
    """Whether a source was asked in a future that is not to come, or rests longer than any may."""
    asked, due = moment_of(known.last_asked), moment_of(known.next_ask)
    return (asked is not None and asked > now + SLACK) or (due is not None and due > now + LONGEST_REST * MINUTE)


def with_gaps(supply: Supply, db: Reader | None, now: datetime) -> Supply:
    """The supply with what is left to be asked about the topic's past; TopicError where its file cannot be read."""
    topic = load_topic(Path(supply.file))
    number = topic_id(db, topic.name) if db is not None else None
    if db is None or number is None:
        return supply
    try:
        past = with_window(topic, None, min(topic.until or now.date(), (now - RECENT).date()))
    except TopicError:  # all of it lies within the last days
        return replace(supply, gaps="")
    left = sorted(islice(questions(past, db, number, now), QUESTIONS))
    return replace(supply, gaps=sha256("\n".join(left).encode()).hexdigest()[:16] if left else "")


def questions(topic: Topic, db: Reader, number: int, now: datetime) -> Iterator[str]:
    """What a backfill would ask about windows, as far as the ledger has no good answer."""
    for part in parts(topic, now, "backfill"):
        if part.topic is None:
            continue
        rows = asked_before(db, number, part.channel, *asked_about(part.topic, now))
        asked = Past(question for row in rows if (question := question_of(row)) is not None)
        for ask in CHANNELS[part.channel].asks(part.topic, now, asked):
            if ask.is_windowed:
                yield f"{ask.url} {ask.query} {ask.since} {ask.until} {ask.resume}"
