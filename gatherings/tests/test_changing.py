"""What a change of a gathering does, and that it is known before it is done."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from gatherings import changing, places
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from outbox import plan
from outbox.models import Message
from outbox.plan import Planned
from outbox.posting import post
from participants.mails import texts

pytestmark = pytest.mark.usefixtures("noon")

KINDS = ["moved", "called_off", "reinstated", "passed"]
VALUES = dict.fromkeys(texts.REMINDER.placeholders, "-")


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """The mails that were asked for, by name; each writes one to everybody who is registered."""
    asked: list[str] = []

    def ask(kind):
        def mail(about, *, now):
            asked.append(kind)
            if kind == "passed":
                return
            for row in about.registrations.active():
                key = f"{kind}:{about.calendar_version}:{row.user.email}"
                common = {"language": "nb", "values": VALUES, "why": "-", "now": now}
                post(texts.REMINDER, key=key, to=row.user.email, **common)

        return mail

    for kind in KINDS:
        monkeypatch.setattr(notices, kind, ask(kind))
    return asked


@pytest.fixture
def change(gathering, staff):
    def change(**facts) -> Gathering:
        typed = Gathering.objects.get(pk=gathering.pk)
        for name, value in facts.items():
            setattr(typed, name, value)
        changing.save(typed, by=staff, now=timezone.now())
        return Gathering.objects.get(pk=gathering.pk)

    return change


@pytest.fixture
def foresee(gathering, staff):
    def foresee(**facts) -> changing.GatheringEffects:
        before, after = Gathering.objects.get(pk=gathering.pk), Gathering.objects.get(pk=gathering.pk)
        for name, value in facts.items():
            setattr(after, name, value)
        return changing.effects_of(before, after, by=staff, now=timezone.now())

    return foresee


def later(gathering, days=7) -> dict:
    return {name: getattr(gathering, name) + timedelta(days=days) for name in ("starts_on", "ends_on")}


class TestSave:
    @pytest.mark.parametrize(
        ("facts", "mail"),
        [
            ({"venue": "Et annet hotell"}, ["moved"]),
            ({"address": "En annen gate 1"}, ["moved"]),
            ({"starts_at": time(9)}, ["moved"]),
            ({"settled": "cancelled"}, ["called_off"]),
            ({"settled": "postponed", "venue": "Et annet hotell"}, ["called_off"]),
            ({"settled": "tentative"}, ["called_off"]),
            ({"programme": "Nytt"}, []),
            ({"procedure": "Ny"}, []),
        ],
    )
    def test_the_right_mail_once(self, change, registration, sent, facts, mail):
        change(**facts)
        assert sent == mail

    @pytest.mark.parametrize("settled", ["cancelled", "postponed", "tentative"])
    def test_held_after_all_is_one_mail_even_on_other_days(self, change, gathering, registration, sent, settled):
        change(settled=settled)
        sent.clear()
        change(settled="fixed", **later(gathering))
        assert sent == ["reinstated"]

    def test_a_first_date_tells_nobody(self, change, gathering, sent):
        Gathering.objects.filter(pk=gathering.pk).update(settled="tentative")
        change(settled="fixed")
        assert sent == []

    def test_what_was_postponed_and_then_cancelled_is_told_each_time(self, change, registration, sent):
        change(settled="postponed")
        change(settled="cancelled")
        change(venue="Ingen steder")
        assert sent == ["called_off", "called_off"]

    def test_what_is_over_is_corrected_in_silence(self, change, gathering, registration, sent):
        past = {"starts_on": gathering.starts_on - timedelta(days=90), "ends_on": None, "opens_on": None}
        Gathering.objects.filter(pk=gathering.pk).update(**past, closes_on=None)
        change(venue="Det riktige hotellet")
        change(settled="cancelled")
        assert sent == []

    def test_the_calendar_counts_once_a_save(self, change, gathering, sent):
        assert change(venue="Nytt", starts_at=time(9), **later(gathering)).calendar_version == 1
        assert change(programme="Nytt").calendar_version == 1
        assert change(settled="cancelled").calendar_version == 2

    def test_travel_is_ordered_anew_for_other_days(self, change, gathering, registration, sent, staff, contact, today):
        registration.order_travel(on=today, by=contact)
        change(**later(gathering))
        registration.refresh_from_db()
        newest = registration.history.first()
        assert registration.travel_ordered_on is None
        assert (newest.history_user, newest.prev_record.travel_ordered_on) == (staff, today)

    def test_days_and_nights_come_along(self, change, gathering, registration, sent):
        was = gathering.days[0], gathering.nights[0]
        type(registration).objects.filter(pk=registration.pk).update(days=[was[0].isoformat()])
        change(**later(gathering))
        moved = Gathering.objects.get(pk=gathering.pk)
        registration.refresh_from_db()
        assert (moved.days[0], moved.nights[0]) != was
        assert registration.days == [moved.days[0].isoformat()]
        assert registration.nights == [moved.nights[0].isoformat()]

    def test_a_day_that_falls_away_takes_its_own_with_it(self, change, gathering, registration, sent):
        change(ends_on=gathering.starts_on)
        registration.refresh_from_db()
        assert registration.days == [gathering.starts_on.isoformat()]

    def test_travel_stays_ordered_when_the_days_do(self, change, registration, sent, contact, today):
        registration.order_travel(on=today, by=contact)
        change(venue="Et annet hotell", starts_at=time(9))
        registration.refresh_from_db()
        assert registration.travel_ordered_on == today

    def test_a_raised_limit_passes_places_on(self, change, gathering, welcomed, contact, sent):
        Gathering.objects.filter(pk=gathering.pk).update(capacity=1)
        entries = [entry(number, gathering=gathering) for number in (1, 2, 3)]
        _one, two, three = places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
        change(capacity=2)
        for row in (two, three):
            row.refresh_from_db()
        assert (two.state, three.state) == (Registration.State.OFFERED, Registration.State.WAITING)
        assert sent == ["passed"]

    def test_a_lowered_limit_takes_no_place(self, change, gathering, welcomed, contact, sent):
        entries = [entry(number, gathering=gathering) for number in (1, 2, 3)]
        places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
        change(capacity=1)
        assert gathering.registrations.placed().count() == 3
        assert sent == []

    def test_a_colleagues_change_is_not_overwritten(self, gathering, staff, sent):
        typed = Gathering.objects.get(pk=gathering.pk)
        seen = changing.fingerprint(typed)
        Gathering.objects.filter(pk=gathering.pk).update(venue="Kollegaens hotell")
        typed.venue = "Mitt hotell"
        with pytest.raises(changing.Overtaken):
            changing.save(typed, by=staff, now=timezone.now(), seen=seen)
        gathering.refresh_from_db()
        assert gathering.venue == "Kollegaens hotell"

    def test_who_did_it_is_in_the_history(self, change, gathering, staff, sent):
        change(venue="Et annet hotell")
        assert gathering.history.first().history_user == staff

    def test_the_change_is_not_kept_when_a_mail_fails(self, change, gathering, monkeypatch, registration):
        def fail(_gathering, *, now):
            raise RuntimeError

        monkeypatch.setattr(notices, "moved", fail)
        with pytest.raises(RuntimeError):
            change(venue="Et annet hotell")
        gathering.refresh_from_db()
        assert gathering.venue == "Clarion Hotel & Congress"


class TestEffects:
    def test_nothing_has_happened(self, foresee, gathering, registration, sent, contact, today):
        registration.order_travel(on=today, by=contact)
        before = Gathering.objects.values().get()
        foresee(**later(gathering), venue="Et annet hotell")
        registration.refresh_from_db()
        assert Gathering.objects.values().get() == before
        assert registration.travel_ordered_on == today
        assert not Message.objects.exists()
        assert not gathering.history.filter(venue="Et annet hotell").exists()

    def test_who_loses_what(self, foresee, gathering, registration, sent, contact, today):
        registration.order_travel(on=today, by=contact)
        found = foresee(**later(gathering))
        [one] = found.losing
        assert one.told
        assert one.consequences == ["må bestille reisen på nytt"]
        assert [(row.text, len(row.names)) for row in found.mails.mails] == [("Påminnelse før fristen", 1)]

    def test_who_loses_a_day_of_two(self, foresee, gathering, registration, sent):
        [one] = foresee(ends_on=gathering.starts_on).losing
        assert "mister noen av dagene sine" in one.consequences

    def test_who_is_told_and_loses_nothing(self, foresee, registration, sent):
        found = foresee(venue="Et annet hotell")
        assert found.losing == []
        assert [(one.registration, one.told) for one in found.keeping] == [(registration, True)]

    def test_who_is_no_longer_invited(self, foresee, registration, sent):
        [one] = foresee(audience=["head"]).losing
        assert one.consequences == ["har en funksjon som ikke lenger er invitert, og beholder plassen"]
        assert not one.told

    def test_a_typo_in_the_programme_concerns_nobody(self, foresee, registration, sent):
        assert not foresee(programme="Rettet").concerns_somebody

    def test_nobody_registered_and_nothing_planned_concerns_nobody(self, foresee, gathering, sent):
        assert not foresee(venue="Et annet hotell").concerns_somebody

    def test_the_limit_below_what_is_taken(self, foresee, gathering, welcomed, contact, sent):
        entries = [entry(number, gathering=gathering) for number in (1, 2, 3)]
        places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
        assert foresee(capacity=2).over == 1
        assert foresee(capacity=3).over == 0

    def test_who_is_offered_a_place(self, foresee, gathering, welcomed, contact, sent):
        Gathering.objects.filter(pk=gathering.pk).update(capacity=1)
        entries = [entry(number, gathering=gathering) for number in (1, 2)]
        _one, two = places.register(gathering, entries, participation=welcomed, by=contact, now=timezone.now())
        assert foresee(capacity=None).offered == [two]
        two.refresh_from_db()
        assert two.state == Registration.State.WAITING


@pytest.fixture
def planner(monkeypatch, cohort, contact):
    """Reminders a week and a day before registration closes, with the deadline's date in the key."""

    def planned(start: datetime, end: datetime):
        for gathering in Gathering.objects.filter(settled="fixed", closes_on__isnull=False):
            for days in (7, 1):
                at = timezone.make_aware(datetime.combine(gathering.closes_on - timedelta(days=days), time(8)))
                if start < at <= end:
                    yield Planned(
                        key=f"{gathering.closes_on}:{days}",
                        recipient=User.objects.get(email="kari.kontakt@example.no"),
                        name="Kari Kontakt",
                        language="nb",
                        text=texts.REMINDER,
                        send_at=at,
                        until=at + timedelta(days=1),
                        why="-",
                        values=VALUES,
                        about=gathering,
                        scope=frozenset({f"cohort:{cohort.number}"}),
                    )

    monkeypatch.setattr(plan, "planners", lambda: [planned])
    return planned


@pytest.mark.usefixtures("planner", "sent")
class TestShifts:
    def test_what_moves_by_a_day(self, foresee, gathering):
        found = foresee(closes_on=gathering.closes_on + timedelta(days=2)).mails.shifts
        assert [(shift.after - shift.before).days for shift in found] == [2, 2]
        assert {(shift.text, *shift.names) for shift in found} == {("Påminnelse før fristen", "Kari Kontakt")}

    def test_what_falls_away(self, foresee):
        found = foresee(settled="cancelled").mails.shifts
        assert [shift.after for shift in found] == [None, None]

    def test_what_is_new(self, foresee, gathering):
        Gathering.objects.filter(pk=gathering.pk).update(settled="tentative")
        found = foresee(settled="fixed").mails.shifts
        assert [shift.before for shift in found] == [None, None]

    def test_the_first_one_falls_away_when_the_last_one_moves(self, foresee, gathering, today):
        moved, gone = sorted(
            foresee(closes_on=today + timedelta(days=3)).mails.shifts, key=lambda shift: not shift.after
        )
        assert gone.after is None
        assert gone.before < moved.before
        assert timezone.localdate(moved.after) == today + timedelta(days=2)

    def test_another_cohorts_mails_are_not_in_it(self, foresee, gathering, cohort, settings):
        type(cohort).objects.filter(pk=cohort.pk).update(number=77)
        assert foresee(closes_on=gathering.closes_on + timedelta(days=2)).mails.shifts == []

    def test_what_is_due_already_goes_now_whenever_it_fell_due(self, foresee, gathering, planner, monkeypatch):
        """A rule whose moment is another each time it is asked: both are due, so nothing that staff see has moved."""

        def due(start: datetime, end: datetime):
            a_while_ago = timezone.now() - timedelta(minutes=3)
            for mail in planner(start, end):
                yield replace(mail, send_at=a_while_ago, until=a_while_ago + timedelta(days=1))

        monkeypatch.setattr(plan, "planners", lambda: [due])
        assert foresee(venue="Et annet hotell").mails.shifts == []

    def test_one_that_is_written_already_is_neither_new_nor_gone(self, foresee, gathering, today):
        Gathering.objects.filter(pk=gathering.pk).update(closes_on=today + timedelta(days=1))
        now = timezone.now()
        post(
            texts.REMINDER,
            key=f"{today + timedelta(days=1)}:1",
            to="kari.kontakt@example.no",
            language="nb",
            values=VALUES,
            why="-",
            now=now,
        )
        assert foresee(settled="cancelled").mails.shifts == []
