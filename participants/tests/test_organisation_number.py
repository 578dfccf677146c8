import pytest

from participants import organisation_number


@pytest.mark.parametrize("number", ["123456785", "974761319", "974764350", "958935420"])
def test_real_numbers_are_valid(number):
    assert organisation_number.is_valid(number)


@pytest.mark.parametrize(
    "number", ["", "123456784", "12345678", "1234567855", "12345678x", "１２３４５６７８５", "123456789"]
)
def test_others_are_not(number):
    assert not organisation_number.is_valid(number)


def test_check_digit_ten_is_never_valid():
    """When the weights give 10 there is no check digit, whatever stands last."""
    assert not any(organisation_number.is_valid(f"10000013{last}") for last in range(10))


@pytest.mark.parametrize(
    "written",
    ["974 761 319", "974.761.319", "NO 974 761 319 MVA", "no974761319mva", "NO 974.761.319", "974\u00a0761\u200b319"],
)
def test_a_number_is_read_however_it_is_written(written):
    assert organisation_number.normalise(written) == "974761319"


@pytest.mark.parametrize("written", ["97476131", "9747613199", "NO", "97476131x", "SE 974 761 319", ""])
def test_what_is_no_number_stays_what_it_is(written):
    assert organisation_number.normalise(written) == written.replace(" ", "")
