from __future__ import annotations

from archive.catalogue.kept import LOOKED_AT, Kept


def test_what_was_not_asked_for_longest_makes_room() -> None:
    kept: Kept[str] = Kept(30)
    for key in "abc":
        kept.put(key, key.upper(), 10)
    assert [kept.get(key) for key in "abc"] == ["A", "B", "C"]
    for number in range(LOOKED_AT):
        kept.put(number, "n", 1)
    assert kept.get("c") == "C"
    assert kept.used == sum(weight for _, weight in kept.values.values()) <= 30


def test_a_few_large_values_in_turn_leave_the_small_ones_alone() -> None:
    kept: Kept[int] = Kept(100)
    for number in range(10):
        kept.put(("small", number), number, 1)
    for turn in range(50):
        kept.put(("large", turn % 3), turn, 40)
    assert all(kept.get(("small", number)) == number for number in range(10))
    assert kept.used <= 100


def test_a_value_larger_than_the_room_is_not_kept_nor_is_what_it_replaces() -> None:
    kept: Kept[str] = Kept(10)
    kept.put("a", "before", 5)
    kept.put("a", "after", 11)
    assert (kept.get("a"), kept.used) == (None, 0)


def test_some_are_forgotten() -> None:
    kept: Kept[int] = Kept(10)
    for number in range(4):
        kept.put(number, number, 2)
    kept.drop(lambda value: value % 2 == 0)
    assert ([kept.get(number) for number in range(4)], kept.used) == ([None, 1, None, 3], 4)
