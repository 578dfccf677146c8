"""A short "Var dette nyttig?" to heads after a session: figures from five up, and never per head."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from guidance import todos
from guidance.erasing import erase_old
from guidance.follow_up import pulse
from guidance.models import GuidanceSession, PulseAnswer, PulseAnswered
from guidance.tests.conftest import held_session, text_of
from participants.functions import functions
from participants.models import Contact, Unit

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def session(participation, supervisor, units) -> GuidanceSession:
    return held_session(participation, supervisor, units[:1], days=-1)


def asked(user) -> list[str]:
    return [todo.title for todo in todos.todos(user, timezone.now(), mine=functions(user))[0] if "nyttig" in todo.title]


def answer(client, session, **fields):
    return client.post(reverse("guidance:pulse", args=[session.pk]), {"use": "3", "line": ""} | fields, follow=True)


def heads(participation, staff, count: int):
    for number in range(count):
        unit = Unit.objects.create(participation=participation, name=f"Skole {number}", kind="school")
        head = make_user(f"rektor{number}@example.no", f"Rektor {number}")
        make_contact(participation, head, Contact.Function.HEAD, unit=unit, by=staff)
        yield head, unit


class TestQuestion:
    def test_a_head_of_the_session_is_asked_and_answers_once(self, client, session, head):
        assert len(asked(head)) == 1
        client.force_login(head)
        assert "Takk for svaret" in text_of(answer(client, session, line="Bra tempo."))
        assert asked(head) == []
        again = answer(client, session, use="1")
        assert "bare det første teller" in text_of(again)
        assert [(each.use, each.line) for each in PulseAnswer.objects.all()] == [(3, "Bra tempo.")]

    def test_others_are_not(self, client, session, contact, supervisor, stranger):
        for person in (contact, supervisor, stranger):
            assert asked(person) == []
            client.force_login(person)
            assert answer(client, session).status_code == 404

    def test_not_after_fourteen_days(self, client, session, head):
        GuidanceSession.objects.update(submitted_at=timezone.now() - timedelta(days=15))
        assert asked(head) == []
        client.force_login(head)
        assert answer(client, session).status_code == 404

    def test_what_was_typed_stays(self, client, session, head):
        client.force_login(head)
        response = answer(client, session, use="", line="Bra tempo.")
        assert response.status_code == 422
        assert 'value="Bra tempo."' in text_of(response)
        assert not PulseAnswered.objects.exists()

    def test_the_name_of_a_child_is_asked_about(self, client, session, head):
        client.force_login(head)
        assert answer(client, session, line="Eleven Jonas fikk hjelp.").status_code == 422


class TestFigures:
    @pytest.fixture
    def answers(self, participation, supervisor, staff):
        def given(count: int) -> None:
            for head, unit in heads(participation, staff, count):
                session = held_session(participation, supervisor, [unit], days=-1)
                pulse.answer(session, user=head, use=3, line=f"Fra {unit}")

        return given

    def page(self, client, user, name: str, *args) -> str:
        client.force_login(user)
        return text_of(client.get(reverse(f"guidance:{name}", args=args)))

    def test_four_are_not_shown(self, client, answers, leader, supervisor, cohort):
        answers(4)
        for page in (self.page(client, leader, "cohort_pulse", cohort.pk), self.page(client, supervisor, "own_pulse")):
            assert "Svarene vises når minst 5 ledere har svart." in page
            assert "Fra Skole" not in page

    def test_five_are(self, client, answers, leader, supervisor, cohort):
        answers(5)
        for page in (self.page(client, leader, "cohort_pulse", cohort.pk), self.page(client, supervisor, "own_pulse")):
            assert "5 svar fra 5 ledere." in page
            assert "Fra Skole 0" in page
            assert "Rektor 0" not in page

    def test_five_of_one_head_are_that_head_s_and_not_shown(
        self, client, participation, supervisor, units, head, leader, cohort
    ):
        for _number in range(5):
            session = held_session(participation, supervisor, units[:1], days=-1)
            pulse.answer(session, user=head, use=1, line="")
        assert "Svarene vises når minst 5" in self.page(client, leader, "cohort_pulse", cohort.pk)

    def test_another_supervisor_sees_nothing_of_it(self, client, answers, other_supervisor):
        answers(5)
        assert "5 svar" not in self.page(client, other_supervisor, "own_pulse")

    def test_a_line_is_struck(self, client, answers, leader, cohort):
        answers(5)
        client.force_login(leader)
        found = PulseAnswer.objects.get(line="Fra Skole 0")
        client.post(reverse("removing:strike_pulse", args=[found.pk]), {"reason": "child", "_confirmed": "1"})
        page = self.page(client, leader, "cohort_pulse", cohort.pk)
        assert "Fra Skole 0" not in page
        assert "Teksten er fjernet av Pia Prosjektleder" in page

    def test_no_key_of_an_answer_stays_when_another_comes(self, answers, participation):
        answers(1)
        first = PulseAnswer.objects.get().pk
        session = GuidanceSession.objects.get()
        pulse.answer(session, user=make_user("ny@example.no", "Ny"), use=1, line="")
        assert first not in PulseAnswer.objects.values_list("pk", flat=True)

    def test_it_is_erased_with_the_logs(self, answers, cohort, settings):
        answers(2)
        erase_old(today=cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1))
        assert not PulseAnswer.objects.exists()
        assert not PulseAnswered.objects.exists()
