"""Questions after the deadline, and the staff's answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact
from gatherings.mails import notices
from gatherings.models import Gathering, LateRequest
from participants.models import Contact, Participation
from parts.tests.child_names.asked import ticked

LIST = reverse("admin:gatherings_laterequest_changelist")
TEXT = "Per kan ikke komme. Kan Pål komme i stedet?"


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, LateRequest]]:
    asked: list[tuple[str, LateRequest]] = []
    for kind in ("late_request", "late_request_answered"):
        monkeypatch.setattr(notices, kind, lambda late_request, *, now, kind=kind: asked.append((kind, late_request)))
    return asked


@pytest.fixture
def closed(gathering, registration, today) -> Gathering:
    """Registration closed yesterday; the contact is registered."""
    Gathering.objects.filter(pk=gathering.pk).update(closes_on=today - timedelta(days=1))
    gathering.refresh_from_db()
    return gathering


@pytest.fixture
def late_request(closed, welcomed, contact) -> LateRequest:
    return LateRequest.objects.create(
        gathering=closed, participation=welcomed, text=TEXT, asked_at=timezone.now(), asked_by=contact
    )


def page(gathering, query="") -> str:
    return reverse("gatherings:late_request", args=[gathering.pk]) + query


class TestAsking:
    @pytest.mark.parametrize("person", ["contact", "head"])
    def test_what_is_asked_is_stored_and_staff_are_notified(self, client, request, closed, welcomed, told, person):
        user = request.getfixturevalue(person)
        client.force_login(user)
        assert "Påmeldingsfristen var" in client.get(page(closed)).content.decode()
        answer = client.post(page(closed), {"text": TEXT}, follow=True)
        assert "Spørsmålet er sendt" in answer.content.decode()
        made = LateRequest.objects.get()
        assert (made.text, made.asked_by, made.participation) == (TEXT, user, welcomed)
        assert told == [("late_request", made)]

    def test_a_participant_may_ask_about_themselves(self, client, closed, registration, stranger, told):
        registration.user = stranger
        registration.save()
        client.force_login(stranger)
        client.post(page(closed, f"?pamelding={registration.pk}"), {"text": TEXT})
        assert LateRequest.objects.get().registration == registration

    def test_pressed_twice_is_one(self, client, contact, closed, told):
        client.force_login(contact)
        for _press in range(2):
            assert client.post(page(closed), {"text": TEXT}).status_code == 302
        assert LateRequest.objects.count() == 1
        assert len(told) == 1

    def test_the_same_again_once_answered_is_another(self, client, contact, closed, told, staff):
        client.force_login(contact)
        client.post(page(closed), {"text": TEXT})
        LateRequest.objects.get().reply(answer="Ja.", by=staff, now=timezone.now())
        client.post(page(closed), {"text": TEXT})
        assert LateRequest.objects.count() == 2

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
    def test_bad_input_keeps_what_was_typed(self, client, contact, closed, told, text):
        client.force_login(contact)
        answer = client.post(page(closed), {"text": text})
        assert answer.status_code == 422
        assert f">\r\n{text}</textarea>" in answer.content.decode().replace("\n", "\r\n").replace("\r\r", "\r")
        assert not LateRequest.objects.exists()
        assert told == []

    def test_about_a_registration(self, client, contact, closed, registration, told):
        client.force_login(contact)
        query = f"?pamelding={registration.pk}"
        assert registration.name in client.get(page(closed, query)).content.decode()
        client.post(page(closed, query), {"text": TEXT})
        assert LateRequest.objects.get().registration == registration

    @pytest.mark.parametrize("number", ["0", "tull", "-1", "9" * 30, "²"])
    def test_a_registration_that_does_not_exist(self, client, contact, closed, number):
        client.force_login(contact)
        assert client.get(page(closed, f"?pamelding={number}")).status_code == 404

    def test_another_municipalitys_registration(self, client, other_contact, other_participation, closed, registration):
        Participation.objects.update(welcomed_at=timezone.now(), welcomed_by=other_contact)
        client.force_login(other_contact)
        url = page(closed, f"?pamelding={registration.pk}")
        assert client.get(url).status_code == 404
        assert client.post(url, {"text": TEXT}).status_code == 404
        assert not LateRequest.objects.exists()

    def test_another_gatherings_registration(self, client, contact, closed, registration, cohort, today):
        other = Gathering.objects.create(cohort=cohort, semester=2)
        client.force_login(contact)
        assert client.get(page(other, f"?pamelding={registration.pk}")).status_code == 404

    @pytest.mark.parametrize("person", ["former_contact", "officer", "stranger", "supervisor", "other_contact"])
    def test_who_may_not(self, client, request, closed, person):
        client.force_login(request.getfixturevalue(person))
        assert client.get(page(closed)).status_code == 404
        assert client.post(page(closed), {"text": TEXT}).status_code == 404
        assert not LateRequest.objects.exists()

    def test_not_signed_in(self, client, closed):
        assert reverse("account_login") in client.get(page(closed)).url

    @pytest.mark.parametrize(
        "facts",
        [
            {"closes_on": 0},
            {"closes_on": None, "opens_on": None},
            {"settled": "cancelled"},
            {"opens_on": None, "closes_on": -9, "starts_on": -3, "ends_on": -1},
        ],
    )
    def test_only_between_the_deadline_and_the_end(self, client, contact, closed, facts, today):
        """Days are counted from today."""
        dates = {name: today + timedelta(days=days) for name, days in facts.items() if isinstance(days, int)}
        Gathering.objects.filter(pk=closed.pk).update(**facts | dates)
        client.force_login(contact)
        assert "<textarea" not in client.get(page(closed)).content.decode()
        answer = client.post(page(closed), {"text": TEXT})
        assert TEXT in answer.content.decode()
        assert not LateRequest.objects.exists()

    def test_the_answer_stands_on_the_page(self, client, contact, head, late_request, closed, staff):
        late_request.reply(answer="Ja, det går fint.", by=staff, now=timezone.now())
        client.force_login(contact)
        assert "Ja, det går fint." in client.get(page(closed)).content.decode()
        client.force_login(head)
        assert TEXT not in client.get(page(closed)).content.decode()

    def test_who_answers_for_two_chooses(self, client, contact, closed, other_participation, staff, told):
        other_participation.welcome(by=staff, now=timezone.now())
        make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
        client.force_login(contact)
        answer = client.post(page(closed), {"text": TEXT})
        assert answer.status_code == 422
        assert TEXT in answer.content.decode()
        client.post(page(closed), {"text": TEXT, "participation": other_participation.pk})
        assert LateRequest.objects.get().participation == other_participation

    def test_not_before_the_municipality_is_welcomed(self, client, contact, closed):
        Participation.objects.update(welcomed_at=None, welcomed_by=None)
        closed.registrations.all().delete()
        client.force_login(contact)
        assert client.get(page(closed)).status_code == 404


def answer_page(late_request) -> str:
    return reverse("admin:gatherings_laterequest_change", args=[late_request.pk])


class TestAnswering:
    def test_an_answer_is_given_once(self, staff_client, late_request, staff, told):
        assert TEXT in staff_client.get(answer_page(late_request)).content.decode()
        for _press in range(2):
            assert staff_client.post(answer_page(late_request), {"answer": "Ja."}).status_code == 302
        late_request.refresh_from_db()
        assert (late_request.answer, late_request.answered_by) == ("Ja.", staff)
        assert told == [("late_request_answered", late_request)]
        assert late_request.history.first().history_user == staff

    def test_a_colleague_was_first(self, staff_client, late_request, staff_without_factor, told):
        late_request.reply(answer="Nei.", by=staff_without_factor, now=timezone.now())
        answer = staff_client.post(answer_page(late_request), {"answer": "Ja, gjerne."})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "svarte før deg" in html
        assert "Ja, gjerne." in html
        late_request.refresh_from_db()
        assert late_request.answer == "Nei."
        assert told == []

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
    def test_bad_input_keeps_what_was_typed(self, staff_client, late_request, told, text):
        page = staff_client.post(answer_page(late_request), {"answer": text})
        assert page.status_code == 422
        assert text in page.content.decode()
        late_request.refresh_from_db()
        assert late_request.answered_at is None

    def test_an_answer_that_may_name_a_child_is_asked_about(self, staff_client, late_request, told):
        text = "Ja, mamma til Liam i 5B kan være med."
        refused = staff_client.post(answer_page(late_request), {"answer": text})
        assert refused.status_code == 422
        assert text in refused.content.decode()
        assert "Det kan se ut som om teksten navngir et barn." in refused.content.decode()
        assert told == []
        assert staff_client.post(answer_page(late_request), {"answer": text} | ticked(refused)).status_code == 302
        assert told == [("late_request_answered", late_request)]

    def test_the_adults_it_is_about_are_no_children(self, staff_client, late_request, contact, welcomed):
        text = f"{contact.name} i {welcomed.municipality.name} melder på klassen til læreren."
        assert staff_client.post(answer_page(late_request), {"answer": text}).status_code == 302

    def test_an_answered_one_is_only_read(self, staff_client, late_request, staff):
        late_request.reply(answer="Ja.", by=staff, now=timezone.now())
        html = staff_client.get(answer_page(late_request)).content.decode()
        assert "Ja." in html
        assert "<textarea" not in html

    def test_the_open_ones_come_first(self, staff_client, late_request, staff, closed, welcomed, contact):
        newer = LateRequest.objects.create(
            gathering=closed, participation=welcomed, text="Ny", asked_at=timezone.now(), asked_by=contact
        )
        newer.reply(answer="Ja.", by=staff, now=timezone.now())
        rows = staff_client.get(LIST).context["cl"].result_list
        assert list(rows) == [late_request, newer]
        assert list(staff_client.get(f"{LIST}?svar=venter").context["cl"].result_list) == [late_request]
        assert list(staff_client.get(f"{LIST}?svar=besvart").context["cl"].result_list) == [newer]

    def test_a_hostile_question_is_only_text(self, staff_client, late_request):
        LateRequest.objects.update(text="<script>alert(1)</script>")
        for url in (LIST, answer_page(late_request)):
            assert "<script>alert" not in staff_client.get(url).content.decode()

    @pytest.mark.parametrize("number", ["0", "tull"])
    def test_one_that_does_not_exist(self, staff_client, late_request, number):
        url = reverse("admin:gatherings_laterequest_change", args=[number])
        assert staff_client.get(url).status_code == 404

    def test_a_contact_answers_nothing(self, client, contact, late_request, told):
        client.force_login(contact)
        client.post(answer_page(late_request), {"answer": "Ja."})
        late_request.refresh_from_db()
        assert late_request.answered_at is None


def test_a_text_that_may_name_a_child_is_asked_about(client, closed, welcomed, contact, told):
    client.force_login(contact)
    text = "Moren til Emil på 3. trinn vil være med."
    answer = client.post(page(closed), {"text": text})
    assert (answer.status_code, LateRequest.objects.count(), told) == (422, 0, [])
    assert list(answer.context["form"].errors) == ["no_children"]
    assert text in answer.content.decode()
    assert client.post(page(closed), {"text": text} | ticked(answer)).status_code == 302
    assert LateRequest.objects.get().text == text
