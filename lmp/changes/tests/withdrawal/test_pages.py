"""Staff's two pages: what happens is shown first, saved once, and said as it was stored."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user
from gatherings.models import Registration
from gatherings.tests.conftest import sign_in
from guidance import withdrawal as in_guidance
from guidance.models import Capacity, GroupMember
from lmp.changes.tests.withdrawal.conftest import REASON, leave
from outbox.models import Message
from participants.models import Cohort, Participation, Withdrawal

CONFIRM = {"_confirmed": "1"}


def withdraw_page(*participations) -> str:
    return reverse("changes:withdraw", query={"kommune": [participation.pk for participation in participations]})


def return_page(participation) -> str:
    return reverse("changes:come_back", args=[participation.pk])


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&nbsp;", " ").split())


@pytest.fixture
def facts(today) -> dict[str, str]:
    return {"day": today.isoformat(), "reason": REASON}


@pytest.fixture
def away(busy, staff) -> Participation:
    leave(busy, by=staff)
    return busy


class TestWithdraw:
    def test_first_it_is_shown_with_names_and_nothing_is_done(self, staff_client, busy, facts):
        before = Message.objects.count()
        page = text_of(staff_client.post(withdraw_page(busy), facts))

        for said in (
            "Ingenting er lagret ennå.",
            "Person 1, Indre Fosen, 1. samling: har plass, 1 natt på hotell",
            "Person 3, Indre Fosen, 1. samling: står på venteliste",
            "Person 4, Bergen, 1. samling",
            "Fembøringen barnehage: Felles rutine for uteområdet",
            "Veiledere som får plass til en annen kommune Vera Veileder",
            "Meldt av fordi kommunen har trukket seg",
            "Kommunen har trukket seg",
            "Faller bort",
        ):
            assert said in page
        busy.refresh_from_db()
        assert busy.withdrawn_at is None
        assert (Message.objects.count(), Withdrawal.objects.count()) == (before, 0)

    def test_then_it_is_done_and_the_receipt_is_what_was_stored(self, staff_client, busy, facts):
        answer = staff_client.post(withdraw_page(busy), facts | CONFIRM, follow=True)
        assert answer.redirect_chain[-1][0] == busy.get_absolute_url()
        signed_off = Registration.objects.filter(withdrawal__isnull=False).count()
        told = Message.objects.filter(text_name="changes.withdrawn").count()
        assert (signed_off, told) == (3, 4)
        said = text_of(answer)
        assert "Det er registrert at Indre Fosen har trukket seg. 3 påmeldinger er meldt av." in said
        assert "4 personer har fått e-post om det." in said

    def test_pressed_twice(self, staff_client, busy, facts):
        staff_client.post(withdraw_page(busy), facts | CONFIRM)
        answer = staff_client.post(withdraw_page(busy), facts | CONFIRM, follow=True)
        assert "Indre Fosen har allerede trukket seg. Ingenting er endret." in text_of(answer)
        assert Withdrawal.objects.count() == 1

    def test_back_keeps_what_was_typed(self, staff_client, busy, facts):
        page = staff_client.post(withdraw_page(busy), facts | {"_back": "1"}).content.decode()
        assert f'value="{REASON}"' in page
        assert f'value="{facts["day"]}"' in page

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"day": ""}, "Svar på «"),
            ({"day": "2999-01-01"}, "Datoen må være i dag eller tidligere."),
            ({"day": "0202-08-01"}, "Datoen er før prosjektet begynte."),
            ({"reason": ""}, "Fyll ut «"),
            ({"reason": "x" * 301}, "300"),
        ],
    )
    @pytest.mark.parametrize("confirmed", [{}, CONFIRM])
    def test_bad_input_loses_nothing(self, staff_client, busy, facts, wrong, said, confirmed):
        answer = staff_client.post(withdraw_page(busy), facts | wrong | confirmed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        kept = {**facts, **wrong}
        assert all(
            not value or len(value) > 300 or f'value="{value}"' in answer.content.decode() for value in kept.values()
        )
        assert not Withdrawal.objects.exists()

    def test_a_day_before_it_last_came_back_is_said_on_the_form(self, staff_client, busy, staff, facts, today):
        leave(busy, by=staff, decided_on=today - timedelta(days=9))
        busy.come_back(returned_on=today, reason="Nytt vedtak", by=staff, now=timezone.now())
        earlier = facts | {"day": (today - timedelta(days=1)).isoformat()}
        answer = staff_client.post(withdraw_page(busy), earlier)
        assert answer.status_code == 422
        assert "Kommunen kom med igjen etter denne datoen." in text_of(answer)

    def test_several_at_once_each_under_its_name(self, staff_client, busy, other, facts):
        page = text_of(staff_client.post(withdraw_page(busy, other), facts))
        assert "Indre Fosen: Meldes av samlinger" in page
        assert "Bergen: Meldes av samlinger" in page
        assert "Får tilbud om plassene" not in page
        staff_client.post(withdraw_page(busy, other), facts | CONFIRM)
        assert Withdrawal.objects.count() == 2

    def test_one_of_them_has_withdrawn_already(self, staff_client, away, other, facts):
        page = text_of(staff_client.get(withdraw_page(away, other)))
        assert "Indre Fosen (Pulje 9): har allerede trukket seg, og endres ikke" in page
        staff_client.post(withdraw_page(away, other), facts | CONFIRM)
        assert away.withdrawals.count() == 1

    def test_none_chosen(self, staff_client):
        answer = staff_client.get(reverse("changes:withdraw"), follow=True)
        assert "Velg minst én kommune." in text_of(answer)

    def test_a_colleague_without_the_right(self, client, busy, db):
        colleague = make_user("ny.kollega@example.no", "Ny Kollega", is_staff=True)
        assert sign_in(client, colleague).get(withdraw_page(busy)).status_code == 403

    def test_from_the_list_in_the_administration(self, staff_client, busy, other):
        rows = [busy.pk, other.pk]
        answer = staff_client.post(
            "/admin/participants/participation/", {"action": "withdraw", "_selected_action": rows}
        )
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("changes:withdraw"))
        assert all(f"kommune={key}" in answer.url for key in rows)


class TestComeBack:
    def sent(self, away, facts, **more) -> dict:
        members = [str(member.pk) for member in in_guidance.members_of(away)]
        return facts | {"due_on": (timezone.localdate() + timedelta(days=20)).isoformat(), "stay": members} | more

    def test_the_page_says_why_it_withdrew_and_asks_only_what_is_to_decide(self, staff_client, away):
        page = text_of(staff_client.get(return_page(away)))
        assert REASON in page
        assert "Ny frist for å bekrefte" in page
        assert "Vera Veileder: er ikke lenger satt opp i pulja" in page
        assert "Person 1, Indre Fosen, 1. samling" in page
        assert "Fembøringen barnehage: Felles rutine for uteområdet" in page

    def test_nothing_to_decide(self, staff_client, participation, staff):
        leave(participation, by=staff)
        page = staff_client.get(return_page(participation)).content.decode()
        for name in ("due_on", "stay", "again"):
            assert f'name="{name}"' not in page

    def test_shown_first(self, staff_client, away, facts):
        row = away.registrations.get(name="Person 2")
        page = text_of(staff_client.post(return_page(away), self.sent(away, facts, again=[str(row.pk)])))
        for said in (
            "Ingenting er lagret ennå.",
            "Tiltak som går videre Fembøringen barnehage: Felles rutine for uteområdet",
            "Veiledere som går videre i kommunen Vera Veileder",
            "Meldes på igjen, sist på ventelista Person 2, Indre Fosen, 1. samling: kommer på venteliste",
            "Får ikke plassen tilbake Person 1, Indre Fosen, 1. samling",
            "Kommunen er med igjen",
        ):
            assert said in page
        away.refresh_from_db()
        assert away.withdrawn_at

    def test_done_and_said(self, staff_client, away, facts):
        row = away.registrations.get(name="Person 2")
        sent = self.sent(away, facts, again=[str(row.pk)])
        answer = staff_client.post(return_page(away), sent | CONFIRM, follow=True)
        said = text_of(answer)
        assert "Det er registrert at Indre Fosen er med igjen. 1 person er meldt på igjen." in said
        assert "4 personer har fått e-post om det." in said
        assert Registration.objects.active().filter(participation=away).count() == 1
        again = staff_client.post(return_page(away), sent | CONFIRM, follow=True)
        assert "Indre Fosen er med i prosjektet. Ingenting er endret." in text_of(again)
        assert Registration.objects.active().filter(participation=away).count() == 1

    def test_who_is_not_ticked_leaves_the_group_and_that_is_shown(self, staff_client, away, cohort, facts):
        second = make_supervisor(away, make_user("siv.senter@example.no", "Siv Senter"))
        Capacity.objects.create(supervisor=second.supervisor, cohort=cohort, most=2)
        page = staff_client.get(return_page(away)).content.decode()
        [ticked] = re.findall(r'name="stay" value="(\d+)"[^>]*checked', page)
        assert ticked == str(second.pk)
        sent = self.sent(away, facts, stay=[ticked])
        page = text_of(staff_client.post(return_page(away), sent))
        assert "Veiledere som går ut av gruppa Vera Veileder" in page
        assert "Gruppa må ha minst to veiledere." in page
        staff_client.post(return_page(away), sent | CONFIRM)
        assert [str(member) for member in GroupMember.objects.current()] == ["Siv Senter"]

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"day": "2999-01-01"}, "Datoen må være i dag eller tidligere."),
            ({"due_on": "2020-01-01"}, "Fristen må være i dag eller senere."),
            ({"due_on": ""}, "Fyll ut «"),
            ({"again": ["1"]}, "Velg noe annet."),
        ],
    )
    def test_bad_input(self, staff_client, away, facts, wrong, said):
        answer = staff_client.post(return_page(away), self.sent(away, facts, **wrong) | CONFIRM)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert f'value="{REASON}"' in answer.content.decode()
        away.refresh_from_db()
        assert away.withdrawn_at

    def test_in_another_cohort_meanwhile_is_asked_about(self, staff_client, away, facts, staff, today):
        later = Cohort.objects.create(
            number=10, first_year=today.year + 1, starts_on=today.replace(year=today.year + 1, day=1), confirm_by=today
        )
        Participation.objects.create(cohort=later, municipality=away.municipality)
        sent = self.sent(away, facts)
        answer = staff_client.post(return_page(away), sent | CONFIRM)
        assert answer.status_code == 422
        assert "Kommunen er også med i pulje 10, som pågår." in text_of(answer)
        staff_client.post(return_page(away), sent | CONFIRM | {"both": "on"})
        away.refresh_from_db()
        assert away.withdrawn_at is None

    def test_from_the_list_in_the_administration(self, staff_client, away, other):
        address = "/admin/participants/participation/"
        answer = staff_client.post(address, {"action": "come_back", "_selected_action": [away.pk]})
        assert (answer.status_code, answer.url) == (302, return_page(away))
        answer = staff_client.post(
            address, {"action": "come_back", "_selected_action": [away.pk, other.pk]}, follow=True
        )
        assert "Velg én kommune om gangen." in text_of(answer)


class TestMunicipalityPage:
    def test_state_day_and_reason_for_a_contact(self, client, away, contact):
        client.force_login(contact)
        page = text_of(client.get(away.get_absolute_url()))
        assert "Trukket seg" in page
        assert "Kommunen trakk seg fra prosjektet" in page
        assert f"Begrunnelse: {REASON}" in page
        assert "Kommunen trakk seg før den hadde svart." in page
        assert return_page(away) not in client.get(away.get_absolute_url()).content.decode()

    def test_in_nynorsk(self, client, away, contact):
        contact.choose_language("nn")
        client.force_login(contact)
        page = text_of(client.get(away.get_absolute_url()))
        assert "Kommunen trekte seg frå prosjektet" in page
        assert f"Grunngiving: {REASON}" in page

    def test_earlier_times_stay_on_it(self, client, away, contact, staff, today):
        away.come_back(returned_on=today, reason="Nytt vedtak", by=staff, now=timezone.now())
        client.force_login(contact)
        page = text_of(client.get(away.get_absolute_url()))
        assert f": {REASON}" in page
        assert ": Nytt vedtak" in page
        assert "Kommunen trakk seg fra prosjektet" not in page

    def test_staff_have_the_way_to_each_page(self, staff_client, busy, staff):
        assert withdraw_page(busy) in staff_client.get(busy.get_absolute_url()).content.decode()
        leave(busy, by=staff)
        for address in (busy.get_absolute_url(), f"/admin/participants/participation/{busy.pk}/change/"):
            assert return_page(busy) in staff_client.get(address).content.decode()
