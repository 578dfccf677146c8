"""What the staff do to a registration, and who of them may."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from conftest import make_user
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from gatherings.tests.admin.pages import LIST, cancel_page, change, late_page, reimbursement_page
from gatherings.tests.conftest import entry, sign_in

State = Registration.State


@pytest.fixture
def told(monkeypatch) -> list[tuple]:
    """What the mails were asked to tell."""
    calls: list[tuple] = []
    monkeypatch.setattr(notices, "registered", lambda rows, **facts: calls.append(("registered", list(rows))))
    monkeypatch.setattr(notices, "cancelled", lambda row, **facts: calls.append(("cancelled", row)))
    monkeypatch.setattr(notices, "passed", lambda passed, **facts: calls.append(("passed", passed.offered)))
    return calls


def test_nothing_is_added_changed_or_deleted_by_hand(staff_client, registration):
    assert staff_client.get(f"{LIST}add/").status_code == 403
    assert staff_client.get(f"{LIST}{registration.pk}/delete/").status_code == 403
    assert staff_client.post(change(registration), {"name": "Ny"}).status_code == 403
    registration.refresh_from_db()
    assert registration.name == "Kari Kontakt"


def test_the_page_of_one_tells_all_of_it(staff_client, registration):
    page = staff_client.get(change(registration)).content.decode()
    for text in [
        "kari.kontakt@example.no",
        "Indre Fosen",
        "Utgiftene til reise og opphold dekkes når",
        "Reisen er ikke",
    ]:
        assert text in page
    assert reimbursement_page(registration) in page
    assert cancel_page(registration) in page
    assert staff_client.get(f"{LIST}{registration.pk}/history/").status_code == 200


# --- Deciding on the expenses


def test_staff_decide_and_go_back_to_the_rule(staff_client, registration, staff):
    answer = staff_client.post(
        reimbursement_page(registration), {"reimbursement": "covered", "reason": "  Syk da fristen gikk ut "}
    )
    assert answer.url == change(registration)
    registration.refresh_from_db()
    assert (registration.reimbursement, registration.reimbursement_reason) == ("covered", "Syk da fristen gikk ut")
    assert registration.reimbursement_decided_by == staff
    assert "Syk da fristen gikk ut" in staff_client.get(change(registration)).content.decode()
    staff_client.post(reimbursement_page(registration), {"reimbursement": "", "reason": "står igjen"})
    registration.refresh_from_db()
    assert (registration.reimbursement, registration.reimbursement_reason, registration.reimbursement_decided_by) == (
        "",
        "",
        None,
    )
    assert registration.history.count() == 3


def test_a_decision_without_a_reason_is_asked_for_one(staff_client, registration):
    answer = staff_client.post(reimbursement_page(registration), {"reimbursement": "not_covered", "reason": " "})
    assert answer.status_code == 422
    assert "Skriv en begrunnelse." in answer.content.decode()
    assert 'value="not_covered"' in answer.content.decode()
    assert answer.context["form"]["reimbursement"].value() == "not_covered"
    registration.refresh_from_db()
    assert registration.reimbursement == ""


def test_too_long_a_reason_is_kept_on_the_page(staff_client, registration):
    answer = staff_client.post(reimbursement_page(registration), {"reimbursement": "covered", "reason": "lang " * 200})
    assert answer.status_code == 422
    assert "lang lang lang" in answer.content.decode()


def test_nothing_to_decide_without_a_place(staff_client, one_of_each):
    waiting = one_of_each["waiting"]
    answer = staff_client.post(reimbursement_page(waiting), {"reimbursement": "covered", "reason": "Syk"}, follow=True)
    assert "ingenting å avgjøre" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.reimbursement == ""


# --- Cancelling


def test_cancelling_asks_first_and_passes_the_place_on(staff_client, gathering, registration, welcomed, contact, told):
    Gathering.objects.update(capacity=1)
    [waiting] = places.register(
        gathering, [entry(2, gathering=gathering)], participation=welcomed, by=contact, now=timezone.now()
    )
    page = staff_client.get(cancel_page(registration))
    assert "Én person står på venteliste" in page.content.decode()
    registration.refresh_from_db()
    assert registration.is_active
    answer = staff_client.post(cancel_page(registration), follow=True)
    assert "Én person på ventelista har fått tilbud om plass." in answer.content.decode()
    registration.refresh_from_db()
    waiting.refresh_from_db()
    assert (registration.state, waiting.state) == (State.CANCELLED, State.OFFERED)
    assert told == [("cancelled", registration), ("passed", [waiting])]


def test_cancelling_twice_tells_once(staff_client, registration, told):
    staff_client.post(cancel_page(registration))
    answer = staff_client.post(cancel_page(registration), follow=True)
    assert "Ingenting er endret" in answer.content.decode()
    assert [what for what, _row in told] == ["cancelled", "passed"]
    assert staff_client.get(cancel_page(registration)).status_code == 302


def test_nothing_is_cancelled_when_the_mail_cannot_be_written(staff_client, registration, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(notices, "passed", fail)
    with pytest.raises(RuntimeError):
        staff_client.post(cancel_page(registration))
    registration.refresh_from_db()
    assert registration.is_active


# --- Registering after the deadline


def answers(gathering, **facts) -> dict:
    return {
        "name": "Sein Deltaker",
        "email": "Sein@example.no",
        "function": "owner",
        "unit": "",
        "days": [gathering.days[0].isoformat()],
        "nights": [],
        "travel": "own_car",
    } | facts


@pytest.fixture
def closed(gathering, today) -> Gathering:
    Gathering.objects.update(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=2))
    gathering.refresh_from_db()
    return gathering


def test_registered_late_from_the_list(staff_client, closed, welcomed, units, staff, told):
    page = staff_client.get(LIST, {"gathering": closed.pk}).content.decode()
    assert late_page(closed) in page
    assert "Indre Fosen" in staff_client.get(late_page(closed)).content.decode()
    form = staff_client.get(late_page(closed, welcomed))
    assert "Statsbygd skole" in form.content.decode()
    answer = staff_client.post(late_page(closed, welcomed), answers(closed, unit=units[2].pk, function="head"))
    made = Registration.objects.get()
    assert answer.url == change(made)
    assert (made.user.email, made.unit, made.registered_by) == ("sein@example.no", units[2], staff)
    assert made.state == State.PLACED
    assert told == [("registered", [made])]
    assert "Utgiftene til reise og opphold dekkes ikke." in staff_client.get(change(made)).content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "facts", [{"email": "ikke en adresse"}, {"days": []}, {"function": ""}, {"unit": "999999"}, {"travel": "tog"}]
)
def test_bad_input_keeps_what_was_typed(staff_client, closed, welcomed, told, facts):
    answer = staff_client.post(late_page(closed, welcomed), answers(closed, **facts))
    assert answer.status_code == 422
    assert 'value="Sein Deltaker"' in answer.content.decode()
    assert not Registration.objects.exists()
    assert told == []


def test_another_municipalitys_unit_is_refused(staff_client, closed, other_participation, units):
    answer = staff_client.post(late_page(closed, other_participation), answers(closed, unit=units[0].pk))
    assert answer.status_code == 422
    assert not Registration.objects.exists()


def test_registered_twice_is_said_and_changes_nothing(staff_client, closed, welcomed, told):
    staff_client.post(late_page(closed, welcomed), answers(closed))
    again = staff_client.post(late_page(closed, welcomed), answers(closed), follow=True)
    assert "Sein Deltaker, Indre Fosen: var påmeldt fra før, har plass" in again.content.decode()
    assert Registration.objects.count() == 1
    assert [what for what, _rows in told].count("registered") == 1 + 1  # the second time about nobody
    assert told[-1] == ("registered", [])


def test_another_name_at_an_address_that_is_taken_is_refused_before_anything_is_stored(staff_client, closed, welcomed):
    staff_client.post(late_page(closed, welcomed), answers(closed))
    other = answers(closed, name="En Annen")
    refused = staff_client.post(late_page(closed, welcomed), other)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Adressen tilhører Sein Deltaker." in page
    assert 'value="En Annen"' in page
    same = staff_client.post(late_page(closed, welcomed), other | {"same_person": "sein@example.no"}, follow=True)
    assert "var påmeldt fra før" in same.content.decode()
    assert Registration.objects.count() == 1


def test_for_one_unit_more_it_is_asked_whether_the_seat_is_to_serve_both(staff_client, closed, welcomed, units):
    staff_client.post(late_page(closed, welcomed), answers(closed, unit=units[0].pk, function="head"))
    again = answers(closed, unit=units[1].pk, function="head")
    refused = staff_client.post(late_page(closed, welcomed), again)
    assert refused.status_code == 422
    assert f"Sein Deltaker er allerede påmeldt for {units[0].name}." in refused.content.decode()
    added = staff_client.post(
        late_page(closed, welcomed), again | {"also": f"sein@example.no e{units[1].pk}"}, follow=True
    )
    assert f"Sein Deltaker kommer nå for {units[0].name} og {units[1].name}" in added.content.decode()
    assert Registration.objects.count() == 1


def test_what_the_gathering_refuses_is_said(staff_client, closed, welcomed):
    Gathering.objects.update(settled="cancelled")
    answer = staff_client.post(late_page(closed, welcomed), answers(closed))
    assert answer.status_code == 422
    assert "Påmeldingen er stengt." in answer.content.decode()


def test_full_means_the_waiting_list(staff_client, closed, welcomed):
    Gathering.objects.update(capacity=1)
    staff_client.post(late_page(closed, welcomed), answers(closed))
    second = answers(closed, email="to@example.no", name="Nummer To")
    answer = staff_client.post(late_page(closed, welcomed), second, follow=True)
    assert "Nummer To, Indre Fosen: står på venteliste som nummer 1" in answer.content.decode()


@pytest.mark.parametrize("query", ["?kommune=", "?kommune=x", "?kommune=999999"])
def test_an_unknown_municipality_is_asked_for_again(staff_client, closed, query):
    assert staff_client.get(late_page(closed) + query).status_code == 422
    assert staff_client.post(late_page(closed) + query, answers(closed)).status_code == 422
    assert not Registration.objects.exists()


# --- Who may


@pytest.mark.any_database
@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
def test_only_staff_see_and_change_registrations_in_the_admin(client, request, registration, gathering, person):
    client.force_login(request.getfixturevalue(person))
    for address in [LIST, change(registration), reimbursement_page(registration), cancel_page(registration)]:
        assert client.get(address).status_code in {302, 403, 404}
        assert client.post(address).status_code in {302, 403, 404}
    registration.refresh_from_db()
    assert registration.is_active


@pytest.fixture
def reader(client, db) -> Client:
    """Staff who may look, and no more."""
    user = make_user("leser@example.no", "Lese R", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_registration"))
    return sign_in(client, user)


def test_staff_who_may_only_look_do_nothing(reader, registration, gathering, welcomed):
    assert reader.get(LIST).status_code == 200
    assert reimbursement_page(registration) not in reader.get(change(registration)).content.decode()
    for address in [reimbursement_page(registration), cancel_page(registration), late_page(gathering, welcomed)]:
        assert reader.get(address).status_code == 403
        assert reader.post(address).status_code == 403


def test_staff_without_any_permission_see_nothing(client, registration):
    sign_in(client, make_user("ny@example.no", "Ny Ansatt", is_staff=True))
    for address in [LIST, f"{LIST}regneark/", f"{LIST}samlinger/"]:
        assert client.get(address).status_code == 403


def test_the_programmes_staff_may(client, registration, settings):
    user = make_user("medarbeider@example.no", "Med Arbeider", is_staff=True)
    user.groups.add(Group.objects.get(name=settings.STAFF_GROUP))
    sign_in(client, user)
    assert (
        client.post(reimbursement_page(registration), {"reimbursement": "covered", "reason": "Syk"}).status_code == 302
    )
    assert LogEntry.objects.filter(user=user).count() == 1
