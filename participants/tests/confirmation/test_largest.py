"""The confirmation of the largest municipality there may be: 400 units, each with a head."""

import pytest
from django.conf import settings
from django.utils import timezone
from simple_history.utils import bulk_create_with_history
from stdnum.no import orgnr

from accounts.models import User
from participants.models import Contact, Unit
from participants.tests.confirmation.test_confirm import base_of
from tests.hostile.drawn import forms_on

pytestmark = pytest.mark.slow
UNITS = 400


@pytest.fixture
def many(participation, staff):
    numbers = (str(number) for number in range(970000000, 980000000) if orgnr.is_valid(str(number)))
    rows = [
        Unit(
            participation=participation,
            name=f"Skole {row}",
            kind="school",
            children=20,
            organisation_number=next(numbers),
        )
        for row in range(UNITS)
    ]
    units = bulk_create_with_history(rows, Unit)
    people = User.objects.bulk_create(User(email=f"r{row}@example.no", name=f"Rektor {row}") for row in range(UNITS))
    facts = {"participation": participation, "function": "head", "started_at": timezone.now(), "started_by": staff}
    heads = [
        Contact(user=person, unit=unit, name=person.name, **facts) for person, unit in zip(people, units, strict=True)
    ]
    return bulk_create_with_history(heads, Contact)


def test_it_can_be_saved_and_is_read_whole(client, contact, asked, url, many):
    client.force_login(contact)
    page = client.get(url)
    [form] = [form for form in forms_on(url, page.content.decode()) if "base" in form.values]
    # All that a browser sends, and each box ticked.
    sent = {name: values or form.choices.get(name, [])[:1] for name, values in form.values.items()}
    count = sum(map(len, sent.values()))
    print(f"{count} fields of {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}")
    assert 400 * 7 < count < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS * 0.9
    last = max(name for name in sent if name.startswith("unit-") and name.endswith("-children"))
    answer = client.post(url, sent | {last: ["37"], "action": ["draft"]})
    assert answer.status_code == 302
    assert asked.drafts.get(user=contact).data[last] == "37"
    assert base_of(page)
