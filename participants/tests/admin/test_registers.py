import pytest
from django.db import connection
from django.utils import timezone

from participants import registers
from participants.admin import registers as registers_page
from participants.models import Participation, Unit


def page(participation) -> str:
    return f"/admin/participants/participation/{participation.pk}/registrene/"


def test_ours_beside_theirs(staff_client, register_server, participation, units):
    Unit.objects.filter(pk=units[0].pk).update(children=40)
    response = staff_client.get(page(participation))
    known = [
        (pair.ours.name, pair.theirs and (pair.theirs.name, pair.theirs.children), pair.name_differs)
        for pair in response.context["comparison"].known
    ]
    assert known == [
        ("Fembøringen barnehage", ("Fembøringen barnehage", 36), False),
        ("Leksvik barnehage", ("Leksvik barnehage SA", 48), True),
        ("Statsbygd skole", ("Statsbygd skole", 81), False),
        ("Testmann minne skole", None, False),
    ]
    text = response.content.decode()
    assert "Heter Leksvik barnehage SA i registeret" in text
    assert "<strong>ikke i drift</strong>" in text  # Nedlagt barnehage
    assert timezone.localdate().strftime("%Y") in text


def test_looking_saves_nothing(staff_client, register_server, participation, units):
    staff_client.get(page(participation))
    assert not Unit.objects.filter(register_on__isnull=False).exists()


def test_take_what_is_ticked_and_keep_the_counts(staff_client, register_server, participation, units, staff):
    Unit.objects.filter(pk=units[0].pk).update(children=40)
    response = staff_client.post(page(participation), {"unit": ["958935420"]}, follow=True)
    text = response.content.decode()
    assert "1 enhet er lagt til. 4 enheter har fått tall fra registrene." in text
    new = Unit.objects.get(organisation_number="958935420")
    assert (new.name, new.kind, new.ownership, new.children, new.register_children) == (
        "Ny skole",
        "school",
        "public",
        None,
        12,
    )
    assert new.history.last().history_user == staff
    first = Unit.objects.get(pk=units[0].pk)
    assert (first.children, first.register_children, first.register_on) == (40, 36, timezone.localdate())
    assert Unit.objects.count() == 5


def test_the_units_that_are_added_are_asked_about(staff_client, register_server, participation, units, monkeypatch):
    asked = []
    monkeypatch.setattr(
        registers_page.units, "ask_for_counts", lambda _participation, added, *, now: asked.extend(added)
    )
    staff_client.post(page(participation), {"unit": ["958935420"]})
    assert [unit.organisation_number for unit in asked] == ["958935420"]


def test_taking_twice_adds_once(staff_client, register_server, participation, units):
    for _time in range(2):
        staff_client.post(page(participation), {"unit": ["958935420"]})
    assert Unit.objects.filter(organisation_number="958935420").count() == 1


@pytest.mark.parametrize("chosen", ["123456785", "", "x" * 10_000, "<script>", "974760673", "../../enhet"])
def test_what_the_register_does_not_list_is_not_added(staff_client, register_server, participation, units, chosen):
    assert staff_client.post(page(participation), {"unit": [chosen]}).status_code == 302
    assert Unit.objects.count() == 4


def test_a_register_that_is_down_says_so_and_the_other_works(staff_client, register_server, participation, units):
    register_server.misbehave["nsr"] = lambda handler: handler.answer({}, status=503)
    text = staff_client.get(page(participation)).content.decode()
    assert "NSR svarte med feil. Prøv igjen senere." in text
    assert "Leksvik barnehage SA" in text
    response = staff_client.post(page(participation), {"unit": ["974764350", "958935420"]}, follow=True)
    assert "NSR svarte med feil. Prøv igjen senere." in response.content.decode()
    assert "1 enhet er lagt til. 3 enheter har fått tall fra registrene." in response.content.decode()


def test_a_municipality_without_units_anywhere(staff_client, register_server, other_participation):
    text = staff_client.get(page(other_participation)).content.decode()
    assert "Kommunen har ingen enheter i prosjektet." in text
    assert "Registrene har ingen andre enheter i kommunen." in text


def test_a_hostile_name_is_only_text(staff_client, register_server, participation):
    register_server.units["nsr", "5054"][0] |= {"FulltNavn": "<script>alert(1)</script>"}
    assert "<script>alert(1)" not in staff_client.get(page(participation)).content.decode()


def test_a_participation_that_is_not_there(staff_client, register_server):
    assert staff_client.get("/admin/participants/participation/999/registrene/").status_code == 404
    assert register_server.asked == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_registers_are_asked_outside_any_transaction(
    staff_client, register_server, participation, monkeypatch, method
):
    inside = []
    look_up = registers.look_up

    def noting(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return look_up(*args, **kwargs)

    monkeypatch.setattr(registers, "look_up", noting)
    getattr(staff_client, method)(page(Participation.objects.get()))
    assert inside == [False]
