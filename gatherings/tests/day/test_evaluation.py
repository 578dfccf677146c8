"""The evaluation: once a person, told apart by nobody, and shown from five answers on."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gatherings.day import evaluation
from gatherings.models import Answer, Answered
from gatherings.tests.hall import mark, move, put_in, signed_in
from parts.tests.child_names.asked import ticked

pytestmark = pytest.mark.usefixtures("noon")

GOOD = {"useful": "5", "concrete": "4", "involved": "3", "arranged": "1", "comment": "Mer tid til samtale"}
SCORES = {"useful": 5, "concrete": 4, "involved": 3, "arranged": 1}


@pytest.fixture
def over(gathering, registration, staff, today):
    """Its last day is today, and the contact was there."""
    move(gathering, starts_on=today - timedelta(days=1))
    mark(registration, day=today, by=staff)
    return gathering


@pytest.fixture
def crowd(over, welcomed, staff, today):
    """Twelve more who were there."""
    people = [{"name": f"Person {n}", "email": f"p{n}@example.no"} for n in range(12)]
    found = put_in(over, *people, participation=welcomed, by=staff)
    for registration in found:
        mark(registration, day=today, by=staff)
    return [registration.user for registration in found]


@pytest.fixture
def me(contact):
    return signed_in(contact)


def url(gathering, name: str = "evaluation") -> str:
    return reverse(f"gatherings:{name}", args=[gathering.pk])


def answer(gathering, users, **facts) -> None:
    for user in users:
        assert evaluation.answer(gathering, user=user, scores=SCORES, **{"comment": ""} | facts)


def test_answering(over, me, contact):
    page = me.get(url(over))
    assert "Fem korte spørsmål" in page.text
    assert "Skriv aldri navn på barn" in page.text
    assert "1: ikke nyttig" in page.text
    assert "5: svært nyttig" in page.text
    response = me.post(url(over), GOOD)
    assert (response.status_code, response.url) == (302, url(over))
    stored = Answer.objects.get()
    assert {name: getattr(stored, name) for name in SCORES} == SCORES
    assert stored.comment == "Mer tid til samtale"
    assert Answered.objects.get().user == contact
    assert "Takk for svaret" in me.get(url(over)).text


def test_twice_is_once_and_the_second_is_told(over, me):
    me.post(url(over), GOOD)
    page = me.post(url(over), GOOD | {"comment": "En gang til"})
    assert "Svaret ditt var mottatt fra før" in page.text
    assert Answer.objects.get().comment == "Mer tid til samtale"
    assert Answered.objects.count() == 1


def test_two_tabs_in_the_same_moment(over, contact):
    assert evaluation.answer(over, user=contact, scores=SCORES, comment="")
    assert not evaluation.answer(over, user=contact, scores=SCORES, comment="")
    assert Answer.objects.count() == 1


def test_an_error_keeps_what_was_typed(over, me):
    page = me.post(url(over), {"useful": "2", "concrete": "7", "comment": "Mer tid til samtale"})
    assert page.status_code == 422
    assert "Mer tid til samtale" in page.text
    assert 'value="2"' in page.text
    checked = [option for option in page.context["form"]["useful"].subwidgets if option.data["selected"]]
    assert [option.data["value"] for option in checked] == [2]
    assert set(page.context["form"].errors) == {"concrete", "involved", "arranged"}
    assert "Velg et tall fra 1 til 5." in page.text
    assert not Answered.objects.exists()


@pytest.mark.parametrize("comment", ["x" * 2001, "null\x00"], ids=["long", "null"])
def test_a_comment_that_cannot_be_stored_is_kept_on_the_page(over, me, comment):
    page = me.post(url(over), GOOD | {"comment": comment})
    assert page.status_code == 422
    assert comment[:4] in page.text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("days", "opens"), [(-1, False), (0, True), (14, True), (15, False)])
def test_from_the_last_day_and_fourteen_days_on(over, contact, registration, staff, today, days, opens):
    mark(registration, day=today - timedelta(days=1), by=staff)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        me = signed_in(contact)
        assert ("<form" in me.get(url(over)).text.split("<main")[1].split("</main")[0]) == opens
        assert me.post(url(over), GOOD).status_code == (302 if opens else 409)
    assert Answer.objects.exists() == opens


def test_before_and_after_say_when(over, contact, today):
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        assert "Evalueringen åpner" in signed_in(contact).get(url(over)).text
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert "Evalueringen ble stengt etter" in signed_in(contact).get(url(over)).text


@pytest.mark.parametrize("person", ["other_contact", "head", "officer", "stranger", "staff"])
def test_who_was_not_there_is_not_asked(over, request, person):
    client = signed_in(request.getfixturevalue(person))
    assert client.get(url(over)).status_code == 404
    assert client.post(url(over), GOOD).status_code == 404
    assert not Answer.objects.exists()


def test_registered_but_not_there_is_not_asked(over, registration, me):
    registration.attendances.all().delete()
    assert me.get(url(over)).status_code == 404


def test_not_signed_in(over, client):
    assert client.get(url(over)).url.startswith(reverse("account_login"))


def test_nothing_in_an_answer_leads_to_a_person():
    fields = {field.name for field in Answer._meta.get_fields()}
    assert fields == {"id", "gathering", "useful", "concrete", "involved", "arranged", "comment"}
    assert {field.name for field in Answered._meta.get_fields()} == {"id", "gathering", "user"}


def test_the_rows_do_not_tell_the_order(over, crowd, monkeypatch):
    """Every answer is written anew at each one, shuffled, so neither keys nor places on the disk tell who came when."""
    keys = set()
    for number, user in enumerate(crowd):
        evaluation.answer(over, user=user, scores=SCORES, comment=f"{number:02}")
        now_held = set(Answer.objects.values_list("pk", flat=True))
        assert not keys & now_held
        keys |= now_held
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT comment FROM gatherings_answer ORDER BY {place}")
        on_disk = [comment for (comment,) in cursor.fetchall()]
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM gatherings_answer")
            assert cursor.fetchone() == (1,)
    assert sorted(on_disk) == [f"{number:02}" for number in range(12)]
    assert on_disk != sorted(on_disk)  # by chance once in twelve factorial
    by_key = list(Answer.objects.order_by("pk").values_list("comment", flat=True))
    assert by_key != sorted(by_key)


def test_hidden_under_five(over, crowd, staff):
    answer(over, crowd[:4], comment="Fire har svart")
    page = signed_in(staff).get(url(over, "results"))
    assert "4 svar fra 13 som møtte (31 prosent)." in page.text
    assert "Svarene vises når minst 5 har svart." in page.text
    assert "Fire har svart" not in page.text
    assert "<svg" not in page.text
    results = evaluation.evaluation_results(over)
    assert (results.scored, results.comments) == ([], [])


def test_shown_from_five(over, crowd, staff):
    answer(over, crowd[:4])
    answer(over, crowd[4:5], comment="<b>Fem</b> har svart")
    evaluation.answer(over, user=crowd[5], scores=SCORES | {"useful": 1}, comment="")
    page = signed_in(staff).get(url(over, "results"))
    assert "6 svar fra 13 som møtte (46 prosent)." in page.text
    assert "&lt;b&gt;Fem&lt;/b&gt; har svart" in page.text
    useful = page.context["results"].scored[0]
    assert useful.mean == pytest.approx(26 / 6)
    assert [(bar.score, bar.count, bar.percent) for bar in useful.bars] == [
        (5, 5, 83),
        (4, 0, 0),
        (3, 0, 0),
        (2, 0, 0),
        (1, 1, 17),
    ]
    assert "4,3" in page.text
    assert "style=" not in page.text


def test_another_gathering_s_answers_are_its_own(over, crowd, staff, cohort, today):
    other = type(over).objects.create(cohort=cohort, semester=2, starts_on=today, settled="fixed")
    answer(over, crowd[:6])
    assert evaluation.evaluation_results(other).answers == 0
    evaluation.answer(other, user=crowd[0], scores=SCORES, comment="")
    assert evaluation.evaluation_results(over).answers == 6


def test_the_results_take_the_same_queries_for_many(over, crowd, staff):
    client = signed_in(staff)
    counted = []
    for users in (crowd[:5], crowd[5:]):
        answer(over, users, comment="Hei")
        with CaptureQueriesContext(connection) as queries:
            client.get(url(over, "results"))
        counted.append(len([sql for sql in queries if "SAVEPOINT" not in sql["sql"]]))
    assert counted[0] == counted[1] <= 10


def test_the_shuffle_is_not_the_program_s_own_seed():
    """What Python seeds could be run again; the system's own cannot."""
    random.seed(1)
    assert evaluation.random.SystemRandom is random.SystemRandom


def test_a_comment_that_may_name_a_child_is_asked_about(over, me):
    named = GOOD | {"comment": "Fint å snakke om Liam i 5B."}
    page = me.post(url(over), named)
    assert page.status_code == 422
    assert "Det kan se ut som om teksten navngir et barn." in page.text
    assert "Fint å snakke om Liam i 5B." in page.text
    assert not Answer.objects.exists()
    assert me.post(url(over), named | ticked(page)).status_code == 302
    assert Answer.objects.get().comment == named["comment"]
