"""What a run is told in settings, and the one line that says what is wrong with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.channels.ask import Ask
from crawler.cli import main
from crawler.mission import mission_of
from crawler.process import project_settings
from pipelines.topic import Source, Term, Topic, TopicError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Source(channel="feeds", url="https://daily.example/feed.xml")
TOPIC = Topic(name="talks", sources=(FEED,), terms=(Term(text="talks", weight=1.0),))

BAD = {
    "no day": ("DOSSIER_SINCE", "yesterday", "give a day such as 2019-01-31"),
    "no day of any month": ("DOSSIER_UNTIL", "2019-02-30", "give a day such as 2019-01-31"),
    "no JSON": ("DOSSIER_GAPS", "{bad", "give a number for each channel"),
    "no number": ("DOSSIER_GAPS", '{"gdelt": "fast"}', "give a number for each channel"),
    "not a number": ("DOSSIER_GAPS", '{"gdelt": NaN}', "0 or more"),
    "less than none": ("DOSSIER_GAPS", '{"gdelt": -5}', "0 or more"),
    "endless": ("DOSSIER_MAX_MEGABYTES", '{"gal": Infinity}', "0 or more"),
    "a list": ("DOSSIER_MAX_MEGABYTES", "[1]", "give a number for each channel"),
    "a channel that nobody knows": ("DOSSIER_GAPS", '{"gdlet": 5}', "channel 'gdlet' is unknown"),
    "an unknown channel": ("DOSSIER_CHANNELS", "gdlet", "channel 'gdlet' is unknown"),
    "pages in words": ("DOSSIER_MAX_PAGES", "many", "give a whole number"),
    "pages below none": ("DOSSIER_MAX_PAGES_PER_HOST", "-1", "give a whole number"),
    "more than all": ("DOSSIER_RECHECK_SHARE", "25", "give a number from 0 to 1"),
    "no share": ("DOSSIER_RECHECK_SHARE", "nan", "give a number from 0 to 1"),
    "a share in words": ("DOSSIER_RECHECK_SHARE", "half", "give a number from 0 to 1"),
    "no host": ("DOSSIER_ALLOW_PRIVATE", "a b", "give host, host:port or .suffix"),
}


@pytest.mark.parametrize(("name", "value", "mend"), BAD.values(), ids=BAD)
def test_a_bad_setting_is_told_with_its_name_its_fault_and_its_mend(name: str, value: str, mend: str) -> None:
    with pytest.raises(TopicError) as told:
        mission_of(project_settings({name: value}), TOPIC, NOW)
    assert mend in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("name", "value", "mend"), BAD.values(), ids=BAD)
def test_the_command_ends_with_the_code_of_a_usage_error(tmp_path: Path, name: str, value: str, mend: str) -> None:
    done = CliRunner().invoke(main, ["--data", str(tmp_path), "crawl", "-s", f"{name}={value}"])
    assert done.exit_code == 2, done.output
    assert mend in done.stderr
    assert not (tmp_path / "news.db").exists()


def test_settings_of_text_are_understood() -> None:
    settings = {
        "DOSSIER_GAPS": '{"feeds": 2}',
        "DOSSIER_SINCE": "2026-02-01",
        "DOSSIER_MAX_MEGABYTES": '{"gal": "7.5"}',
    }
    mission = mission_of(project_settings(settings), TOPIC, NOW)
    ask = Ask(url=FEED.url, source=FEED, kind="feed")
    assert (mission.gap_of(ask), mission.budgets) == (2.0, {"gal": 7.5})
    assert next(part.topic.since for part in mission.parts if part.topic) == date(2026, 2, 1)


def test_files_of_this_machine_are_asked_alone_and_without_rest() -> None:
    mission = mission_of(project_settings({"DOSSIER_WARC_FILES": ["/news/one.warc.gz"]}), TOPIC, NOW)
    (part,) = mission.parts
    assert part.topic is not None
    (source,) = part.topic.sources
    assert source.url == "warc://localhost/news/one.warc.gz"
    assert mission.gap_of(Ask(url=source.url, source=source, kind="records")) == 0.0
