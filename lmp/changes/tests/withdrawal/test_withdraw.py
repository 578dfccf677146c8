"""A municipality withdraws: in one transaction, told to all, and refused from then on."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from conftest import make_contact, make_user
from gatherings import tasks
from gatherings.models import Registration
from gatherings.registration import several_places
from gatherings.registration.registrar import Place
from guidance.models import GuidanceSession, Measure
from lmp.changes.tests.withdrawal.conftest import REASON, leave, register
from lmp.changes.withdrawal import change
from outbox import plan
from outbox.models import Message
from participants.models import Confirmation, Contact, Participation, Withdrawal

State = Registration.State


def told(text: str) -> set[str]:
    return set(Message.objects.filter(text_name=text).values_list("to", flat=True))


def waiting() -> set[tuple[str, str]]:
    return set(Message.objects.unclaimed(timezone.now()).values_list("text_name", "to"))


def test_the_fact_is_kept_with_its_day_and_reason(busy, staff, today):
    [ended] = leave(busy, by=staff, decided_on=today - timedelta(days=3))

    busy.refresh_from_db()
    kept = busy.withdrawals.get()
    assert (kept.decided_on, kept.reason, kept.withdrawn_by) == (today - timedelta(days=3), REASON, staff)
    assert (busy.withdrawn_at, busy.withdrawn_by) == (kept.withdrawn_at, staff)
    assert (ended.withdrawal, busy.withdrawal) == (kept, kept)
    assert busy.history.first().history_user == staff


def test_all_that_hangs_on_it_ends(busy, gathering, planned, measure, asked, staff):
    [ended] = leave(busy, by=staff)

    assert [row.name for row in ended.gatherings.registrations] == ["Person 1", "Person 2", "Person 3"]
    assert [row.name for row in ended.gatherings.offered] == ["Person 4", "Person 5"]
    assert (ended.guidance.sessions, ended.guidance.measures, ended.round) == ([planned], [measure], asked)
    assert not gathering.registrations.active().filter(participation=busy).exists()
    assert not GuidanceSession.objects.planned().exists()
    assert not Measure.objects.going_on().exists()
    assert not Confirmation.objects.open().exists()


def test_nothing_more_is_planned_for_it(busy, staff):
    now = timezone.now()
    plan.send_due(now)
    people = {"kari.kontakt@example.no", "hanne.styrer@example.no", "vera.veileder@example.no"}
    people |= {f"person.{number}@example.no" for number in (1, 2, 3)}
    assert people & {mail.to for mail in plan.everything(now, now + timedelta(days=400))}
    leave(busy, by=staff)
    found = plan.everything(now, now + timedelta(days=400))
    # What stands in their calendars is taken out of them.
    assert not people & {mail.to for mail in found if mail.text.name != "guidance.called_off"}


def test_everybody_who_works_with_it_is_told_once_what_ended(busy, contact, units, staff):
    make_contact(busy, contact, Contact.Function.HEAD, unit=units[1], by=staff)
    [ended] = leave(busy, by=staff)

    expected = {"kari.kontakt@example.no", "hanne.styrer@example.no", "vera.veileder@example.no"}
    assert told("changes.withdrawn") == expected | {"olav.embete@example.no"}
    assert {user.email for user in ended.told} == told("changes.withdrawn")
    body = Message.objects.get(text_name="changes.withdrawn", to="kari.kontakt@example.no").body
    assert REASON in body
    assert "1. samling: 3 påmeldinger er meldt av" in body
    assert "1 tiltak i enhetene er stoppet" in body
    assert "Veiledere: Vera Veileder" in body
    assert "Person 1" not in body


def test_who_was_never_let_in_is_not_told(participation, contact, officer, staff):
    leave(participation, by=staff)
    assert told("changes.withdrawn") == {"olav.embete@example.no"}


def test_in_nynorsk(busy, contact, staff):
    contact.choose_language("nn")
    leave(busy, by=staff)
    message = Message.objects.get(text_name="changes.withdrawn", to=contact.email)
    assert message.subject == "Indre Fosen har trekt seg frå Læringsmiljøprosjektet"
    assert "er melde av" in message.body


def test_mails_that_wait_about_what_ended_are_not_sent(busy, gathering, contact, staff):
    """Posted, and not yet sent: the places, the invitations, the reminders."""
    gathering.capacity = 3
    gathering.save()
    tasks.pass_on()
    plan.send_due(timezone.now())
    before = waiting()
    assert ("gatherings.offered", "person.3@example.no") in before
    leave(busy, by=staff)

    after = waiting()
    assert ("gatherings.offered", "person.3@example.no") not in after
    assert {text for text, to in after if to == "person.3@example.no"} == {"gatherings.withdrawn"}
    assert {text for text, to in after if to == contact.email} == {"changes.withdrawn"}


def test_an_offer_that_waits_still_goes_to_who_keeps_it_for_another_municipality(busy, other, gathering, staff):
    several_places.add(
        gathering.registrations.with_places().get(name="Person 3"), Place(other, None), by=staff, now=timezone.now()
    )
    gathering.capacity = 3
    gathering.save()
    tasks.pass_on()
    leave(busy, by=staff, now=timezone.now() + timedelta(seconds=1))
    assert ("gatherings.offered", "person.3@example.no") in waiting()
    assert gathering.registrations.get(name="Person 3").state == State.OFFERED


def test_a_reminder_that_waits_still_goes_to_who_answers_for_another_municipality(busy, other, contact, staff):
    make_contact(other, contact, Contact.Function.OWNER, by=staff)
    plan.send_due(timezone.now())
    to_contact = {text for text, to in waiting() if to == contact.email} - {"guidance.session"}
    assert to_contact
    leave(busy, by=staff)
    assert to_contact <= {text for text, to in waiting() if to == contact.email}


def test_several_at_once(busy, other, gathering, staff):
    found = leave(busy, other, by=staff)
    assert {one.withdrawal.participation for one in found} == {busy, other}
    assert not told("gatherings.offered")
    assert not gathering.registrations.active().exists()


def test_twice_is_once(busy, staff):
    leave(busy, by=staff)
    messages = Message.objects.count()
    assert leave(Participation.objects.get(pk=busy.pk), by=staff, reason="Igjen") == []
    assert (Withdrawal.objects.count(), Message.objects.count()) == (1, messages)


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"days": 1}, "future"), ({"reason": "  "}, "reason")],
)
def test_without_a_day_that_has_come_or_a_reason(busy, staff, today, facts, code):
    day = today + timedelta(days=facts.pop("days", 0))
    with pytest.raises(ValidationError) as refused:
        leave(busy, by=staff, decided_on=day, **facts)
    assert refused.value.code == code
    busy.refresh_from_db()
    assert busy.withdrawn_at is None
    assert not told("gatherings.withdrawn")


def test_the_row_and_its_facts_agree(busy, other, staff, today):
    """Withdrawn, back, and withdrawn again: each time is kept, and only the last is not over."""
    for _turn in range(2):
        leave(busy, by=staff)
        busy.come_back(returned_on=today, reason="Nytt vedtak", by=staff, now=timezone.now())
    leave(busy, by=staff)
    for participation in Participation.objects.all():
        open_ones = participation.withdrawals.filter(returned_at__isnull=True)
        assert bool(participation.withdrawn_at) == (open_ones.count() == 1)
        for withdrawal in open_ones:
            facts = (withdrawal.withdrawn_at, withdrawal.withdrawn_by)
            assert facts == (participation.withdrawn_at, participation.withdrawn_by)
    assert busy.withdrawals.count() == 3


def test_a_municipality_is_not_away_twice_at_a_time(busy, staff, today):
    leave(busy, by=staff)
    facts = {"decided_on": today, "reason": "-", "withdrawn_at": timezone.now(), "withdrawn_by": staff}
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.create(participation=busy, **facts)


def test_not_before_the_day_it_last_came_back(busy, staff, today):
    leave(busy, by=staff, decided_on=today - timedelta(days=9))
    busy.come_back(returned_on=today - timedelta(days=2), reason="Nytt vedtak", by=staff, now=timezone.now())
    with pytest.raises(ValidationError) as refused:
        leave(busy, by=staff, decided_on=today - timedelta(days=3))
    assert refused.value.code == "earlier"


def test_its_contacts_read_and_answer_for_nothing(busy, contact, head, staff, today):
    leave(busy, by=staff)
    assert busy in Participation.objects.visible_to(contact)
    assert busy not in Participation.objects.editable_by(contact, today=today)
    assert not busy.units.editable_by(head, today=today).exists()
    assert busy.units.visible_to(head).exists()


def test_a_part_that_fails_leaves_all_as_it_was(busy, gathering, staff, monkeypatch):
    def broken(*_args, **_facts):
        raise RuntimeError

    monkeypatch.setattr(change.mails, "withdrawn", broken)
    with pytest.raises(RuntimeError):
        leave(busy, by=staff)
    busy.refresh_from_db()
    assert busy.withdrawn_at is None
    assert gathering.registrations.active().filter(participation=busy).count() == 3
    assert not told("gatherings.withdrawn")


def test_somebody_elses_line_keeps_its_order(busy, other, gathering, staff):
    register(gathering, other, 6, by=staff)
    leave(busy, by=staff)
    assert [row.name for row in gathering.registrations.waiting()] == ["Person 6"]


def test_the_end_of_a_day(busy, staff, today):
    """Shortly after midnight in Oslo it is still yesterday in UTC."""
    midnight = timezone.make_aware(datetime.combine(today, time(0, 30)))
    [ended] = leave(busy, by=staff, decided_on=today, now=midnight)
    assert ended.withdrawal.decided_on == today


def test_a_person_who_cannot_sign_in_is_not_told(busy, staff):
    gone = make_user("gro.gaatt@example.no", "Gro Gått", is_active=False)
    make_contact(busy, gone, Contact.Function.PPT, by=staff)
    leave(busy, by=staff)
    assert gone.email not in told("changes.withdrawn")


def test_each_is_told_in_their_own_language(busy, officer, supervisor, staff):
    """The municipality is addressed in nynorsk. Its supervisors and the county governor's office are not."""
    busy.municipality.language = "nn"
    busy.municipality.save()

    leave(busy, by=staff)

    mails = Message.objects.filter(text_name="changes.withdrawn")
    languages = dict(mails.values_list("to", "language"))
    assert (languages[officer.email], languages[supervisor.email]) == ("nb", "nb")
    assert {languages[to] for to in languages if to not in {officer.email, supervisor.email}} == {"nn"}
