"""Two that turn out to be one person: what one has is the other's, and nobody is two at a gathering or in a group."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_supervisor, make_user
from gatherings.mails import notices
from gatherings.models import Answered, Attendance, Feed, LateRequest, Needs, Registration
from guidance.models import GroupMember, LogDraft, ProjectLeader, Supervisor
from guidance.tests.conftest import planned_session
from lmp.changes import merging
from lmp.changes.models import Succession
from lmp.changes.people import telling
from lmp.changes.tests.people.conftest import seat
from lmp.changes.tests.people.test_address import entries
from outbox import plan
from outbox.effects import effects
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Contact, GovernorContact


@pytest.fixture
def twice(db) -> User:
    """Hanne, registered once more with another address."""
    return make_user("h.styrer@example.no", "Hanne Styrer")


def merge(kept, gone, *, by):
    return merging.merge(User.objects.get(pk=kept.pk), User.objects.get(pk=gone.pk), by=by, now=timezone.now())


def test_functions_move_and_none_is_double(head, twice, participation, units, staff):
    double = make_contact(participation, twice, Contact.Function.HEAD, unit=units[0], by=staff)
    other = make_contact(participation, twice, Contact.Function.HEAD, unit=units[1], by=staff)
    old = make_contact(participation, twice, Contact.Function.PPT, by=staff)
    old.end(by=staff, now=timezone.now())
    done = merge(head, twice, by=staff)
    assert (done.moved, done.ended) == (["styrer, Leksvik barnehage"], ["styrer, Fembøringen barnehage"])
    assert set(Contact.objects.filter(user=head).values_list("pk", flat=True)) >= {double.pk, other.pk, old.pk}
    double.refresh_from_db()
    assert (double.ended_by, double.history.first().history_user) == (staff, staff)
    assert Contact.objects.current().filter(unit=units[0]).count() == 1


def test_who_did_it_stays_with_the_row_that_goes(head, twice, participation, units, staff):
    made = make_contact(participation, make_user("x@example.no", "X"), Contact.Function.PPT, by=twice)
    merge(head, twice, by=staff)
    made.refresh_from_db()
    assert made.started_by == twice


def test_nobody_signs_in_by_the_row_that_goes(client, head, twice, staff):
    Authenticator.objects.create(user=twice, type=Authenticator.Type.TOTP, data={})
    twice.socialaccount_set.create(provider="idporten", uid="1")
    client.force_login(twice)
    merge(head, twice, by=staff)
    assert client.get("/konto/").status_code == 302
    twice.refresh_from_db()
    assert (twice.is_active, twice.merged_into, twice.merged_by) == (False, head, staff)
    assert (Authenticator.objects.count(), head.socialaccount_set.count()) == (0, 1)
    client.post("/konto/logg-inn/", {"email": twice.email})
    assert Message.objects.latest("pk").to == head.email  # the code goes to the person


def test_both_addresses_are_told(head, twice, staff):
    merge(head, twice, by=staff)
    told = Message.objects.filter(text_name="changes.merged").order_by("pk")
    assert [message.to for message in told] == [twice.email, head.email]
    assert all("h.styrer@example.no" in message.body for message in told)


def test_a_mail_that_waits_for_both_and_a_third_goes_to_the_person_once(head, twice, officer, staff):
    now = timezone.now()
    for first in (twice, head):
        message = Message.objects.create(
            key=first.email,
            message_id=first.email,
            to=first.email,
            recipient=first,
            created_at=now,
            next_attempt_at=now,
        )
        for person in {head, twice, officer} - {first}:
            message.further.create(person=person, to=person.email)
    merge(head, twice, by=staff)
    for message in Message.objects.filter(key__in=[twice.email, head.email]):
        assert sorted(message.addresses) == sorted([head.email, officer.email])
        assert message in Message.objects.to_person(head)


def test_a_place_moves_with_its_turn_and_its_calendar_entry(head, twice, gathering, welcomed, staff):
    place = seat(gathering, welcomed, twice)
    merge(head, twice, by=staff)
    place.refresh_from_db()
    assert (place.user, place.state, place.history.first().history_user) == (head, "placed", staff)
    out, in_ = Message.objects.filter(text_name="gatherings.readdressed").order_by("pk")
    assert [entries(out)[0][:2], entries(in_)[0][:2]] == [
        ("CANCEL", f"mailto:{twice.email}"),
        ("REQUEST", f"mailto:{head.email}"),
    ]


def registered_both(gathering, welcomed, first, second, *, states):
    placed = {"placed": {}, "waiting": {"placed_at": None}}
    return [seat(gathering, welcomed, who, **placed[state]) for who, state in zip((first, second), states, strict=True)]


@pytest.mark.parametrize(
    ("own", "other", "stays"),
    [("placed", "placed", 0), ("waiting", "placed", 1), ("placed", "waiting", 0), ("waiting", "waiting", 0)],
)
def test_the_better_of_two_seats_is_kept(head, twice, gathering, welcomed, staff, own, other, stays):
    rows = registered_both(gathering, welcomed, head, twice, states=(own, other))
    merge(head, twice, by=staff)
    for row in rows:
        row.refresh_from_db()
    assert [row.is_active for row in rows] == [stays == 0, stays == 1]
    assert {row.user for row in rows} == {head}
    assert not Message.objects.filter(text_name="gatherings.cancelled").exists()


def test_the_place_that_is_free_goes_to_the_next(head, twice, gathering, welcomed, staff):
    gathering.capacity = 2
    gathering.save()
    registered_both(gathering, welcomed, head, twice, states=("placed", "placed"))
    next_in_line = seat(gathering, welcomed, make_user("neste@example.no", "Neste"), placed_at=None)
    done = merge(head, twice, by=staff)
    next_in_line.refresh_from_db()
    assert next_in_line.state == "offered"
    assert Message.objects.filter(text_name="gatherings.offered", to="neste@example.no").count() == 1
    assert done.ended == ["1. samling, Indre Fosen (meldes av)"]


def test_what_was_noted_on_the_seat_that_goes(head, twice, gathering, welcomed, staff):
    own, other = registered_both(gathering, welcomed, head, twice, states=("waiting", "placed"))
    today = timezone.localdate()
    Attendance.objects.create(registration=other, day=today, marked_at=timezone.now(), marked_by=staff)
    Needs.objects.create(registration=own, food="nøtter", saved_at=timezone.now())
    Needs.objects.create(registration=other, food="melk", saved_at=timezone.now())
    merge(head, twice, by=staff)
    assert Attendance.objects.get().registration == other
    assert (Needs.objects.get().registration, Needs.objects.get().food) == (other, "nøtter")  # the kept one's own


def test_travel_that_is_ordered_stays_ordered(head, twice, gathering, welcomed, staff):
    own, other = registered_both(gathering, welcomed, head, twice, states=("placed", "placed"))
    other.order_travel(on=timezone.localdate(), by=twice)
    merge(head, twice, by=staff)
    own.refresh_from_db()
    assert own.travel_ordered_on == timezone.localdate()


def test_one_seat_for_all_that_both_came_for(head, twice, gathering, welcomed, units, staff):
    own = seat(gathering, welcomed, head, unit=units[0])
    other = seat(gathering, welcomed, twice, unit=units[1])
    other.also_for.create(participation=welcomed, unit=units[2], added_at=timezone.now(), added_by=staff)
    merge(head, twice, by=staff)
    own = Registration.objects.with_places().get(pk=own.pk)
    assert own.represents == "Fembøringen barnehage, Leksvik barnehage og Statsbygd skole"


def test_the_rest_of_the_gatherings(head, twice, gathering, welcomed, staff):
    now = timezone.now()
    asked = LateRequest.objects.create(
        gathering=gathering, participation=welcomed, text="?", asked_at=now, asked_by=twice
    )
    for person in (head, twice):
        Answered.objects.create(gathering=gathering, user=person)
        Feed.objects.open_for(person, now=now)
    own = Feed.objects.get(user=head).token
    merge(head, twice, by=staff)
    asked.refresh_from_db()
    assert (asked.asker, asked.asked_by) == (head, twice)  # who asked stays as it was written
    assert Answered.objects.get().user == head
    assert Feed.objects.get().token == own


def test_a_feed_and_an_answer_that_only_the_other_has(head, twice, gathering, staff):
    Answered.objects.create(gathering=gathering, user=twice)
    Feed.objects.open_for(twice, now=timezone.now())
    merge(head, twice, by=staff)
    assert (Answered.objects.get().user, Feed.objects.get().user) == (head, head)


def test_drafts_and_offices(contact, participation, officer, units, staff):
    twice = make_user("k.kontakt@example.no", "Kari Kontakt")
    make_contact(participation, twice, Contact.Function.AUTHORITY, by=staff)
    participation.welcome(by=staff, now=timezone.now())
    asked = asking.ask(participation, due_on=timezone.localdate(), by=staff, now=timezone.now())
    asked.keep_draft(data={"comment": "halvveis"}, base={}, by=twice, now=timezone.now())
    GovernorContact.objects.create(
        governor=participation.municipality.county.governor, user=twice, started_on=timezone.localdate()
    )
    merge(contact, twice, by=staff)
    assert asked.drafts.get().user == contact
    assert GovernorContact.objects.current().filter(user=contact).exists()
    merge(officer, contact, by=staff)
    assert GovernorContact.objects.current().count() == 1  # both were with the office


def test_a_supervisor(supervisor, participation, session, staff):
    kept = make_user("vera@example.no", "Vera Veileder")
    Message.objects.update(sent_at=timezone.now())
    merge(kept, supervisor, by=staff)
    assert Supervisor.objects.get().user == kept
    out = Message.objects.get(text_name="guidance.readdressed")
    assert (out.to, entries(out)[0][0]) == ("vera.veileder@example.no", "CANCEL")
    plan.send_due(timezone.now())
    assert Message.objects.filter(text_name="guidance.session", to="vera@example.no").count() == 1


def test_a_session_mail_that_waits_for_one_of_them_goes_once(supervisor, session, staff):
    kept = make_user("vera@example.no", "Vera Veileder")
    merge(kept, supervisor, by=staff)  # the mail about the session has not left yet
    plan.send_due(timezone.now())
    about = Message.objects.alive(timezone.now()).filter(text_name="guidance.session", to=kept.email)
    assert about.count() == 1


def test_a_session_mail_that_waits_for_both_goes_once(head, twice, participation, units, supervisor, staff):
    make_contact(participation, twice, Contact.Function.HEAD, unit=units[1], by=staff)
    participation.welcome(by=staff, now=timezone.now())
    planned_session(participation, supervisor, units[:2], days=1)
    plan.send_due(timezone.now())
    assert Message.objects.filter(text_name="guidance.session", to__in=[head.email, twice.email]).count() == 2
    merge(head, twice, by=staff)
    plan.send_due(timezone.now())
    about = Message.objects.alive(timezone.now()).filter(text_name="guidance.session", recipient=head)
    assert [message.to for message in about] == [head.email]


def test_a_head_s_session_leaves_the_calendar_of_the_address_that_goes(head, twice, session, staff):
    Message.objects.update(sent_at=timezone.now())
    merge(twice, head, by=staff)
    out = Message.objects.get(text_name="guidance.readdressed")
    assert (out.to, entries(out)[0][0]) == (head.email, "CANCEL")


def test_a_mail_that_goes_to_the_kept_one_instead_is_told_as_one(head, twice, participation, units, supervisor, staff):
    participation.welcome(by=staff, now=timezone.now())
    planned_session(participation, supervisor, [units[0]], days=30)
    now = timezone.now()
    _merged, mails = effects(lambda: merging.merge(twice, head, by=staff, now=now), now=now)
    session = [shift for shift in mails.shifts if "veiledningsmøte" in shift.text.lower()]
    # The invitation at once, and the reminder
    assert [(shift.is_handed_over, shift.before == shift.after) for shift in session] == [(True, True)] * 2
    [name] = session[0].names
    assert name == (f"Hanne Styrer (h.styrer@example.no) i stedet for Hanne Styrer ({head.email})")


def test_two_supervisors_in_one_group(supervisor, participation, other_participation, session, staff):
    kept = make_user("vera@example.no", "Vera Veileder")
    own = make_supervisor(participation, kept)
    elsewhere = make_supervisor(other_participation, supervisor)
    LogDraft.objects.create(user=supervisor, group=own.group, data={}, saved_at=timezone.now())
    done = merge(kept, supervisor, by=staff)
    own.refresh_from_db()
    elsewhere.refresh_from_db()
    assert own.leads  # as the one who goes did
    assert elsewhere.supervisor == kept.supervisor
    assert GroupMember.objects.current().filter(group=own.group).count() == 1
    assert list(session.supervisors.all()) == [kept.supervisor]
    assert LogDraft.objects.get().user == kept
    assert "Veiledergruppa i Indre Fosen (Pulje 9)" in done.ended


def test_a_project_leader(leader, staff):
    kept = make_user("pia@example.no", "Pia Prosjektleder")
    merge(kept, leader, by=staff)
    assert ProjectLeader.objects.get().user == kept
    again = make_user("pia2@example.no", "Pia Prosjektleder")
    ProjectLeader.objects.create(user=again, name="Pia", started_on=timezone.localdate() - timedelta(days=9))
    merge(kept, again, by=staff)
    assert list(ProjectLeader.objects.current(today=timezone.localdate())) == [kept.project_leader]


def test_mails_are_the_kept_ones_and_what_waits_goes_there(head, twice, gathering, welcomed, staff):
    place = seat(gathering, welcomed, twice)
    notices.placed(place, now=timezone.now())
    merge(head, twice, by=staff)
    waiting = Message.objects.get(text_name="gatherings.registered")
    assert (waiting.to, waiting.recipient) == (head.email, head)
    assert entries(waiting)[0][:2] == ("REQUEST", f"mailto:{head.email}")


def test_what_did_not_arrive_goes_to_the_kept_one(head, twice, gathering, welcomed, staff):
    notices.placed(seat(gathering, welcomed, twice), now=timezone.now())
    lost = Message.objects.get(text_name="gatherings.registered")
    Message.objects.filter(pk=lost.pk).update(given_up_at=timezone.now(), body=f"Logg inn med {twice.email}.")
    merge(head, twice, by=staff)
    again = lost.resends.get()
    assert (again.to, again.recipient, again.body) == (head.email, head, f"Logg inn med {head.email}.")
    assert entries(again)[0][:2] == ("REQUEST", f"mailto:{head.email}")
    assert not Message.objects.undelivered().exists()


def test_three_become_one(head, twice, staff):
    third = make_user("hs@example.no", "Hanne Styrer")
    merge(twice, third, by=staff)
    merge(head, twice, by=staff)
    assert User.objects.with_email("hs@example.no") == head
    assert User.objects.for_email("h.styrer@example.no") == head


def agreed(contact, successor, *, by) -> Succession:
    return Succession.objects.create(
        contact=contact,
        successor=successor,
        name=successor.name,
        starts_on=timezone.localdate() + timedelta(days=9),
        agreed_at=timezone.now(),
        agreed_by=by,
    )


def test_who_is_to_take_over_is_the_kept_one(head, twice, contact, staff):
    coming = agreed(contact.contacts.get(), twice, by=staff)
    merge(head, twice, by=staff)
    coming.refresh_from_db()
    assert (coming.successor, coming.called_off_at) == (head, None)


def test_nobody_takes_over_from_themselves(head, twice, own, staff):
    coming = agreed(own, twice, by=staff)
    done = merge(head, twice, by=staff)
    coming.refresh_from_db()
    assert coming.called_off_by == staff
    assert any(line.startswith("Avtalt bytte") for line in done.ended)


def test_nobody_takes_over_a_function_that_has_ended(head, twice, participation, units, contact, staff):
    double = make_contact(participation, twice, Contact.Function.HEAD, unit=units[0], by=staff)
    coming = agreed(double, contact, by=staff)
    merge(head, twice, by=staff)
    coming.refresh_from_db()
    assert coming.called_off_by == staff


# Each says whose a row is. Those that a merge moves or ends, and those that stay as they were written.
FOLLOWED = {
    "changes.Succession.staff",
    "changes.Succession.successor",
    "colleagues.Resignation.person",
    "colleagues.Resignation.heir",
    "gatherings.Registration.user",
    "gatherings.Answered.user",
    "gatherings.Feed.user",
    "gatherings.LateRequest.answered_to",
    "guidance.Supervisor.user",
    "guidance.ProjectLeader.user",
    "guidance.LogDraft.user",
    "guidance.PulseAnswered.user",
    "sharing.Reading.person",
    "participants.GovernorContact.user",
    "participants.Draft.user",
    "participants.Contact.user",
    "accounts.User.merged_into",
    "outbox.FurtherRecipient.person",
    "outbox.Message.recipient",
    "mfa.Authenticator.user",
    "socialaccount.SocialAccount.user",
    "seeing.Viewing.person",
}
STAYS = {
    "gatherings.Swap.before",
    "gatherings.Swap.after",
    "accounts.AddressChange.user",
    "participants.CohortUpload.user",  # for an hour, of the one who uploaded it
    "admin.LogEntry.user",
    "account.EmailAddress.user",  # not used here
    "writing.Recipient.person",  # was chosen as this one; the mail goes to who they are now
}


def test_every_relation_to_a_person_is_thought_of():
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            is_history = model.__name__.startswith("Historical")
            if field.related_model is User and not is_history and not field.name.endswith("_by"):
                found.add(f"{model._meta.label}.{field.name}")
    assert found == FOLLOWED | STAYS


class TestRefused:
    def refused(self, kept, gone, *, by) -> str:
        with pytest.raises(ValidationError) as error:
            merge(kept, gone, by=by)
        gone.refresh_from_db()
        return error.value.messages[0]

    def test_with_oneself(self, head, staff):
        assert "samme person" in self.refused(head, head, by=staff)

    def test_twice_and_in_a_circle(self, head, twice, contact, staff):
        merge(head, twice, by=staff)
        assert "er slått sammen med" in self.refused(contact, twice, by=staff)
        assert "er slått sammen med" in self.refused(twice, head, by=staff)
        head.refresh_from_db()
        assert head.is_active

    def test_into_somebody_who_may_not_sign_in(self, head, twice, staff):
        User.objects.filter(pk=twice.pk).update(is_active=False)
        assert "sperret" in self.refused(twice, head, by=staff)

    def test_the_one_that_is_used_now(self, head, staff):
        assert "Du bruker" in self.refused(head, staff, by=staff)

    def test_rights_are_for_a_superuser(self, head, staff):
        plain = make_user("ansatt@example.no", "Ansatt", is_staff=True)
        assert "Be en superbruker" in self.refused(head, make_user("a2@example.no", "A", is_staff=True), by=plain)
        assert "Be en superbruker" in self.refused(make_user("a3@example.no", "A", is_staff=True), staff, by=plain)

    def test_rights_do_not_move(self, head, staff):
        employed = make_user("ansatt@example.no", "Ansatt", is_staff=True)
        merge(head, employed, by=staff)
        head.refresh_from_db()
        employed.refresh_from_db()
        assert (head.is_staff, employed.is_staff) == (False, False)


def test_nothing_is_left_at_the_row_that_goes(head, twice, gathering, welcomed, staff):
    seat(gathering, welcomed, twice)
    merge(head, twice, by=staff)
    assert not Registration.objects.filter(user=twice).exists()
    assert not Contact.objects.filter(user=twice).exists()


def test_two_names_are_pointed_out_before_it_cannot_be_undone(head, contact, staff):
    now = timezone.now()
    (merged, _mails) = effects(lambda: merging.merge(head, contact, by=staff, now=now), now=now)
    heading, lines = telling.of(merged)[0]
    assert heading == "Disse to blir én"
    assert lines[:2] == [f"{head.name}, {head.email}", f"{contact.name}, {contact.email}"]
    assert "Navnene er ulike" in lines[2]


def test_the_same_name_is_not_pointed_out(head, twice, staff):
    User.objects.filter(pk=twice.pk).update(name=f" {head.name.upper()} ")
    twice.refresh_from_db()
    now = timezone.now()
    (merged, _mails) = effects(lambda: merging.merge(head, twice, by=staff, now=now), now=now)
    assert len(telling.of(merged)[0][1]) == 2
