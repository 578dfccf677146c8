import pytest

from parts import sealing


def test_what_is_sealed_is_read_again_and_tells_nothing():
    sealed = sealing.seal("hemmelig", purpose="a")
    assert "hemmelig" not in sealed
    assert sealed != sealing.seal("hemmelig", purpose="a")
    assert sealing.unseal(sealed, purpose="a") == "hemmelig"


@pytest.mark.parametrize("wrong", ["", "hemmelig", "gAAAAA", "æ"])
def test_what_is_not_sealed_is_unreadable(wrong):
    with pytest.raises(sealing.UnreadableError):
        sealing.unseal(wrong, purpose="a")
    assert not sealing.is_current(wrong, purpose="a")


def test_what_is_sealed_for_one_purpose_is_no_others():
    with pytest.raises(sealing.UnreadableError):
        sealing.unseal(sealing.seal("hemmelig", purpose="a"), purpose="b")


def test_a_new_key_reads_what_its_fallbacks_have_sealed(settings):
    settings.SECRET_KEY = "old"
    sealed = sealing.seal("hemmelig", purpose="a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["older", "old"]
    assert sealing.unseal(sealed, purpose="a") == "hemmelig"
    assert not sealing.is_current(sealed, purpose="a")
    assert sealing.is_current(sealing.seal("hemmelig", purpose="a"), purpose="a")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.UnreadableError):
        sealing.unseal(sealed, purpose="a")
