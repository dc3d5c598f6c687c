from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.alerts.look import Look, look, trials
from crawler.alerts.memory import ASIDE, NAME, alone
from crawler.alerts.rules import Rules
from crawler.alerts.way import NotSent, PartlySent
from crawler.alerts.wording import LISTED, Message
from crawler.watching.finding import Finding

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DEAD = Finding(
    kind="source died", topic="talks", subject="https://wire.example/feed", since="2026-02-27T00:00:00Z",
    text="wire.example answers HTTP 404", advice="take it out",
)  # fmt: skip


@dataclass(slots=True)
class Ear:
    """A way that keeps what it gets, as long as it works."""

    name: str = "mail"
    fault: Exception | None = None
    heard: list[Message] = field(default_factory=list)
    during: Callable[[], object] = lambda: None

    @property
    def label(self) -> str:
        return f"the ear {self.name}"

    def send(self, message: Message) -> None:
        self.during()
        if self.fault is not None and not isinstance(self.fault, PartlySent):
            raise self.fault
        self.heard.append(message)
        if self.fault is not None:
            raise self.fault

    def titles(self) -> list[str]:
        return [message.title for message in self.heard]


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def many(count: int) -> list[Finding]:
    return [replace(DEAD, subject=f"https://wire.example/{number}") for number in range(count)]


def test_a_fault_is_told_on_every_way_once_and_its_end(tmp_path: Path) -> None:
    ears = (Ear("mail"), Ear("webhook"))
    rules = Rules(ways=ears)
    for hour, found in ((0, [DEAD]), (1, [DEAD]), (2, []), (9, [])):
        looked = look(tmp_path, found, at(hour), rules)
        assert not looked.failed
    for ear in ears:
        assert ear.titles() == ["Dossier: source died, talks", "Dossier: well again: source died, talks"]
    text = ears[0].heard[0].text
    assert "wire.example answers HTTP 404" in text
    assert "What to do: take it out" in text
    assert "Since 2026-02-27 00:00 UTC." in text
    assert str(tmp_path) in text


def test_one_way_that_fails_costs_the_other_nothing_and_is_tried_again(tmp_path: Path) -> None:
    broken, sound = Ear("mail", NotSent("no such host")), Ear("webhook")
    rules = Rules(ways=(broken, sound))
    looked = look(tmp_path, [DEAD], NOW, rules)
    assert looked.failed
    assert [one.failed for one in looked.sent] == ["no such host", ""]
    assert len(sound.heard) == 1
    broken.fault = None
    assert not look(tmp_path, [DEAD], at(1), rules).failed
    assert (len(broken.heard), len(sound.heard)) == (1, 1)


def test_who_was_told_in_part_is_not_told_twice(tmp_path: Path) -> None:
    ear = Ear(fault=PartlySent("gone@reader.example: nobody"))
    assert look(tmp_path, [DEAD], NOW, Rules(ways=(ear,))).failed
    assert not look(tmp_path, [DEAD], at(1), Rules(ways=(ear,))).failed
    assert len(ear.heard) == 1


def test_more_than_a_few_are_one_digest(tmp_path: Path) -> None:
    ear = Ear()
    look(tmp_path, many(5), NOW, Rules(ways=(ear,)))
    assert len(ear.heard) == 5
    other = Ear("webhook")
    look(tmp_path, many(LISTED + 9), NOW, Rules(ways=(ear, other)))
    (digest,) = other.heard
    assert digest.title == f"Dossier: {LISTED + 9} faults"
    assert "And 9 more: `dossier watch` lists" in digest.text
    assert ear.titles()[-1] == f"Dossier: {LISTED + 4} faults"


def test_a_look_that_is_killed_after_an_alert_does_not_repeat_it(tmp_path: Path) -> None:
    def killed() -> None:
        if len(ear.heard) == 2:
            raise KeyboardInterrupt

    ear = Ear(during=killed)
    rules = Rules(ways=(ear,))
    with pytest.raises(KeyboardInterrupt):
        look(tmp_path, many(4), NOW, rules)
    ear.during = lambda: None
    look(tmp_path, many(4), at(1), rules)
    assert len(ear.heard) == 4


def test_a_dry_look_says_what_it_would_tell_and_changes_nothing(tmp_path: Path) -> None:
    ear = Ear()
    (tmp_path / NAME).write_text("damaged", encoding="utf-8")
    looked = look(tmp_path, many(7), NOW, Rules(ways=(ear,)), dry=True)
    assert (looked.sent[0].alerts, dict(looked.sent[0].states), ear.heard) == (1, {"new": 7}, [])
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_damaged_memory_is_told_and_all_is_told_again(tmp_path: Path) -> None:
    ear = Ear()
    look(tmp_path, [DEAD], NOW, Rules(ways=(ear,)))
    (tmp_path / NAME).write_text('{"version": 1, "faults": [{}]}', encoding="utf-8")
    looked = look(tmp_path, [DEAD], at(1), Rules(ways=(ear,)))
    assert len(ear.heard) == 2
    assert f"set aside as {ASIDE}" in looked.remarks[0]
    assert not looked.unkept


def test_alerts_go_out_where_nothing_can_be_kept_and_that_is_said(tmp_path: Path) -> None:
    ear = Ear()
    gone = tmp_path / "gone"
    looked = look(gone, [DEAD], NOW, Rules(ways=(ear,)))
    assert len(ear.heard) == 1
    assert looked.unkept
    assert "the next look tells it again" in looked.remarks[0]


def test_a_look_beside_another_leaves_the_sending_to_it(tmp_path: Path) -> None:
    ear = Ear()
    with alone(tmp_path):
        looked = look(tmp_path, [DEAD], NOW, Rules(ways=(ear,)))
    assert ear.heard == []
    assert "another look" in looked.remarks[0]


def test_without_a_way_nothing_is_written(tmp_path: Path) -> None:
    assert look(tmp_path, [DEAD], NOW, Rules()) == Look()
    assert list(tmp_path.iterdir()) == []


def test_a_test_alert_goes_on_every_way(tmp_path: Path) -> None:
    broken, sound = Ear("mail", NotSent("no")), Ear("webhook")
    looked = trials(tmp_path, NOW, Rules(ways=(broken, sound)))
    assert [(one.alerts, one.failed) for one in looked.sent] == [(0, "no"), (1, "")]
    assert sound.titles() == ["Dossier: test"]
    assert list(tmp_path.iterdir()) == []


def test_the_record_of_an_alert_is_bounded_whatever_a_finding_says() -> None:
    from crawler.alerts.wording import Event, harmless
    from crawler.alerts.wording import alone as by_itself

    huge = replace(DEAD, text="x" * 10_000_000, advice="\x1b" * 1_000_000, subject="u" * 100_000, topic="t" * 100_000)
    message = by_itself(Event(state="new", finding=harmless(huge)), "/srv")
    assert len(json.dumps(message.record())) < 10_000


@pytest.mark.parametrize("fault", [OSError(22, "Invalid argument"), RuntimeError("can't start new thread")])
def test_a_way_that_the_system_fails_costs_the_others_nothing_and_is_tried_again(
    tmp_path: Path, fault: Exception
) -> None:
    ears = (Ear("mail", fault), Ear("webhook"))
    first = look(tmp_path, [DEAD], NOW, Rules(ways=ears))
    assert (first.failed, first.remarks, first.unkept) == (True, (), False)
    assert str(fault.args[-1]) in first.sent[0].failed
    assert len(ears[1].heard) == 1
    ears[0].fault = None
    look(tmp_path, [DEAD], at(1), Rules(ways=ears))
    assert [len(ear.heard) for ear in ears] == [1, 1], "told once on each way"
