"""The mails that ask for registrations: to whom, when, until when, and what they say."""

from datetime import date

import pytest
import time_machine

from conftest import make_contact, make_user, withdraw
from gatherings import places
from gatherings.models import Gathering
from gatherings.tests.mails.planned.conftest import (
    ASKED,
    alter,
    at,
    mails,
    register,
    when,
)
from outbox.models import Message
from participants.models import Contact, Unit

Function = Contact.Function


class TestInvitation:
    def test_when_registration_opens_to_those_who_answer_for_somebody(self, gathering, welcomed, contact, head):
        assert when("invitation") == [("hanne.styrer", "10-05 08:00+0200"), ("kari.kontakt", "10-05 08:00+0200")]
        head_mail, contact_mail = mails("invitation")
        assert head_mail.values["svarer_for"] == ["Fembøringen barnehage"]
        assert contact_mail.values["svarer_for"] == ["Indre Fosen"]
        assert contact_mail.values["frist"] == "mandag 2. november 2026"
        assert contact_mail.values["for_hvem"] == "alle i prosjektet"
        assert contact_mail.until == at(11, 3, 0)
        assert contact_mail.scope == {"cohort:9", f"participation:{welcomed.pk}"}

    def test_who_is_not_asked(self, gathering, welcomed, contact, head, former_contact, other_contact, staff):
        make_contact(welcomed, make_user("ppt@example.no", "Per P."), Function.PPT, by=staff)
        idle = make_user("borte@example.no", "Borte", is_active=False)
        make_contact(welcomed, idle, Function.AUTHORITY, by=staff)
        assert {mail.to for mail in mails("invitation")} == {contact.email, head.email}

    def test_the_head_of_a_closed_unit_is_not(self, gathering, welcomed, contact, head, units):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 9, 1))
        assert [to for to, _when in when("invitation")] == ["kari.kontakt"]

    def test_the_day_it_is_sent_decides_whether_the_unit_is_active(self, gathering, welcomed, contact, head, units):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 6))
        assert [to for to, _when in when("invitation")] == ["hanne.styrer", "kari.kontakt"]
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 5))
        assert [to for to, _when in when("invitation")] == ["kari.kontakt"]

    def test_an_invitation_that_was_missed_does_not_go_when_the_unit_has_closed(
        self, gathering, welcomed, head, units, send
    ):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 6))
        assert send(at(10, 7), "invitation") == []

    def test_a_gathering_for_owners_does_not_concern_heads(self, gathering, welcomed, contact, head):
        alter(gathering, audience=["owner", "authority"])
        assert [mail.to for mail in mails("invitation")] == [contact.email]
        assert mails("invitation")[0].values["for_hvem"] == "eier og barnehagemyndighet"

    def test_who_has_registered_everybody_is_not_invited_anew(self, gathering, welcomed, contact, head, units, send):
        assert send(at(10, 6), "invitation") == ["hanne.styrer", "kari.kontakt"]
        register(gathering, welcomed, head, 1, function=Function.HEAD, unit=units[0])
        alter(gathering, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
        assert send(at(10, 7), "invitation") == ["kari.kontakt"], "for the new date, and three units have nobody"
        bodies = Message.objects.filter(to=contact.email, text_name="gatherings.invitation").order_by("pk")
        assert ["har fått ny dato" in message.body for message in bodies] == [False, True]

    def test_one_a_person_and_gathering(self, gathering, welcomed, contact, head, units, staff):
        make_contact(welcomed, contact, Function.AUTHORITY, by=staff)
        make_contact(welcomed, head, Function.HEAD, unit=units[1], by=staff)
        assert len(mails("invitation")) == 2
        names = ["Fembøringen barnehage", "Leksvik barnehage"]
        assert next(mail for mail in mails("invitation") if mail.to == head.email).values["svarer_for"] == names

    def test_opened_late_or_welcomed_late_is_still_invited_until_it_closes(
        self, gathering, participation, contact, staff, send
    ):
        alter(gathering, settled="tentative")
        assert send(at(10, 6)) == []
        alter(gathering, settled="fixed")
        assert send(at(10, 6, 12)) == [], "not welcomed yet"
        participation.welcome(by=staff, now=at(10, 20, 13))
        assert when("invitation") == [("kari.kontakt", "10-20 13:00+0200")]
        assert send(at(11, 2, 23), "invitation") == ["kari.kontakt"]
        assert send(at(11, 2, 23, 30)) == []

    def test_not_after_it_has_closed(self, gathering, welcomed, contact, send):
        assert send(at(11, 3, 0)) == []

    def test_once_for_a_date_and_anew_for_a_new_one(self, gathering, welcomed, contact, send):
        assert send(at(10, 6)) == ["kari.kontakt"]
        alter(gathering, opens_on=date(2026, 10, 7), venue="Molde")
        assert send(at(10, 8)) == []
        alter(gathering, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
        assert send(at(10, 9), "invitation") == ["kari.kontakt"]

    @pytest.mark.parametrize("settled", ["tentative", "postponed", "cancelled"])
    def test_only_when_it_is_settled(self, gathering, welcomed, contact, head, settled):
        alter(gathering, settled=settled)
        assert mails() == []


class TestReminder:
    def test_twice_before_the_deadline_on_working_days(self, gathering, welcomed, contact, head):
        assert when("reminder") == [
            ("hanne.styrer", "10-26 08:00+0100"),
            ("kari.kontakt", "10-26 08:00+0100"),
            ("hanne.styrer", "10-30 08:00+0100"),
            ("kari.kontakt", "10-30 08:00+0100"),
        ]
        first = mails("reminder")[0]
        assert first.until == at(10, 30)
        assert mails("reminder")[-1].until == at(11, 3, 0)
        assert first.values["mangler"] == [
            "Fembøringen barnehage: 1. samling, frist til og med mandag 2. november 2026"
        ]
        assert [line.partition(":")[0] for line in mails("reminder")[1].values["mangler"]] == [
            "Indre Fosen",
            "Fembøringen barnehage",
            "Leksvik barnehage",
            "Statsbygd skole",
            "Testmann minne skole",
        ]

    def test_who_has_registered_what_they_answer_for_is_not_reminded(self, gathering, welcomed, contact, head, units):
        with time_machine.travel(at(10, 6), tick=False):
            register(gathering, welcomed, head, 1, unit=units[0], function=Function.HEAD)
        assert {to for to, _when in when("reminder")} == {"kari.kontakt"}
        with time_machine.travel(at(10, 7), tick=False):
            for number, unit in enumerate(units[1:], start=2):
                register(gathering, welcomed, contact, number, unit=unit, function=Function.HEAD)
            register(gathering, welcomed, contact, 9)
        assert mails("reminder") == []

    def test_a_unit_is_asked_for_until_it_closes(self, gathering, welcomed, contact, units):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 10, 30))
        first, second = (mail.values["mangler"] for mail in mails("reminder"))
        assert any(line.startswith("Fembøringen barnehage") for line in first)
        assert not any(line.startswith("Fembøringen barnehage") for line in second)

    def test_who_cancels_is_missing_again(self, gathering, welcomed, contact, head, units):
        with time_machine.travel(at(10, 6), tick=False):
            [row] = register(gathering, welcomed, head, 1, unit=units[0], function=Function.HEAD)
            places.cancel(row, by=head, now=at(10, 7))
        assert "hanne.styrer" in {to for to, _when in when("reminder")}

    def test_who_waits_has_registered(self, gathering, welcomed, contact, head, units):
        alter(gathering, capacity=1)
        with time_machine.travel(at(10, 6), tick=False):
            register(gathering, welcomed, contact, 1, 2)
            register(gathering, welcomed, head, 3, unit=units[0], function=Function.HEAD)
        assert {to for to, _when in when("reminder")} == {"kari.kontakt"}

    def test_a_gathering_for_heads_lacks_no_municipality_and_one_for_owners_no_unit(self, gathering, welcomed, contact):
        alter(gathering, audience=["head"])
        assert "Indre Fosen" not in " ".join(mails("reminder")[0].values["mangler"])
        alter(gathering, audience=["owner"])
        [line] = mails("reminder")[0].values["mangler"]
        assert line.startswith("Indre Fosen:")

    def test_never_within_a_day_of_the_invitation(self, gathering, welcomed, contact):
        alter(gathering, opens_on=date(2026, 10, 26))
        assert when("reminder") == [("kari.kontakt", "10-30 08:00+0100")]
        alter(gathering, opens_on=date(2026, 10, 30))
        assert when("reminder") == []

    def test_settled_late_counts_as_invited_then(self, gathering, welcomed, contact, clock, send):
        alter(gathering, settled="tentative")
        Gathering.history.all().delete()
        clock.move_to(at(10, 26, 7))
        alter(gathering, settled="fixed")
        assert send(at(10, 26, 9)) == ["kari.kontakt"], "the invitation alone"
        assert when("reminder") == [("kari.kontakt", "10-30 08:00+0100")]

    def test_one_mail_for_two_gatherings_and_neither_silences_the_other(
        self, gathering, cohort, welcomed, contact, head, send
    ):
        kick_off = Gathering.objects.create(
            cohort=cohort,
            kind="kick_off",
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 12),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),  # two days before: Monday 26 October
        )
        send(at(10, 25))
        assert send(at(10, 26), "reminder") == ["hanne.styrer", "kari.kontakt"]
        message = Message.objects.get(to=contact.email, text_name="gatherings.reminder", key__contains="2026-10-26")
        assert "Indre Fosen: oppstartssamlingen, frist til og med onsdag 28. oktober 2026" in message.body
        assert "Leksvik barnehage: 1. samling, frist til og med mandag 2. november 2026" in message.body
        assert "onsdag 28. oktober" in message.subject

        # What has been named goes no second time when the rest changes; what joins is named.
        register(kick_off, welcomed, contact, 1)
        assert send(at(10, 26, 9)) == []
        third = Gathering.objects.create(
            cohort=cohort,
            semester=2,
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 13),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),
        )
        Gathering.history.filter(id=third.pk).update(history_date=ASKED)
        assert send(at(10, 26, 10), "reminder") == ["kari.kontakt"]
        last = Message.objects.filter(text_name="gatherings.reminder").latest("pk")
        assert "2. samling" in last.body
        assert "1. samling" not in last.body
        assert send(at(10, 26, 11)) == []

    def test_a_deadline_that_passed_while_nothing_ran_takes_no_other_with_it(
        self, gathering, cohort, welcomed, contact, send
    ):
        Gathering.objects.create(
            cohort=cohort,
            kind="kick_off",
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 12),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),
        )
        send(at(10, 25))
        assert send(at(10, 29, 12), "reminder") == ["kari.kontakt"]
        body = Message.objects.filter(text_name="gatherings.reminder").latest("pk").body
        assert "1. samling" in body
        assert "Oppstartssamling" not in body

    def test_the_plan_shows_one_mail_and_goes_on_showing_it_when_it_has_gone(self, gathering, welcomed, contact, send):
        [planned] = mails("reminder", end=at(10, 26))
        send(at(10, 26))
        [shown] = mails("reminder", start=at(10, 26, 0), end=at(12, 31))[:1]
        assert shown.key == planned.key == Message.objects.get(text_name="gatherings.reminder").key

    def test_a_moved_deadline_reminds_before_the_new_one(self, gathering, welcomed, contact, send):
        send(at(10, 6))
        assert send(at(10, 26)) == ["kari.kontakt"]
        alter(gathering, closes_on=date(2026, 11, 9))
        assert send(at(10, 27)) == []
        assert send(at(11, 2)) == ["kari.kontakt"]


def test_in_the_persons_language_else_the_municipalitys(gathering, welcomed, contact, staff):
    welcomed.cohort.neutral_language = "nn"
    welcomed.cohort.save()
    make_contact(welcomed, make_user("b@example.no", "Bo", language="nb"), Function.SCHOOL_LEAD, by=staff)
    assert {mail.to: mail.language for mail in mails("invitation")} == {contact.email: "nn", "b@example.no": "nb"}
    frists = {mail.to: mail.values["frist"] for mail in mails("invitation")}
    assert frists == {contact.email: "måndag 2. november 2026", "b@example.no": "mandag 2. november 2026"}


def test_a_municipality_that_withdrew_is_asked_for_nothing(gathering, welcomed, contact, staff):
    withdraw(welcomed, by=staff, now=ASKED)
    assert mails() == []
