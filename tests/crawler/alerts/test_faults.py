"""A way that always works, looked at over days: what it hears of a fault, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.alerts.faults import MOST, Fault, Key, after, event, kept, updated
from crawler.alerts.rules import Rules
from crawler.watching.finding import Finding

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
RULES = Rules(remind=7, settle=6)
DEAD = Finding(kind="source died", topic="talks", subject="https://wire.example/feed", since="", text="", advice="")


def heard(looks: Sequence[tuple[float, Sequence[Finding]]], rules: Rules = RULES) -> list[tuple[float, str]]:
    """What one way is told: at which hour, and in which state. Each look is an hour, and what is wrong then."""
    faults: dict[Key, Fault] = {}
    told = []
    for hour, found in looks:
        now = BEGAN + timedelta(hours=hour)
        faults = updated(faults, found, now)
        for key, fault in faults.items():
            if said := event(fault, "mail", now, rules):
                told.append((hour, said.state))
                faults[key] = after(fault, "mail", said, now)
        faults = kept(faults, ["mail"], now, rules)
    return told


def hourly(first: int, last: int, *found: Finding) -> list[tuple[float, Sequence[Finding]]]:
    return [(hour, found) for hour in range(first, last)]


def test_a_fault_is_told_once_again_after_a_week_and_its_end_when_it_has_settled() -> None:
    looks = [*hourly(0, 200, DEAD), *hourly(200, 220)]
    assert heard(looks) == [(0, "new"), (168, "still"), (206, "well")]


def test_a_fault_that_comes_and_goes_is_one() -> None:
    looks = [(hour, [DEAD] if hour % 4 else []) for hour in range(1, 100)]
    assert heard(looks) == [(1, "new")]


def test_a_fault_that_comes_back_after_its_end_was_told_is_new() -> None:
    looks = [*hourly(0, 2, DEAD), *hourly(2, 10), *hourly(10, 12, DEAD)]
    assert heard(looks) == [(0, "new"), (8, "well"), (10, "new")]


def test_the_end_is_told_at_once_where_nothing_need_settle() -> None:
    assert heard([(0, [DEAD]), (1, [])], replace(RULES, settle=0)) == [(0, "new"), (1, "well")]


def test_runs_that_fail_one_after_the_other_are_one_fault() -> None:
    runs = [replace(DEAD, kind="run failed", subject=f"2026-03-01T{hour:02}:00:00Z") for hour in range(20)]
    assert heard([(hour, [run]) for hour, run in enumerate(runs)]) == [(0, "new")]


def test_faults_of_other_sources_and_topics_are_others() -> None:
    others = [DEAD, replace(DEAD, subject="https://b.example/"), replace(DEAD, topic="other")]
    assert heard([(0, others), (1, others)]) == [(0, "new")] * 3


def test_a_muted_kind_is_not_told_and_neither_is_its_end() -> None:
    looks = [*hourly(0, 10, DEAD), *hourly(10, 20)]
    assert heard(looks, replace(RULES, kinds=("no news",))) == []


def test_a_clock_that_was_wrong_for_a_while_silences_nothing_for_long() -> None:
    looks = [(24 * 365.0, [DEAD]), *hourly(0, 180, DEAD), *hourly(180, 190)]
    assert heard(looks)[1:] == [(168, "still"), (186, "well")]


def test_a_way_that_is_new_hears_of_what_lasts_and_one_that_is_gone_is_forgotten() -> None:
    faults = updated({}, [DEAD], BEGAN)
    (key,) = faults
    told = event(faults[key], "mail", BEGAN, RULES)
    assert told is not None
    faults[key] = after(faults[key], "mail", told, BEGAN)
    assert event(faults[key], "mail", BEGAN, RULES) is None
    hook = event(faults[key], "webhook", BEGAN, RULES)
    assert hook is not None
    assert hook.state == "new"
    later = BEGAN + timedelta(hours=7)
    assert kept(updated(faults, [], later - timedelta(hours=6)), ["webhook"], later, RULES) == {}


def test_an_end_that_cannot_be_told_for_a_month_is_told_no_more() -> None:
    fault = Fault(
        finding=DEAD, first="2026-03-01T00:00:00Z", ended="2026-03-01T00:00:00Z", told={"mail": "2026-03-01T00:00:00Z"}
    )
    key = ("source died", "talks", DEAD.subject)
    assert kept({key: fault}, ["mail"], BEGAN + timedelta(days=29), RULES)
    assert not kept({key: fault}, ["mail"], BEGAN + timedelta(days=30), RULES)


def test_no_more_are_remembered_than_fit() -> None:
    many = [replace(DEAD, subject=str(number)) for number in range(MOST + 5)]
    assert len(updated(updated({}, many, BEGAN), many[::-1], BEGAN)) == MOST


@pytest.mark.parametrize("settle", [0, 6, 24])
@given(there=st.lists(st.booleans(), max_size=120))
def test_new_and_well_alternate_and_what_lasts_is_known(settle: int, there: list[bool]) -> None:
    told = heard(
        [(hour, [DEAD] if is_there else []) for hour, is_there in enumerate(there)], replace(RULES, settle=settle)
    )
    states = [state for _, state in told if state != "still"]
    assert states == ["new", "well"] * (len(states) // 2) + ["new"] * (len(states) % 2)
    if there and there[-1]:
        assert states[-1] == "new"
