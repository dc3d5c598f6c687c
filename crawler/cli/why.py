"""`dossier why URL`: the story of one address, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.history import History, history
from archive.queries import JUDGED, TOPIC_OF, Reader, row, rows
from archive.wording import counted
from crawler.asked import spellings
from crawler.cli.completing import article_urls
from crawler.foresight import learnt_from
from crawler.reading import reader
from crawler.terminal import console, json_text, minute, plain, published, ruling_of, say
from crawler.times import moment_of, now, text_of
from pipelines.ladder import LONGEST, born, is_over
from pipelines.lessons import LATEST, taught
from pipelines.topic import TopicError, parse_topic

MEANINGS = {
    "waiting": "waits to be fetched",
    "unresolved": "an aggregator's own address; which page it means is not known yet",
    "stored": "stored",
    "unchanged": "asked again and found unchanged",
    "gone": "in the archive, and not there any more when it was looked at last",
    "pruned": "was in the archive, and taken out of it",
    "off-topic": "read, and left because it is not on the topic",
    "duplicate": "left because it is another address of an article that is here",
    "not-an-article": "left because it is no article",
    "refused": "not fetched: refused",
    "failed": "could not be read",
}
COMING = {
    "waiting": "the next crawl asks for it, as its budget and the order by score allow",
    "unresolved": "looked up again among the headlines of its outlet with every crawl; never asked itself",
}
UNKNOWN = """Nothing in this archive has ever announced it. That is so where no source of a topic listed it while a
crawl looked. Name a feed, a sitemap or a section page that lists it under [sources] of the topic file,
run `dossier crawl`, and ask again; `dossier sources` says which sources answer."""
TERMS = 8  # matched terms that are named
RULINGS = 5  # that are told
LATEST_TOLD = 20  # earlier texts, events and records


@click.command("why")
@click.argument("url", shell_complete=article_urls)
@click.option("--json", "as_json", is_flag=True, help="The whole story as one JSON object.")
@click.pass_context
def command(ctx: click.Context, url: str, as_json: bool) -> None:
    """Tell the story of one URL: who announced it, what became of it and why, and where its bytes lie."""
    spelt = spellings(url)
    with reader(ctx.find_root().obj) as db:
        stories = (history(db, spelling, text_of(now()) or "") for spelling in spelt)
        told = next((story for story in stories if story.is_known), History(url=spelt[0]))
        told = replace(told, candidates=tuple(one | {"worth": worth(db, one)} for one in told.candidates))
    if as_json:
        click.echo(json_text({"asked": url, "known": told.is_known, **asdict(told)}))
    else:
        tell(console(), told, url)


def tell(out: Console, told: History, asked: str) -> None:
    """Print the whole story."""
    say(out, plain(told.url, "bold"))
    if asked != told.url:
        say(out, "you asked for ", plain(asked, "dim"), indent=2)
    if not told.is_known:
        say(out, Text(" ".join(UNKNOWN.split())), indent=2)
    for candidate in told.candidates:
        tell_candidate(out, candidate, told)
    if told.article is not None:
        tell_article(out, told, told.article)


def tell_candidate(out: Console, one: dict[str, Any], told: History) -> None:
    """Print how a link fared in one topic, and who announced it."""
    out.print()
    other = f" (as {one['url']})" if one["url"] != told.url else ""
    say(out, plain(f"In the topic {one['topic']}{other}", "bold"))
    reason = plain(f": {one['reason']}") if one["reason"] else ""
    say(out, plain(MEANINGS.get(one["state"], one["state"]), "cyan"), reason, indent=2)
    if one["checked"]:
        tries = f", after {counted(one['tries'], 'try', 'tries')}" if one["tries"] else ""
        say(out, f"last looked at {minute(one['checked'])}{tries}", indent=2)
    is_off = any(topic["topic"] == one["topic"] and topic["verdict"] == "drop" for topic in told.topics)
    say(out, plain(again(one, told.article, is_off=is_off)), indent=2)
    say(out, f"score of the link: {one['link_score']:.2f}{of_lessons(one)}{of_text(one)}", indent=2)
    if one["via"]:
        say(out, "its bytes are taken from ", plain(one["via"]), indent=2)
    if one["record"]:
        tell_record(out, one["record"])
    for number, sighting in enumerate(one["sightings"]):
        tell_sighting(out, sighting, "first announced by" if not number else "also announced by")


def tell_record(out: Console, record: dict[str, Any]) -> None:
    """Print where bytes lie."""
    place = f"{record['warc_file']} at {record['warc_offset']:,}, {counted(record['warc_length'], 'byte')}"
    say(out, plain(f"bytes of {minute(record['fetched'])} (HTTP {record['status']}): warc/{place}"), indent=2)


def tell_sighting(out: Console, one: dict[str, Any], how: str) -> None:
    """Print who announced a link, and when."""
    until = "" if one["last_seen"] == one["first_seen"] else f", still on {minute(one['last_seen'])}"
    source = plain(f"{one['channel']} {one['source']}")
    say(out, f"{how} ", source, f" on {minute(one['first_seen'])}{until}, at rank {one['rank']}", indent=2)


def worth(db: Reader, one: dict[str, Any]) -> float | None:
    """What a link that waits is worth by what the pages read so far have taught; None for one that does not wait."""
    topic = row(db, TOPIC_OF, name=one["topic"])
    if one["state"] != "waiting" or topic is None:
        return None
    try:
        language = parse_topic(topic["definition"], f"{one['topic']}.toml").language
    except TopicError:  # the archive keeps the definition of the last crawl, which an older version wrote
        return None
    learnt = learnt_from(rows(db, JUDGED, topic=topic["id"], limit=LATEST), language)
    return round(taught(one["link_score"], one["title"], one["url"], learnt), 4)


def of_lessons(one: dict[str, Any]) -> str:
    """What the pages read so far add to a link's score, or take from it."""
    changed = one["worth"] is not None and abs(one["worth"] - one["link_score"]) >= 0.01
    return f", with what the pages read so far have taught {one['worth']:.2f}" if changed else ""


def of_text(one: dict[str, Any]) -> str:
    """What its text scored, where that left it out; that of an article stands with the article."""
    return f"; of its text: {one['score']:.2f}" if one["state"] == "off-topic" else ""


def again(one: dict[str, Any], article: dict[str, Any] | None, *, is_off: bool) -> str:
    """When a candidate is asked for next; `is_off` says that its topic has dropped the article."""
    if one["rest"]:
        return f"its host rests until {minute(one['rest']['rests_until'])} ({one['rest']['reason']})"
    if one["next_try"]:
        return f"due again from {minute(one['next_try'])}"
    if one["state"] in COMING:
        return COMING[one["state"]]
    if one["recheck"]:
        return f"asked whether it has changed with the first crawl after {minute(one['recheck']['due'])}"
    if article is not None and one["state"] in {"stored", "unchanged", "gone"}:
        return "not asked again: it does not belong to the topic" if is_off else no_more(article)
    return "not asked for again"


def no_more(article: dict[str, Any]) -> str:
    """Why a stored article is not looked at again."""
    fetched = moment_of(article["fetched"]) or now()
    is_day = article["published_precision"] == "day"
    if is_over(born(moment_of(article["published"]), fetched, is_day=is_day), now() + LONGEST):
        return "not asked again: it is a year old, or nearly (--recheck asks what a source still lists)"
    return "not asked again: it came into the archive from the past (--recheck asks what a source still lists)"


def tell_article(out: Console, told: History, article: dict[str, Any]) -> None:
    """Print what is stored, how it belongs, and where its bytes lie."""
    out.print()
    say(out, Text("In the archive: ", "bold"), plain(article["title"] or "(no title)", "bold cyan"))
    place = f"{article['outlet_name'] or article['outlet']}, published {published(article)}"
    say(out, plain(f"{place}, {counted(article['words'], 'word')}, fetched {minute(article['fetched'])}"), indent=2)
    if article["wire"]:
        say(out, f"the agency's own: {article['wire']}" if article["is_agency"] else f"credited to {article['wire']}",
            indent=2)  # fmt: skip
    if article["url"] != told.url:
        say(out, "kept under ", plain(article["url"]), indent=2)
    for topic in told.topics:
        tell_verdict(out, topic)
    tell_reading(out, told, article)
    tell_story(out, told)
    for ruling in told.rulings[:RULINGS]:
        say(out, plain(ruling_of(ruling)), indent=2)
    tell_past(out, told)
    for alias in told.aliases:
        if alias["url"] != article["url"]:
            say(out, plain(f"also reached as {alias['url']} ({alias['kind']})"), indent=2)


def tell_past(out: Console, told: History) -> None:
    """Print its earlier texts, what else happened to it, and where its bytes lie; of very many the latest."""
    for version in latest(out, told.versions, "earlier text"):
        text = (
            f"earlier text of {minute(version['fetched'])}: {version['title']} ({version['characters']:,} characters)"
        )
        say(out, plain(text), indent=2)
    for event in latest(out, told.events, "event"):
        say(out, plain(f"{minute(event['at'])}: {happened(event)}"), indent=2)
    for record in latest(out, told.records, "record"):
        tell_record(out, record)


def latest(out: Console, some: Sequence[dict[str, Any]], name: str) -> Sequence[dict[str, Any]]:
    """The last ones of what is told in order; says how many there are before them."""
    if (more := len(some) - LATEST_TOLD) > 0:
        say(out, f"{counted(more, name)} before these: `--json` lists them", indent=2)
    return some[-LATEST_TOLD:]


def tell_verdict(out: Console, topic: dict[str, Any]) -> None:
    """Print how an article was judged for one topic, why, and what its reader said of it."""
    said = f"; you said {topic['answer']} on {minute(topic['answered'])}" if topic["answer"] else ""
    say(out, plain(f"{topic['topic']}: {topic['verdict']}, score {topic['score']:.2f}{matched(topic)}{said}"), indent=2)
    if topic["reason"]:
        say(out, plain(topic["reason"], "dim"), indent=4)


def tell_reading(out: Console, told: History, article: dict[str, Any]) -> None:
    """Print what read the page, what is not in its text, and where the page contradicts itself."""
    furniture = f", {counted(article['furniture'], 'line')} of its outlet's left out" if article["furniture"] else ""
    say(out, plain(f"{article['kind']}, read by {article['extractor']}; text from {article['body_source']}{furniture}"),
        indent=2)  # fmt: skip
    if article["partial_reason"]:
        say(out, plain(f"not all of it: {article['partial_reason']}"), indent=2)
    for one in told.witnesses:
        for witness, words in one["others"]:
            name = one["field"].replace("_", " ")
            say(out, plain(f"{name} as {one['witness']} has it; {witness} says: {words}", "dim"), indent=2)


def tell_story(out: Console, told: History) -> None:
    """Print whose copy an article is, and who else carried its text."""
    if len(told.story) < 2:
        say(out, "no copy of it is known", indent=2)
        return
    say(out, f"one of {len(told.story)} articles that carry one text:", indent=2)
    for one in told.story:
        share = f" {one['story_similarity']:.0%}" if one["story_relation"] != "original" else ""
        line = f"{one['story_relation']}{share}: {one['outlet_name'] or one['outlet']}, {published(one)}"
        say(out, plain(line), "  ", plain(one["url"], "dim"), indent=4)


def happened(event: dict[str, Any]) -> str:
    """An event in plain words; those of a page stand in quotes, so that nobody takes them for ours."""
    words = f'"{event["words"]}"' if event["words"] else minute(event["since"]) if event["since"] else event["detail"]
    return f"{event['meaning']}: {words}" if words else event["meaning"]


def matched(topic: dict[str, Any]) -> str:
    """The terms that made the score, with their shares."""
    terms = ", ".join(
        f"{term} {share:.2f}" for term, share in topic["matched"][:TERMS] if isinstance(share, float | int)
    )
    return f" (from {terms})" if terms else ""
