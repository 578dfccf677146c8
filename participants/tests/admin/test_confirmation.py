from datetime import timedelta

import pytest
from django.utils import timezone

from participants.confirmation import asking
from participants.confirmation.values import StoredFacts
from participants.models import Confirmation, Municipality, Participation

LIST = "/admin/participants/confirmation/"


@pytest.fixture
def answered(participation, contact, head, units, staff) -> Confirmation:
    now = timezone.now()
    units[0].children, units[0].counted_on = 42, timezone.localdate(now)
    units[0].save()
    confirmation = asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=3), by=staff, now=now)
    participation.decide(ppt="yes", political_on=timezone.localdate(now), political_body="Kommunestyret", by=contact)
    confirmation.answer(
        snapshot=StoredFacts.load(participation).snapshot(),
        changes=[{"what": "Antall barn, Fembøringen barnehage", "before": "40", "after": "42"}],
        comment="Ny rektor fra høsten.\n<script>alert(1)</script>",
        by=contact,
        now=now,
    )
    return confirmation


@pytest.fixture
def waiting(other_participation, staff) -> Confirmation:
    now = timezone.now()
    return asking.ask(other_participation, due_on=timezone.localdate(now), by=staff, now=now)


def names(response) -> list[str]:
    return [row.participation.municipality.name for row in response.context["cl"].result_list]


def test_the_answer_is_legible(staff_client, answered):
    page = staff_client.get(f"{LIST}{answered.pk}/change/").content.decode()
    for text in (
        "Antall barn, Fembøringen barnehage",
        "PP-tjenesten deltar:</strong> Ja",
        "Kommunestyret",
        "974760673",
        "Hanne Styrer",
        "styrer",
        "kari.kontakt@example.no",
        "Ny rektor fra høsten.",
        "barnehage</td>",
    ):
        assert text in page
    assert "<script>alert(1)" not in page


def test_a_round_without_an_answer(staff_client, waiting):
    page = staff_client.get(f"{LIST}{waiting.pk}/change/").content.decode()
    assert page.count("Kommunen har ikke svart.") == 2


@pytest.mark.parametrize("snapshot", [{}, {"ppt": "undecided", "political": {}, "units": [], "contacts": []}])
def test_an_answer_with_nothing_in_it(staff_client, waiting, staff, snapshot):
    waiting.answer(snapshot=snapshot, changes=[], comment="", by=staff, now=timezone.now())
    page = staff_client.get(f"{LIST}{waiting.pk}/change/").content.decode()
    assert "Ingenting ble endret." in page
    assert "Ingen enheter" in page
    assert "ikke ennå" in page


def test_nobody_edits_deletes_or_adds(staff_client, answered):
    data = {"comment": "endret", "snapshot": "{}"}
    assert staff_client.post(f"{LIST}{answered.pk}/change/", data).status_code == 403
    assert staff_client.post(f"{LIST}{answered.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff_client.get(f"{LIST}add/").status_code == 403
    answered.refresh_from_db()
    assert answered.comment.startswith("Ny rektor")


def test_filters(staff_client, answered, waiting):
    assert names(staff_client.get(LIST, {"comment": "yes"})) == ["Indre Fosen"]
    assert names(staff_client.get(LIST, {"answered": "yes"})) == ["Indre Fosen"]
    assert names(staff_client.get(LIST, {"answered": "no"})) == ["Bergen"]
    assert sorted(names(staff_client.get(LIST, {"answered": "x", "comment": "x"}))) == ["Bergen", "Indre Fosen"]
    assert names(staff_client.get(LIST, {"q": "bergen"})) == ["Bergen"]


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, staff, size, django_assert_num_queries):
    now = timezone.now()
    for municipality in Municipality.objects.all()[:size]:
        row = Participation.objects.create(cohort=cohort, municipality=municipality)
        asking.ask(row, due_on=timezone.localdate(now), by=staff, now=now).answer(
            snapshot={}, changes=[{"what": "x"}], comment="Hei", by=staff, now=now
        )
    with django_assert_num_queries(6):
        assert len(names(staff_client.get(LIST))) == size
