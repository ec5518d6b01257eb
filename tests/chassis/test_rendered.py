"""Files kept in memory: never more than promised, the newest version of each, what is asked for stays."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.rendered import Rendered


def test_a_newer_version_takes_the_place_of_the_older() -> None:
    kept = Rendered()
    kept.put("a", "1", b"uno")
    assert kept.get("a", "1") == b"uno"
    assert kept.get("a", "2") is None
    kept.put("a", "2", b"due")
    assert kept.get("a", "1") is None
    assert kept.get("a", "2") == b"due"


def test_what_is_asked_for_least_recently_leaves_first() -> None:
    kept = Rendered(most=6)
    for name in "abc":
        kept.put(name, "1", b"xx")
    assert kept.get("a", "1") == b"xx"
    kept.put("d", "1", b"xx")
    assert [kept.get(name, "1") for name in "abcd"] == [b"xx", None, b"xx", b"xx"]
    kept.put("e", "1", b"x" * 7)
    assert kept.get("e", "1") is None, "a file larger than everything together is not kept"


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("12"), st.integers(0, 12)), max_size=60))
def test_it_never_keeps_more_than_it_may(puts: list[tuple[str, str, int]]) -> None:
    kept = Rendered(most=20)
    for name, version, size in puts:
        kept.put(name, version, b"x" * size)
        found = [kept.get(n, v) for n in "abcde" for v in "12"]
        assert sum(len(data) for data in found if data is not None) <= 20
        assert kept.get(name, version) == b"x" * size
