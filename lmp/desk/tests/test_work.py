"""What waits for staff: each kind comes when it begins to wait, and goes when it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, withdraw
from gatherings.models import Gathering, LateRequest
from guidance.models import Composition, GuidanceSession
from lmp.desk import work
from lmp.desk.models import MessageRead
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Cohort, CorrectionRequest, CountyGovernor, Participation

DAY = timedelta(days=1)


def waiting(*, days: int = 0) -> dict[str, list[str]]:
    """Kind → who, in their order, so many days from now."""
    found = work.waiting(timezone.now() + days * DAY)
    return {each.kind: [item.who for item in each.items] for each in found}


def test_a_round_waits_from_the_day_after_its_deadline(asked):
    assert "frist" not in waiting(days=14)
    assert waiting(days=15)["frist"] == ["Indre Fosen (Trøndelag)"]


def test_what_is_answered_or_withdrawn_is_not_overdue(asked, contact, participation, staff):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert "frist" not in waiting(days=15)


def test_who_has_withdrawn_waits_for_nothing(asked, participation, staff):
    withdraw(participation, by=staff, now=timezone.now())
    assert "frist" not in waiting(days=15)


def test_the_overdue_can_be_reminded_together(asked):
    [overdue] = [each for each in work.waiting(timezone.now() + 15 * DAY) if each.kind == "frist"]
    assert overdue.reminds == [asked.participation_id]


def test_on_the_page_of_a_pulje_only_its_own_are_reminded(asked, staff, contact):
    other = Cohort.objects.create(
        number=10,
        first_year=asked.participation.cohort.first_year,
        starts_on=asked.participation.cohort.starts_on,
        confirm_by=asked.participation.cohort.confirm_by,
    )
    now = timezone.now()
    theirs = Participation.objects.create(
        cohort=other, municipality=asked.participation.municipality, accepted_at=now, accepted_by=staff
    )
    theirs.welcome(by=staff, now=now)
    asking.ask(theirs, due_on=timezone.localdate(now) + 2 * DAY, by=staff, now=now)
    found = work.waiting(now + 15 * DAY)
    for cohort, participation in ((asked.participation.cohort, asked.participation), (other, theirs)):
        [overdue] = [each for each in work.of_cohort(found, cohort) if each.kind == "frist"]
        assert overdue.reminds == [participation.pk]
        assert overdue.url.endswith(f"?status=overdue&pulje={cohort.pk}")


def test_a_list_that_holds_the_others_too_is_not_led_to_from_a_pulje(asked, contact, participation):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    CorrectionRequest.objects.create(
        participation=participation, reason="Feil", asked_at=timezone.now(), asked_by=contact
    )
    [request] = [each for each in work.waiting(timezone.now()) if each.kind == "rettelser"]
    assert request.url
    [narrowed] = work.of_cohort([request], participation.cohort)
    assert narrowed.url == ""


def test_a_message_of_a_pulje_that_is_over_waits_for_nobody(asked, contact):
    asked.answer(snapshot={}, changes=[], comment="Hei", by=contact, now=timezone.now())
    Cohort.objects.update(first_year=2018, starts_on="2018-09-01")
    assert "meldinger" not in waiting()


def test_a_message_waits_until_somebody_has_seen_to_it(asked, contact, staff):
    asked.answer(snapshot={}, changes=[], comment="Vi får ny rektor.", by=contact, now=timezone.now())
    assert waiting()["meldinger"] == ["Indre Fosen (Trøndelag)"]
    MessageRead.mark(asked, by=staff, now=timezone.now())
    assert "meldinger" not in waiting()


def test_an_answer_without_a_message_waits_for_nobody(asked, contact):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert "meldinger" not in waiting()


@pytest.mark.parametrize("done", ["sent again", "another address", "ticked off"])
def test_a_mail_that_did_not_arrive(contact, staff, done):
    now = timezone.now()
    facts = {"to": contact.email, "recipient": contact, "subject": "x", "created_at": now, "next_attempt_at": now}
    message = Message.objects.create(key="a", message_id="a", given_up_at=now, **facts)
    assert waiting()["ikke-framme"] == [contact.email]
    if done == "ticked off":
        message.handle(note="Ringte.", by=staff, now=now)
    elif done == "another address":
        contact.change_email("kari.ny@example.no", by=staff, now=now)
    else:
        Message.objects.create(key="b", message_id="b", resend_of=message, resend_reason="rettet", **facts)
    assert "ikke-framme" not in waiting()


def test_a_question_after_the_deadline(cohort, participation, contact, staff):
    gathering = Gathering.objects.create(cohort=cohort, kind="kick_off")
    now = timezone.now()
    asked = LateRequest.objects.create(
        gathering=gathering, participation=participation, text="Én til", asked_at=now, asked_by=contact
    )
    assert waiting()["etter-fristen"] == ["Indre Fosen (Trøndelag)"]
    LateRequest.objects.filter(pk=asked.pk).update(answered_at=now, answered_by=staff)
    assert "etter-fristen" not in waiting()


def test_who_asks_to_correct_waits_until_a_round_is_open(asked, contact, participation, staff):
    now = timezone.now()
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=now)
    CorrectionRequest.objects.create(participation=participation, reason="Feil", asked_at=now, asked_by=contact)
    assert waiting()["rettelser"] == ["Indre Fosen (Trøndelag)"]
    asking.reopen(asked, due_on=timezone.localdate(now), reason="", by=staff, now=now)
    assert "rettelser" not in waiting()


def test_who_is_nominated_waits_for_a_yes_and_then_for_a_letter(participation, staff):
    participation.accepted_at = participation.accepted_by = None
    participation.save()
    assert waiting()["nominert"] == ["Indre Fosen (Trøndelag)"]
    assert "brev" not in waiting()
    participation.accepted_at, participation.accepted_by = timezone.now(), staff
    participation.save()
    assert "nominert" not in waiting()
    assert waiting()["brev"] == ["Indre Fosen (Trøndelag)"]
    participation.welcome(by=staff, now=timezone.now())
    assert "brev" not in waiting()


def test_staff_see_who_nominated(participation, officer):
    participation.accepted_at = participation.accepted_by = None
    participation.nominated_by = officer
    participation.save()
    [nominated] = [each for each in work.waiting(timezone.now()) if each.kind == "nominert"]
    assert nominated.items[0].text == f"Nominert av {officer.name}"


def test_an_office_that_no_mail_can_be_sent_to(participation, officer):
    office = participation.municipality.county.governor
    CountyGovernor.objects.update(email="")
    assert "statsforvaltere" not in waiting()
    office.contacts.update(ended_on=timezone.localdate())
    assert waiting()["statsforvaltere"] == [office.name]
    CountyGovernor.objects.update(email="post@statsforvalteren.example.no")
    assert "statsforvaltere" not in waiting()


def test_groups_that_are_worked_on(cohort, leader):
    now = timezone.now()
    composition = Composition.objects.open_for(cohort, by=leader, now=now)
    assert waiting()["grupper"] == ["Pulje 9"]
    Composition.objects.filter(pk=composition.pk).update(published_at=now, published_by=leader)
    assert "grupper" not in waiting()


def test_sessions_without_a_log(cohort, participation, supervisor):
    Cohort.objects.update(starts_on=timezone.localdate() - 200 * DAY)
    GuidanceSession.plan(
        group=participation.guidance_group,
        held_on=timezone.localdate() - 30 * DAY,
        starts_at=None,
        format="visit",
        units=[],
        supervisors=[supervisor.supervisor],
        by=supervisor,
        now=timezone.now(),
    )
    assert waiting()["logger"] == ["Indre Fosen (Trøndelag)"]


def test_the_oldest_comes_first(asked, other_participation, staff):
    now = timezone.now()
    other_participation.welcome(by=staff, now=now)
    asking.ask(other_participation, due_on=timezone.localdate(now) + 2 * DAY, by=staff, now=now)
    assert waiting(days=20)["frist"] == ["Bergen (Vestland)", "Indre Fosen (Trøndelag)"]


def test_of_one_cohort(participation):
    later = Cohort.objects.create(
        number=10,
        first_year=participation.cohort.first_year + 1,
        starts_on=participation.cohort.starts_on.replace(year=participation.cohort.first_year + 1),
        confirm_by=participation.cohort.confirm_by,
    )
    found = work.waiting(timezone.now())
    assert [each.kind for each in work.of_cohort(found, participation.cohort)] != []
    assert list(work.of_cohort(found, later)) == []


def test_many_are_shown_few_at_first():
    items = [work.Item(str(number), "/") for number in range(7)]
    shown = work.Work("x", "X", "Se", items)
    assert len(shown.few) == 5
    assert [item.who for item in shown.others] == ["5", "6"]


def test_each_leads_where_it_is_done(as_staff, asked, contact):
    asked.answer(snapshot={}, changes=[], comment="Ny rektor", by=contact, now=timezone.now())
    page = as_staff.get(reverse("admin:index")).content.decode()
    assert reverse("desk:message", args=[asked.pk]) in page


def test_a_group_member_is_no_work(participation):
    make_supervisor(participation, participation.accepted_by)
    assert "logger" not in waiting()
