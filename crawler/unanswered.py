"""What the ledger says of a question that brought no answer, and what is asked all the same."""

from __future__ import annotations

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask, Chained, Status
from crawler.outcomes import fate_of, fault_of, is_out_of_reach


def instead_of_answer(ask: Ask, error: BaseException, *, is_first: bool) -> Answer:
    """What stands for an answer where a request failed or was refused; `is_first` says that nobody has answered yet."""
    state, reason = fate_of(error)
    # A service that wants to be left alone for a while has not refused this question.
    status: Status = "failed" if state == "failed" or (state == "waiting" and ask.is_windowed) else "refused"
    is_offline = is_first and is_out_of_reach(error)
    answer = Answer(status=status, reason=reason, resume=ask.resume, is_offline=is_offline)
    return _going_on(ask, answer) if state == "failed" else answer


def instead_of_reading(ask: Ask, error: Exception) -> Answer:
    """What stands for an answer where its channel raised what it never should."""
    return _going_on(ask, Answer(status="failed", reason=f"our own fault: {fault_of(error)}", resume=ask.resume))


def _going_on(ask: Ask, answer: Answer) -> Answer:
    channel = CHANNELS[ask.source.channel]
    return channel.unanswered(ask, answer) if isinstance(channel, Chained) else answer
