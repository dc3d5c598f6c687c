from __future__ import annotations

from pipelines.traps import MOST_SEGMENTS, is_trap


def test_a_segment_may_stand_there_twice() -> None:
    assert not is_trap(["news", "news", "detail"], [], "")
    assert not is_trap(["a", "b", "a", "c"], [], "")


def test_a_run_that_comes_again_at_once_is_a_loop() -> None:
    assert is_trap(["x", "a", "b", "a", "b"], [], "")
    assert is_trap(["a", "b", "c", "a", "b", "c"], [], "")


def test_depth_has_a_bound() -> None:
    deep = [str(number) for number in range(MOST_SEGMENTS + 1)]
    assert is_trap(deep, [], "")
    assert not is_trap(deep[1:], [], "")


def test_a_short_session_name_is_a_parameter_like_others() -> None:
    assert not is_trap(["a"], [("sid", "4711")], "sid=4711")
    assert is_trap(["a"], [("sid", "b01bdce4530ef0fb")], "sid=b01bdce4530ef0fb")


def test_the_number_of_an_old_permalink_is_no_page() -> None:
    assert not is_trap([], [("p", "120400")], "p=120400")
    assert is_trap([], [("page", "120400")], "page=120400")
