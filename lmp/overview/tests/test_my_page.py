"""My page answers without a click: when do you come, who are you, what did we agree, what must I do."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_supervisor, make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from guidance.models import Supervisor
from guidance.tests.conftest import a_measure, held_session, noon, planned_session
from participants.models import Cohort, Contact, GovernorContact, Participation, ProjectGroup
from parts.dates import day_in_words

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def gathering(cohort) -> Gathering:
    today = timezone.localdate()
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=today + timedelta(days=40),
        ends_on=today + timedelta(days=41),
        venue="Clarion",
        settled="fixed",
        opens_on=today + timedelta(days=3),
        closes_on=today + timedelta(days=20),
    )


def page(client, user) -> str:
    """What it says."""
    client.force_login(user)
    return said(client.get("/"))


def said(answer) -> str:
    text = html.unescape(re.sub("<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"[ \n]+", " ", text).replace(" ,", ",").replace(" .", ".")


def test_a_head_reads_when_the_supervisors_come(client, participation, supervisor, units, head):
    assert "Ingen veiledningsmøter er planlagt" in page(client, head)
    session = planned_session(participation, supervisor, units[:1], days=5)
    text = page(client, head)
    assert f"{day_in_words(session.held_on).capitalize()} kl. 09.00, besøk" in text
    assert session.get_absolute_url() in client.get("/").content.decode()


def test_a_head_reads_where_it_is(client, participation, supervisor, units, head):
    visit = planned_session(participation, supervisor, units[:1], days=5)
    video = planned_session(participation, supervisor, units[:1], days=6)
    type(visit).objects.filter(pk=visit.pk).update(place="Møterom 2, rådhuset")
    type(video).objects.filter(pk=video.pk).update(format="video", video_link="https://video.example.no/m/1")
    assert "Sted: Møterom 2, rådhuset" in page(client, head)
    assert '<a class="ds-link" href="https://video.example.no/m/1">' in client.get("/").content.decode()


def test_a_head_reads_of_the_sessions_of_their_own_unit_alone(client, participation, supervisor, units, head, contact):
    planned_session(participation, supervisor, units[1:2], days=5)
    assert "Ingen veiledningsmøter er planlagt" in page(client, head)
    assert "Ingen veiledningsmøter er planlagt" not in page(client, contact)


def test_a_session_that_is_over_is_not_the_next_one(client, participation, supervisor, units, head):
    planned_session(participation, supervisor, units, days=-1)
    cancelled = planned_session(participation, supervisor, units, days=3)
    cancelled.cancel(by=supervisor, now=timezone.now())
    assert "Ingen veiledningsmøter er planlagt" in page(client, head)
    planned_session(participation, supervisor, units, days=0)
    assert day_in_words(timezone.localdate()).capitalize() in page(client, head)


def test_a_head_reads_what_was_agreed_last(client, participation, supervisor, units, head):
    held_session(participation, supervisor, units[:1], days=-20, agreed="Det eldste.")
    held_session(participation, supervisor, units[:1], days=-2, agreed="")
    last = held_session(participation, supervisor, units[:1], days=-9, agreed="Alle leser planen.")
    held_session(participation, supervisor, units[1:], days=-1, agreed="Angår andre.")
    text = page(client, head)
    assert "Dette ble dere enige om sist" in text
    assert "Alle leser planen." in text
    assert day_in_words(last.held_on).capitalize() in text
    assert "Det eldste." not in text
    assert "Angår andre." not in text


@pytest.mark.parametrize("who", ["officer", "other_contact", "stranger"])
def test_what_was_agreed_is_not_for_others(client, request, participation, supervisor, units, who):
    held_session(participation, supervisor, units, days=-9, agreed="Alle leser planen.")
    assert "Alle leser planen." not in page(client, request.getfixturevalue(who))


def test_who_may_only_know_that_it_was_held_does_not_read_it(client, participation, supervisor, units, head):
    """A head who is with the county governor too sees the session, though not what was agreed in it."""
    governor = participation.municipality.county.governor
    GovernorContact.objects.create(governor=governor, user=head, started_on=timezone.localdate())
    held_session(participation, supervisor, units[1:], days=-9, agreed="Angår andre.")
    assert "Angår andre." not in page(client, head)


def test_a_head_reads_whom_to_ask(client, participation, supervisor, units, head, contact):
    Contact.objects.filter(user=contact).update(phone="912 34 567")
    Supervisor.objects.update(phone="400 00 009")
    text = page(client, head)
    number = "400\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}009"
    assert f"Vera Veileder (leder gruppa), vera.veileder@example.no, {number}" in text
    assert "Kari Kontakt, eier, kari.kontakt@example.no, 912\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}567" in text
    assert 'href="tel:91234567"' in client.get("/").content.decode()


def test_nobody_else_of_the_units_is_shown_to_a_head(client, participation, units, head, staff):
    other = make_user("nils.rektor@example.no", "Nils Rektor")
    make_contact(participation, other, Contact.Function.HEAD, unit=units[2], by=staff)
    assert "Nils Rektor" not in page(client, head)


def test_who_answers_for_the_municipality_has_the_contacts_on_their_own_page(client, participation, contact, staff):
    make_contact(participation, make_user("ola@example.no", "Ola To"), Contact.Function.SCHOOL_LEAD, by=staff)
    assert "Kontaktpersoner i Indre Fosen" not in page(client, contact)


def test_a_gathering_is_shown_with_its_days_before_anybody_is_registered(client, gathering, head):
    text = page(client, head)
    assert f"{day_in_words(gathering.starts_on).capitalize()} – {day_in_words(gathering.ends_on)}, Clarion" in text
    assert f"Påmeldingen åpner {day_in_words(gathering.opens_on)}." in text


def test_a_head_reads_the_letter_once_it_is_sent(client, participation, units, head, staff):
    assert "Velkomstbrevet" not in page(client, head)
    participation.welcome(by=staff, now=timezone.now())
    assert "Velkomstbrevet til Indre Fosen (PDF)" in page(client, head)
    assert reverse("welcome:letter", args=[participation.pk]) in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("days", "begun", "button"),
    [(-3, True, "Ny frist eller ferdig"), (30, True, "Oppdater status"), (30, False, "Si fra når dere er i gang")],
)
def test_a_measure_has_the_one_button_it_needs(client, units, head, days, begun, button):
    measure = a_measure(units[0], head, ends_on=timezone.localdate() + timedelta(days=days))
    if begun:
        measure.report(state="underway", progress="", by=head, now=timezone.now())
    text = page(client, head).replace("Oppdater status, eller gi", "")  # the task that waits beside it
    buttons = ["Ny frist eller ferdig", "Oppdater status", "Si fra når dere er i gang"]
    assert [each for each in buttons if each in text] == [button]
    assert f'href="{measure.get_absolute_url()}#say"' in client.get("/").content.decode()


def test_a_head_sees_at_once_what_a_supervisor_entered_for_them(client, units, supervisor, head):
    """S14: no mail and no task before a week was left."""
    measure = a_measure(units[0], supervisor, who="Styrer", ends_on=timezone.localdate() + timedelta(days=90))
    assert "Si fra når dere er i gang" in page(client, head)
    assert f'href="{measure.get_absolute_url()}#say"' in client.get("/").content.decode()


def test_a_head_corrects_what_is_stored_about_them(client, participation, units, head, contact):
    own = Contact.objects.get(user=head)
    address = reverse("changes:correct_contact", args=[own.pk])
    assert "telefon er ikke oppgitt" in page(client, head)
    assert address in client.get("/").content.decode()
    assert "Si hvem som overtar" in said(client.get(address))
    sent = client.post(address, {"name": "Hanne Styrer", "email": head.email, "phone": "400 00 001"})
    assert (sent.status_code, sent.url) == (302, "/")
    own.refresh_from_db()
    assert (own.phone, own.history.latest().history_user) == ("+47 400 00 001", head)
    others = Contact.objects.get(user=contact)
    assert client.get(reverse("changes:correct_contact", args=[others.pk])).status_code == 404


def test_a_function_that_has_ended_is_not_corrected(client, participation, former_contact):
    client.force_login(former_contact)
    ended = Contact.objects.get(user=former_contact)
    assert client.get(reverse("changes:correct_contact", args=[ended.pk])).status_code == 404


def test_what_is_done_is_listed_with_its_day(client, participation, units, contact, staff):
    assert "Ferdig" not in page(client, contact)
    participation.welcome(by=staff, now=timezone.now())
    informed = timezone.localdate() - timedelta(days=2)
    participation.decide(ppt="", political_on=informed, political_body="Formannskapet", by=contact)
    text = page(client, contact)
    today = day_in_words(timezone.localdate())
    assert f"Ferdig Velkomstbrevet til Indre Fosen er sendt, {today}" in text
    assert f"Politisk nivå i Indre Fosen er informert, {day_in_words(informed)}" in text


def test_a_supervisor_reads_what_comes_next(client, participation, supervisor, units, contact):
    assert "Du har ingen planlagte møter." in page(client, supervisor)
    planned_session(participation, supervisor, units[:2], days=5)
    a_measure(units[0], contact, what="Voksne ute i alle friminutt")
    text = page(client, supervisor)
    assert "kl. 09.00, besøk Indre Fosen, 2 enheter" in text
    assert "Voksne ute i alle friminutt" in text


def test_a_measure_elsewhere_is_not_the_supervisors(client, participation, other_supervisor, units, contact):
    a_measure(units[0], contact, what="Voksne ute i alle friminutt")
    assert "Voksne ute" not in page(client, other_supervisor)


@pytest.fixture
def participant(gathering, participation, contact, staff) -> Registration:
    """Somebody without any function."""
    participation.welcome(by=staff, now=timezone.now())
    Gathering.objects.update(opens_on=timezone.localdate())
    gathering.refresh_from_db()
    [made] = places.register(
        gathering, [entry(gathering=gathering)], participation=participation, by=contact, now=timezone.now()
    )
    return made


@pytest.mark.parametrize("days_ago", [-40, 2, 30, 400])
def test_a_participant_is_not_told_that_they_have_no_municipality(client, gathering, participant, days_ago):
    day = timezone.localdate() - timedelta(days=days_ago)
    Gathering.objects.update(starts_on=day, ends_on=day, opens_on=None, closes_on=None)
    text = page(client, participant.user)
    assert "Du har ingen kommuner" not in text
    assert "1. samling" in text
    assert gathering.get_absolute_url() in client.get("/").content.decode()


def test_a_stranger_is_told_whom_to_write_to(client, stranger):
    assert "Du har ingen kommuner eller enheter her akkurat nå" in page(client, stranger)


def test_two_municipalities_are_told_apart(client, participation, other_participation, units, head, staff):
    make_supervisor(other_participation, make_user("oda@example.no", "Oda To"), leads=True)
    make_contact(other_participation, head, Contact.Function.PPT, by=staff)
    assert "Veiledere i Bergen Oda To" in page(client, head)


def test_a_supervisor_is_not_shown_how_far_a_municipality_has_come(client, participation, supervisor, leader):
    """It is not theirs to follow; who follows it are its contacts and its county's governor."""
    text = page(client, supervisor)
    assert "Kommuner du veileder Indre Fosen, Pulje 9" in text
    assert "Takket ja" not in text
    assert "Kommuner du veileder" not in page(client, leader)


def test_gatherings_without_a_day_are_on_one_line(client, gathering, cohort, head):
    for semester in (2, 3):
        Gathering.objects.create(cohort=cohort, semester=semester)
    assert "Tid og sted er ikke avklart ennå: 2. samling 3. samling" in page(client, head)


def test_a_municipality_in_two_cohorts_is_told_apart(client, participation, supervisor, contact, staff):
    """Of the one that is over nobody guides any more; its letter is still there to read."""
    now = timezone.now()
    cohort = participation.cohort
    old = Cohort.objects.create(
        number=5, first_year=cohort.first_year - 3, starts_on=cohort.starts_on, confirm_by=cohort.confirm_by
    )
    before = Participation.objects.create(
        cohort=old, municipality=participation.municipality, accepted_at=now, accepted_by=staff
    )
    make_contact(before, contact, Contact.Function.OWNER, by=staff)
    make_supervisor(before, make_user("oda@example.no", "Oda Gammel"), leads=True)
    for each in (participation, before):
        each.welcome(by=staff, now=now)
    text = page(client, contact)
    assert "Oda Gammel" not in text
    assert "Veiledere i Indre Fosen, pulje 9" in text
    assert "Velkomstbrevet til Indre Fosen (PDF), pulje 9" in text
    assert "Velkomstbrevet til Indre Fosen (PDF), pulje 5" in text


def test_a_project_group_is_done_once_somebody_leads_it(client, participation, units, head, staff):
    participation.welcome(by=staff, now=timezone.now())
    group = ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())
    assert "Prosjektgruppa ved Fembøringen barnehage er satt sammen" not in page(client, head)
    group.members.create(name="Hanne Styrer", part="leader")
    assert "Prosjektgruppa ved Fembøringen barnehage er satt sammen" in page(client, head)


def test_the_municipalitys_page_has_everybodys_telephone(client, participation, supervisor, contact):
    Supervisor.objects.update(phone="400 00 009")
    Contact.objects.update(phone="912 34 567")
    client.force_login(contact)
    page = client.get(participation.get_absolute_url()).content.decode()
    assert 'href="tel:40000009"' in page
    assert 'href="tel:91234567"' in page
