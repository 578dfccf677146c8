"""Erstatt and Avslutt: seats, groups, drafts and measures go where they are ticked, and both people are told."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from gatherings import following as at_gatherings
from gatherings.models import Gathering, LateRequest, Needs, Registration
from guidance.models import Measure
from guidance.tests.conftest import text_of
from lmp.changes.models import Succession
from lmp.changes.succession import succeeding
from lmp.changes.succession.tests.conftest import sign_up
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Contact, Participation, ProjectGroup, ProjectGroupMember, Unit

NILS = {"name": "Nils Nystyrer", "email": "nils.nystyrer@example.no", "phone": ""}


def address(contact: Contact, name: str = "replace_contact") -> str:
    return reverse(f"changes:{name}", args=[contact.pk])


def typed(contact: Contact, **facts) -> dict:
    """As the form is when nothing but the person is filled in: everything ticked, from today."""
    now = timezone.now()
    held = [each.key for each in succeeding.holdings(contact, now=now)]
    return NILS | {"starts_on": timezone.localdate(now).isoformat(), "chosen": held} | facts


def replace(client, contact: Contact, **facts):
    return client.post(address(contact), typed(contact, **facts) | {"_confirmed": "1"})


def mails(user_or_address) -> list[str]:
    to = getattr(user_or_address, "email", user_or_address)
    return [mail.text_name for mail in Message.objects.filter(to=to).order_by("pk")]


def a_measure(unit: Unit, who: str, *, by: User) -> Measure:
    today, now = timezone.localdate(), timezone.now()
    facts = {"what": "Vennegrupper", "why": "-", "who": who, "starts_on": today, "ends_on": today, "sub_goal": 1}
    return Measure.objects.create(unit=unit, opened_at=now, opened_by=by, updated_at=now, **facts)


def test_the_successor_gets_the_seat_and_both_are_told(client, contact, per, seat):
    """S3: the seat stays a seat, Nils is in the line of nobody, and Per knows."""
    client.force_login(contact)
    response = replace(client, per)
    assert response.url == reverse("participants:contacts", args=[per.participation_id])
    page = client.get(response.url).content.decode()
    assert "Nils Nystyrer har overtatt etter Per Rektor. Begge har fått vite det på e-post." in page
    per.refresh_from_db()
    kept = Registration.objects.get()
    assert (kept.pk, kept.state, kept.user.email) == (seat.pk, "placed", NILS["email"])
    assert mails(per.user) == ["gatherings.swapped_out", "participants.access_ended"]
    assert mails(NILS["email"]) == ["gatherings.swapped_in", "changes.taken_over"]
    methods = {}
    for mail in Message.objects.filter(text_name__startswith="gatherings.swapped"):
        [file] = mail.attachments.all()
        methods[mail.to] = str(icalendar.Calendar.from_ical(bytes(file.content))["method"])
    assert methods == {per.user.email: "CANCEL", NILS["email"]: "REQUEST"}
    assert not Unit.objects.editable_by(per.user).exists()
    assert Unit.objects.editable_by(kept.user).get() == per.unit


def test_the_first_mail_lists_what_waits_in_every_app(client, contact, per, seat, gathering):
    """A12: not "Ingenting akkurat nå" beside a page with tasks."""
    a_measure(per.unit, "Rektor", by=contact)
    client.force_login(contact)
    replace(client, per)
    body = Message.objects.get(text_name="changes.taken_over").body
    assert "Du erstatter Per Rektor" in body
    assert "Sett sammen prosjektgruppa ved Statsbygd skole" in body
    assert "Bestill reise til" in body
    assert "til og med" in body
    assert "1 tiltak ved Statsbygd skole" in body
    assert "Ingenting akkurat nå" not in body


def test_the_old_one_knows_what_is_kept_and_what_to_do(client, contact, per, units, staff):
    make_contact(per.participation, per.user, Contact.Function.HEAD, unit=units[3], by=staff)
    client.force_login(contact)
    replace(client, per)
    body = Message.objects.get(text_name="participants.access_ended").body
    assert "Du er ikke lenger registrert som rektor ved Statsbygd skole" in body
    assert "Nils Nystyrer har erstattet deg. Kari Kontakt har registrert det." in body
    assert "rektor, Testmann minne skole" in body
    assert "Svar på denne e-posten" in body


def test_what_is_not_ticked_stays(client, contact, per, seat, units):
    group = ProjectGroup.objects.create(unit=per.unit, updated_at=timezone.now())
    member = ProjectGroupMember.objects.create(group=group, name="per  rektor", part="leader")
    client.force_login(contact)
    replace(client, per, chosen=[f"participants.member:{member.pk}"])
    member.refresh_from_db()
    assert (member.name, member.part) == ("Nils Nystyrer", "leader")
    assert Registration.objects.get().user == per.user
    assert mails(per.user) == ["participants.access_ended"]
    assert seat.gathering.title in Message.objects.get(text_name="participants.access_ended").body


def test_a_measure_with_their_name_and_a_question_that_waits(client, contact, per, gathering):
    mine, others = (
        a_measure(per.unit, "Per Rektor, rektor", by=contact),
        a_measure(per.unit, "Per Rektorsen", by=contact),
    )
    asked = LateRequest.objects.create(
        gathering=gathering, participation=per.participation, text="-", asked_at=timezone.now(), asked_by=per.user
    )
    client.force_login(contact)
    replace(client, per)
    mine.refresh_from_db()
    others.refresh_from_db()
    asked.refresh_from_db()
    assert (mine.who, others.who) == ("Nils Nystyrer, rektor", "Per Rektorsen")
    assert (asked.asked_by, asked.asker.email) == (per.user, NILS["email"])


def test_a_draft_follows_and_the_new_ones_own_stays(client, contact, own, welcomed, today):
    colleague = make_contact(welcomed, make_user("k@example.no", "Kolle Ga"), Contact.Function.SCHOOL_LEAD, by=contact)
    asked = asking.ask(welcomed, due_on=today + timedelta(days=14), by=contact, now=timezone.now())
    asked.keep_draft(data={"comment": "halvveis"}, base={}, by=colleague.user, now=timezone.now())
    client.force_login(contact)
    replace(client, colleague)
    assert asked.drafts.get().user.email == NILS["email"]
    assert "Bekreft opplysningene for Indre Fosen" in Message.objects.get(text_name="changes.taken_over").body


def test_first_it_shows_what_would_happen(client, contact, per, seat):
    Needs.objects.create(registration=seat, food="HEMMELIG", saved_at=timezone.now())
    client.force_login(contact)
    page = client.get(address(per)).content.decode()
    assert f"{seat.gathering.title}: Påmeldt" in page
    assert "HEMMELIG" not in page
    response = client.post(address(per), typed(per))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Dette skjer når Per Rektor blir erstattet" in page
    assert "Ingenting er lagret ennå." in page
    assert f"{seat.gathering.title}: Påmeldt" in page
    assert "Tilgang er avsluttet" in page
    per.refresh_from_db()
    assert per.ended_at is None
    assert not Succession.objects.exists()
    assert not Message.objects.exists()
    assert not User.objects.filter(email=NILS["email"]).exists()
    back = client.post(address(per), typed(per, name="Nils Æ") | {"_back": "1"})
    assert back.status_code == 200
    assert 'value="Nils Æ"' in back.content.decode()


def test_pressed_twice_it_happens_once(client, contact, per, seat):
    client.force_login(contact)
    data = typed(per) | {"_confirmed": "1"}
    first, second = client.post(address(per), data), client.post(address(per), data)
    assert first.url == second.url
    assert Contact.objects.filter(replaces=per).count() == 1
    assert Message.objects.count() == 4


def test_a_head_hands_over_their_own(client, per, seat):
    client.force_login(per.user)
    assert address(per) in client.get(reverse("changes:leaving")).content.decode()
    assert reverse("changes:leaving") in client.get(reverse("home")).content.decode()
    assert address(per) in client.get(reverse("participants:unit", args=[per.unit_id])).content.decode()
    response = replace(client, per)
    assert response.url == reverse("home")
    assert client.post(address(per), typed(per) | {"_confirmed": "1"}).url == reverse("home")
    assert Unit.objects.editable_by(User.objects.get(email=NILS["email"])).get() == per.unit


def test_a_head_does_not_replace_others_nor_end(client, per, own):
    client.force_login(per.user)
    for name in ("replace_contact", "end_contact"):
        assert client.post(address(own, name), NILS).status_code == 404
    assert client.post(address(per, "end_contact"), {}).status_code == 404


@pytest.mark.parametrize("who", ["other_contact", "former_contact", "officer", "supervisor", "stranger"])
def test_others_do_not_find_it(client, request, per, who):
    client.force_login(request.getfixturevalue(who))
    for name in ("replace_contact", "end_contact"):
        assert client.get(address(per, name)).status_code == 404
        assert client.post(address(per, name), typed(per) | {"_confirmed": "1"}).status_code == 404
    per.refresh_from_db()
    assert per.ended_at is None


def test_replace_oneself(client, contact, own):
    client.force_login(contact)
    response = replace(client, own)
    assert response.url == reverse("home")
    assert client.get(reverse("participants:contacts", args=[own.participation_id])).status_code == 404
    assert Participation.objects.editable_by(User.objects.get(email=NILS["email"])).exists()


def test_the_successor_who_is_there_already_keeps_the_own_seat(client, contact, per, seat, gathering, units, staff):
    Gathering.objects.update(capacity=None)
    nils = make_contact(per.participation, make_user(NILS["email"], NILS["name"]), "head", unit=units[3], by=staff)
    own_seat = sign_up(gathering, nils, by=contact)
    client.force_login(contact)
    page = client.post(address(per), typed(per)).content.decode()
    assert "Dette blir igjen hos Per Rektor" in page
    replace(client, per)
    assert {row.pk: row.user for row in Registration.objects.active()} == {seat.pk: per.user, own_seat.pk: nils.user}


@pytest.mark.any_database
@pytest.mark.parametrize("facts", [{"email": ""}, {"name": ""}, {"starts_on": "2020-01-01"}, {"chosen": ["x:1"]}])
def test_bad_input_keeps_what_was_typed(client, contact, per, seat, facts):
    client.force_login(contact)
    response = client.post(address(per), typed(per, phone="73 00 00 00") | facts | {"_confirmed": "1"})
    assert response.status_code == 422
    assert 'value="73 00 00 00"' in response.content.decode()
    per.refresh_from_db()
    assert per.ended_at is None


def test_before_the_letter_nobody_is_mailed_and_the_page_says_no_more(client, contact, participation, units, staff):
    head = make_contact(participation, make_user("h@example.no", "Hei"), Contact.Function.HEAD, unit=units[0], by=staff)
    client.force_login(contact)
    response = replace(client, head)
    assert not Message.objects.exists()
    page = client.get(response.url).content.decode()
    assert "Nils Nystyrer har overtatt etter Hei." in page
    assert "Begge har fått vite" not in page


def test_ended_is_told_and_keeps_the_rest(client, contact, per, units, staff, seat):
    """A13: Per stays rektor at the other school."""
    make_contact(per.participation, per.user, Contact.Function.HEAD, unit=units[3], by=staff)
    client.force_login(contact)
    page = client.get(address(per, "end_contact")).content.decode()
    assert f"{seat.gathering.title}: Påmeldt" in page
    page = client.post(address(per, "end_contact"), {}).content.decode()
    assert "rektor, Testmann minne skole" in page
    assert not Message.objects.exists()
    done = client.post(address(per, "end_contact"), {"_confirmed": "1"}, follow=True)
    assert "Tilgangen til Per Rektor er avsluttet." in done.content.decode()  # A11
    per.refresh_from_db()
    assert per.ended_by == contact
    body = Message.objects.get(to=per.user.email).body
    assert "rektor, Testmann minne skole" in body
    assert seat.gathering.title in body
    assert "Kari Kontakt har registrert det." in body
    # once more: nothing
    again = client.post(address(per, "end_contact"), {"_confirmed": "1"}, follow=True)
    assert "Tilgangen til Per Rektor er avsluttet." in again.content.decode()
    assert Message.objects.count() == 1


def test_the_last_contact_cannot_be_ended(client, contact, own):
    client.force_login(contact)
    response = client.post(address(own, "end_contact"), {"_confirmed": "1"})
    assert response.status_code == 422
    own.refresh_from_db()
    assert own.ended_at is None


def test_a_unit_without_a_head_is_a_task(client, contact, per):
    """A14."""
    client.force_login(contact)
    client.post(address(per, "end_contact"), {"_confirmed": "1"})
    for unit in Unit.objects.exclude(pk=per.unit_id):
        make_contact(per.participation, make_user(f"{unit.pk}@example.no", "X Y"), "head", unit=unit, by=contact)
    link = reverse("participants:add_contact", args=[per.participation_id]) + f"?enhet={per.unit_id}"
    page = client.get(reverse("home")).content.decode()
    assert "Legg til rektor ved Statsbygd skole" in page
    assert link in page
    page = client.get(reverse("participants:unit", args=[per.unit_id])).content.decode()
    assert "Ingen rektor er registrert." in page
    assert link in page


def test_staff_replace_too(client, staff, per, seat):
    from gatherings.tests.hall import signed_in

    response = replace(signed_in(staff), per)
    assert response.url == reverse("participants:contacts", args=[per.participation_id])
    assert Registration.objects.get().user.email == NILS["email"]


def test_who_is_replaced_in_the_confirmation_is_told_and_the_place_is_asked_about(client, contact, per, seat, now):
    """There nobody is asked what is handed over, so it is a task until somebody has said."""
    successor = per.replace(name=NILS["name"], email=NILS["email"], by=contact, now=now)
    asked = f"Skal en annen ha plassen til Per Rektor på {seat.gathering.title.lower()}?"
    client.force_login(successor.user)
    page = client.get(reverse("home")).content.decode()
    assert asked in page
    assert reverse("changes:swap", args=[seat.pk]) in page
    data = {"name": NILS["name"], "email": NILS["email"], "function": "head", "_confirmed": "1"}
    assert client.post(reverse("changes:swap", args=[seat.pk]), data).status_code == 302
    assert asked not in client.get(reverse("home")).content.decode()


def test_a_place_that_was_left_on_purpose_is_not_asked_about(client, contact, per, seat):
    client.force_login(contact)
    replace(client, per, chosen=[])
    assert "Skal en annen ha plassen" not in client.get(reverse("home")).content.decode()


def test_a_replaced_person_is_no_longer_suggested_but_the_new_one_is(client, contact, per, seat, gathering, now):
    """Per came last time, and so did a teacher."""
    Gathering.objects.update(capacity=None)
    teacher = Contact(
        participation=per.participation,
        unit=per.unit,
        user=make_user("l@example.no", "Lise"),
        name="Lise",
        function="staff",
    )
    sign_up(gathering, teacher, by=contact)
    Gathering.objects.update(starts_on=timezone.localdate(), ends_on=None, closes_on=timezone.localdate())
    coming = Gathering.objects.create(
        cohort=gathering.cohort,
        semester=2,
        starts_on=timezone.localdate() + timedelta(days=90),
        settled="fixed",
        opens_on=timezone.localdate(),
        closes_on=timezone.localdate() + timedelta(days=60),
    )
    client.force_login(contact)
    replace(client, per, chosen=[])
    page = client.get(reverse("gatherings:register", args=[coming.pk])).content.decode()
    assert "nils.nystyrer@example.no" in page
    assert "l@example.no" in page
    assert "per.rektor@example.no" not in page


@pytest.fixture
def nils(welcomed, gathering, contact, seat, units, staff) -> Registration:
    """Nils leads another school, and has a place of his own at the gathering."""
    Gathering.objects.update(capacity=5)
    gathering.refresh_from_db()
    user = make_user(NILS["email"], NILS["name"])
    return sign_up(gathering, make_contact(welcomed, user, "head", unit=units[3], by=staff), by=contact)


def test_a_successor_with_a_seat_keeps_it_and_it_is_said_why_the_old_one_stays(client, contact, per, seat, nils):
    client.force_login(contact)
    page = client.post(address(per), typed(per)).content.decode()
    said = "Nils Nystyrer er påmeldt fra før, og beholder sin egen plass. Per Rektor er fortsatt påmeldt."
    assert said in page
    assert "melder du av Per Rektor, så går plassen til den neste" in page
    replace(client, per)
    assert set(Registration.objects.active().values_list("user__email", flat=True)) == {per.user.email, NILS["email"]}


def test_a_seat_held_as_the_second_of_two_is_listed(client, contact, per, seat, units, staff, now):
    Registration.objects.update(unit=units[3])
    also = seat.also_for.create(participation=per.participation, unit=per.unit, added_at=now, added_by=staff)
    [held] = at_gatherings.holdings(per, now=now)
    assert held.text.endswith("Påmeldt for Testmann minne skole og Statsbygd skole")
    assert "hele plassen går over" in held.note
    assert not held.is_ticked  # the other school may be Per's still
    also.removed_at, also.removed_by = now, staff
    also.save()
    assert at_gatherings.holdings(per, now=now) == []


def test_a_seat_for_two_units_goes_as_one_only_when_it_is_ticked(client, contact, per, seat, units, staff, now):
    seat.also_for.create(participation=per.participation, unit=units[3], added_at=now, added_by=staff)
    client.force_login(contact)
    page = client.get(address(per))
    assert page.context["form"]["chosen"].initial == []
    assert "Dette er én plass, og hele plassen går over" in page.content.decode()
    replace(client, per)
    kept = Registration.objects.with_places().get()
    assert (kept.user.email, kept.represents) == (NILS["email"], "Statsbygd skole og Testmann minne skole")


def test_own_function_is_handed_over_in_the_second_person(client, per, seat, units, staff):
    client.force_login(per.user)
    make_contact(per.participation, per.user, Contact.Function.HEAD, unit=units[3], by=staff)
    form = text_of(client.get(address(per)))
    assert "Hvem overtar etter deg?" in form
    assert "blir igjen hos deg" in form
    shown = text_of(client.post(address(per), typed(per, chosen=[])))
    assert "Dette skjer når en annen overtar etter deg" in shown
    assert "Du: rektor ved Statsbygd skole" in shown
    assert "Dette blir igjen hos deg" in shown
    assert "Dette har du fortsatt" in shown
    for page in (form, shown):
        assert "Erstatt Per Rektor" not in page
        assert "Dette er deg selv" not in page
    done = text_of(client.get(replace(client, per).url))
    assert "Nils Nystyrer har overtatt etter deg. Dere har begge fått en e-post om det." in done


def test_what_is_agreed_ahead_speaks_to_each_of_the_two(client, per, today):
    client.force_login(per.user)
    replace(client, per, starts_on=(today + timedelta(days=3)).isoformat())
    succession = Succession.objects.get()
    assert "Nils Nystyrer overtar etter deg fra og med" in text_of(client.get(reverse("changes:leaving")))
    off = reverse("changes:call_off_succession", args=[succession.pk])
    assert "fortsetter du som før" in text_of(client.get(off))
    client.force_login(succession.successor)
    assert "Du overtar etter Per Rektor fra og med" in text_of(client.get(reverse("home")))
    client.force_login(per.user)
    client.post(off)
    assert "Det er avlyst at Nils Nystyrer overtar etter deg." in text_of(client.get(reverse("home")))


def test_own_access_is_ended_in_the_second_person(client, contact, own, per, seat):
    make_contact(own.participation, per.user, Contact.Function.SCHOOL_LEAD, by=contact)
    client.force_login(contact)
    page = text_of(client.get(address(own, "end_contact")))
    assert "Avslutte tilgangen din?" in page
    shown = text_of(client.post(address(own, "end_contact"), {}))
    assert "Dette skjer når tilgangen din avsluttes" in shown
    assert "Kari Kontakt:" not in shown
    done = client.post(address(own, "end_contact"), {"_confirmed": "1"})
    assert "Tilgangen din er avsluttet." in text_of(client.get(done.url))
