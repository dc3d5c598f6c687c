from __future__ import annotations

import pytest

from crawler.schedule.files.clock import DAY, PERIODS, Times, every, quiet, spread
from crawler.schedule.files.quoting import FileRefused


@pytest.mark.parametrize("period", PERIODS.values())
@pytest.mark.parametrize("start", [0, 7, 59, 60, 1439])
def test_a_command_runs_every_so_many_minutes_round_the_clock(period: int, start: int) -> None:
    starts = every(period, start).starts
    assert len(starts) == DAY // period
    assert {(later - earlier) % DAY for earlier, later in zip(starts, (*starts[1:], starts[0]), strict=True)} in (
        {period}, {0},
    )  # fmt: skip
    assert start % period in starts


def test_the_same_times_are_written_for_cron_and_for_systemd() -> None:
    assert (every(15, 7).cron, every(15, 7).calendar) == ("7,22,37,52 * * * *", "*-*-* *:07,22,37,52:00")
    assert (every(480, 65).cron, every(480, 65).calendar) == ("5 1,9,17 * * *", "*-*-* 01,09,17:05:00")


def test_topics_begin_one_by_one() -> None:
    assert [times.minutes[0] for times in spread(4, 60, 50)] == [50, 5, 20, 35]
    assert spread(15, 15, 3)
    with pytest.raises(FileRefused, match="16 topics cannot begin one by one in 15 minutes; see --every"):
        spread(16, 15, 3)


def test_the_quiet_minute_lies_midway_between_the_others() -> None:
    assert quiet(3, 4, [every(60, 10)]) == Times(minutes=(40,), hours=(3,))
    assert quiet(3, 4, []) == Times(minutes=(0,), hours=(3,))
