"""The page before a text is struck shows what goes, by the labels of its page; and what else can be struck."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings.models import Gathering, NobodyComes, Registration
from lmp.changes.removing.tests.conftest import AGREED, NAME, send, signed_in, text_of
from participants.models import ProjectGroup, ProjectGroupMember, Strike

pytestmark = pytest.mark.usefixtures("noon", "db")
CHILD = {"reason": "child"}


def labels(page) -> list[str]:
    return [label for label, _text in page.context["found"].shown]


def test_the_form_shows_what_stands_there_by_the_labels_of_the_log(log, supervisor):
    client = signed_in(supervisor)
    page = client.get(reverse("removing:strike_log", args=[log.pk]))
    assert NAME in page.text
    assert AGREED in page.text
    shown = client.get(log.get_absolute_url()).text
    assert labels(page) == ["Dette arbeidet vi med", "Dette er avtalt"]
    assert all(label in shown for label in labels(page))


def test_so_does_the_page_that_asks_once_more_and_only_what_goes(log, supervisor):
    page = text_of(
        send(supervisor, reverse("removing:strike_log", args=[log.pk]), CHILD | {"texts": ["agreed"]}, confirmed=False)
    )
    assert f"Dette er avtalt: {AGREED}" in page
    assert NAME not in page


def test_the_labels_of_a_measure_are_its_page_s(measure, supervisor):
    client = signed_in(supervisor)
    page = client.get(reverse("removing:strike_measure", args=[measure.pk]))
    shown = client.get(measure.get_absolute_url()).text
    assert all(text in shown for _label, text in page.context["found"].shown)
    assert all(label in shown for label in labels(page) if label != "Tiltaket")  # that is the page's heading


def test_a_correction_shows_what_the_log_said_before(corrected, supervisor):
    page = signed_in(supervisor).get(reverse("removing:strike_correction", args=[corrected.corrections.get().pk]))
    assert NAME in page.text


@pytest.fixture
def gathering(cohort) -> Gathering:
    today = timezone.localdate()
    return Gathering.objects.create(cohort=cohort, semester=1, starts_on=today, settled="fixed", closes_on=today)


@pytest.fixture
def decided(gathering, participation, head, units, staff) -> Registration:
    now = timezone.now()
    row = Registration.objects.create(
        gathering=gathering,
        participation=participation,
        unit=units[0],
        user=head,
        name=head.name,
        function="head",
        days=[],
        registered_at=now,
        registered_by=head,
        placed_at=now,
    )
    row.decide_reimbursement(reimbursement="covered", reason="Sønnen er syk.", by=staff, now=now)
    return row


def test_why_expenses_are_covered(decided, staff, head):
    url = reverse("removing:strike_reimbursement", args=[decided.pk])
    assert signed_in(head).get(url).status_code == 404
    page = send(staff, url, CHILD)
    decided.refresh_from_db()
    assert (decided.reimbursement, decided.reimbursement_reason) == ("covered", "–")
    assert "Sønnen" not in str(list(Registration.history.values_list("reimbursement_reason", flat=True)))
    assert "Teksten er fjernet av Stine Stab" in page.text  # where the reason stood
    assert "Teksten er fjernet av Stine Stab" in signed_in(head).get(decided.get_absolute_url()).text
    again = signed_in(staff).post(url, CHILD | {"_confirmed": "1"}, follow=True)
    assert "Teksten er allerede fjernet." in again.text
    assert Strike.objects.count() == 1


def test_a_note_that_nobody_comes(gathering, participation, units, head, contact, other_contact):
    facts = {"participation": participation, "unit": units[0], "note": "Jonas er syk", "answered_by": head}
    answer = NobodyComes.objects.create(gathering=gathering, answered_at=timezone.now(), **facts)
    participation.welcome(by=contact, now=timezone.now())
    url = reverse("removing:strike_nobody_comes", args=[answer.pk])
    assert signed_in(other_contact).get(url).status_code == 404
    assert "Jonas er syk" in signed_in(head).get(url).text
    page = send(head, url, CHILD)
    answer.refresh_from_db()
    assert (answer.note, answer.taken_back_at) == ("", None)
    assert "Teksten er fjernet av Hanne Styrer" in page.text


def test_the_name_of_somebody_who_is_in_the_group_no_more(units, head, other_contact):
    group = ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now())
    group.members.create(name="Jonas Elev", part="other").delete()
    again = group.members.create(name="Kari Lie", part="staff")
    group.members.create(name="Kari Lie", part="staff").delete()
    [former] = group.former_members()
    url = reverse("removing:strike_former_member", args=[former.pk])
    assert url in signed_in(head).get(reverse("participants:unit", args=[units[0].pk])).text
    assert signed_in(other_contact).get(url).status_code == 404
    page = send(head, url, CHILD)
    assert "Navnet på et tidligere medlem i prosjektgruppa er fjernet av Hanne Styrer" in page.text
    assert not ProjectGroupMember.history.filter(name="Jonas Elev").exists()
    again.refresh_from_db()
    assert again.name == "Kari Lie"
    assert group.former_members() == []
