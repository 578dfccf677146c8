"""Mail to a participant that comes back is said in the lists of their gathering, to whoever sees the address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from gatherings.models import AlsoFor, Registration
from lmp.changes.tests.people.conftest import seat
from outbox.models import ReturnReason
from outbox.returns import addresses

SAID = "E-posten kommer i retur"


@pytest.fixture
def camilla(gathering, welcomed, units, head) -> Registration:
    """A participant with no function, registered with a typing error that mail has come back from."""
    now = timezone.now()
    addresses.bury("camila@example.no", ReturnReason.UNKNOWN, sent_at=now, now=now)
    return seat(gathering, welcomed, make_user("camila@example.no", "Camilla Aa"), unit=units[0], registered_by=head)


@pytest.mark.parametrize("who", ["contact", "head"])
def test_those_who_registered_them_read_it_and_can_mend_it(client, request, camilla, who):
    client.force_login(request.getfixturevalue(who))
    said = client.get(camilla.gathering.get_absolute_url()).content.decode()
    assert said.count(SAID) == 1
    assert "Adressen finnes ikke." in said
    said = client.get(camilla.get_absolute_url()).content.decode()
    assert said.count(SAID) == 1
    assert f"/paameldinger/{camilla.pk}/adresse/" in said
    addresses.lift(camilla.user.email, now=timezone.now())
    assert SAID not in client.get(camilla.gathering.get_absolute_url()).content.decode()


def test_staff_find_them_in_their_list(staff_client, camilla, contact, gathering, welcomed):
    fine = seat(gathering, welcomed, contact)
    address = f"/admin/gatherings/registration/?gathering={gathering.pk}"
    said = staff_client.get(address).content.decode()
    assert said.count(SAID) == 1
    assert "Påmeldt. E-posten kommer i retur. Adressen finnes ikke." in said
    said = staff_client.get(f"{address}&returned=1").content.decode()
    assert "Camilla Aa" in said
    assert fine.name not in said
    assert (
        reverse("changes:person", args=[camilla.user_id])
        in staff_client.get(camilla.get_absolute_url()).content.decode()
    )


def test_whoever_does_not_see_the_address_is_not_told(client, camilla, units, other_head):
    AlsoFor.objects.create(
        registration=camilla,
        participation=camilla.participation,
        unit=units[1],
        added_at=timezone.now(),
        added_by=camilla.registered_by,
    )
    client.force_login(other_head)
    for page in (camilla.gathering.get_absolute_url(), camilla.get_absolute_url()):
        said = client.get(page).content.decode()
        assert "Camilla Aa" in said
        assert SAID not in said
