"""What has become different between two states of the confirmation: a row that came or went is one change."""

import pytest

from participants.confirmation.values import differences

LABELS = {"ppt": "PP-tjenesten", "unit-1-name": "Navn", "unit-1-children": "Antall barn", "unit-2-name": "Navn"}
ONE = {"unit-1": "Ås barnehage", "unit-1-name": "Ås barnehage", "unit-1-children": "36"}
TWO = {"unit-2": "Li skole", "unit-2-name": "Li skole"}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (ONE, ONE, []),
        (ONE, ONE | {"unit-1-children": "40"}, [("unit-1-children", "Antall barn", "36", "40")]),
        # The fields of a row that came or went are no changes beside it.
        (ONE, ONE | TWO, [("unit-2", "Ny enhet", "", "Li skole")]),
        (ONE | TWO, ONE, [("unit-2", "Enheten er tatt ut", "Li skole", "")]),
        ({"contact-1": "Kari"}, {}, [("contact-1", "Kontaktpersonen er tatt ut", "Kari", "")]),
        ({}, {"contact-1": "Kari"}, [("contact-1", "Ny kontaktperson", "", "Kari")]),
        # What the row is called is told by its own fields, when it was there before and is still.
        (ONE, ONE | {"unit-1": "Ås"}, []),
        ({"ppt": "yes"}, {"ppt": "no"}, [("ppt", "PP-tjenesten", "Ja", "Nei")]),
        ({"ppt": "yes"}, {}, [("ppt", "PP-tjenesten", "Ja", "Ikke avgjort")]),
        ({"unit-1": "Ås", "unit-1-sure": ""}, {"unit-1": "Ås", "unit-1-sure": "36"}, []),
    ],
)
def test_changes(before, after, changes):
    found = differences(before, after, LABELS)
    assert [(key, str(each.what), each.before, each.after) for key, each in found.items()] == changes
