"""Short secrets at rest: what is sealed opens only with its key, in its place, unchanged."""

import pytest

from chassis.vault import Keyring, Sealed, VaultError

OLD, NEW = "o" * 31 + "1", "n" * 31 + "2"
TEXT = "IT60X0542811101000000123456"


def test_a_sealed_text_shows_nothing_and_is_never_the_same_twice() -> None:
    ring = Keyring.parse(OLD, purpose="test")
    first, second = ring.seal(TEXT, place=b"row"), ring.seal(TEXT, place=b"row")
    assert TEXT.encode() not in first.data
    assert first.data != second.data
    assert ring.open(first, place=b"row") == ring.open(second, place=b"row") == TEXT


def test_a_new_first_key_seals_and_the_old_one_still_opens() -> None:
    sealed = Keyring.parse(OLD, purpose="test").seal(TEXT, place=b"row")
    both = Keyring.parse(f"{NEW}, {OLD}", purpose="test")
    assert both.open(sealed, place=b"row") == TEXT
    again = both.seal(TEXT, place=b"row")
    assert again.key_id == both.current != sealed.key_id
    assert Keyring.parse(NEW, purpose="test").open(again, place=b"row") == TEXT
    with pytest.raises(VaultError, match="no key"):
        Keyring.parse(NEW, purpose="test").open(sealed, place=b"row")


@pytest.mark.parametrize("how", ["moved", "changed", "other purpose"])
def test_what_was_moved_or_changed_does_not_open(how: str) -> None:
    ring = Keyring.parse(OLD, purpose="test")
    sealed, place = ring.seal(TEXT, place=b"row"), b"row"
    if how == "moved":
        place = b"another row"
    elif how == "changed":
        sealed = Sealed(sealed.key_id, sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))
    else:
        ring = Keyring.parse(OLD, purpose="another")
    with pytest.raises(VaultError) as refused:
        ring.open(sealed, place=place)
    assert TEXT not in str(refused.value)


@pytest.mark.parametrize("text", ["", " , ", "short", "k" * 40, f"{OLD},{OLD}", f"{OLD},short"])
def test_weak_missing_and_repeated_keys_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        Keyring.parse(text, purpose="test")
    assert "short" not in str(refused.value)
    assert OLD not in str(refused.value)
