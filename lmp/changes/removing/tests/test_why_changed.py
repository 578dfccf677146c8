"""Why a session was moved or cancelled can be struck: from the change, its mails and its like, and nowhere else."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from guidance.erasing import erase_old
from guidance.models import SessionChange
from guidance.tests.conftest import planned_session
from lmp.changes.removing.tests.conftest import post_due, send, signed_in
from lmp.changes.removing.tests.test_strike import CHILD, everything
from outbox.models import Message
from participants.models import Strike

pytestmark = pytest.mark.usefixtures("noon", "db")
REASON = "Jonas er innlagt, og læreren hans kan ikke"


@pytest.fixture
def change(participation, supervisor, units) -> SessionChange:
    """Who was told of the session is told why it is cancelled."""
    session = planned_session(participation, supervisor, units[:1], days=14)
    post_due()
    session.cancel(by=supervisor, now=timezone.now(), reason=REASON)
    assert post_due()
    return session.changes.get()


@pytest.fixture(autouse=True)
def _told(contact, head) -> None:
    """The municipality's contact and the unit's head."""


def url(change) -> str:
    return reverse("removing:strike_change", args=[change.pk])


def test_it_goes_from_the_page_and_the_mails_and_the_change_stays(change, supervisor, leader, head):
    page = signed_in(supervisor).get(change.session.get_absolute_url())
    assert url(change) in page.text
    assert Message.objects.filter(body__contains=REASON).count() > 1
    page = send(supervisor, url(change), CHILD)
    assert "Teksten er fjernet av Vera Veileder" in page.text
    assert url(change) not in page.text
    assert "Jonas" not in everything()
    told = Message.objects.filter(body__contains="Grunn: (teksten er fjernet)")
    assert told.count() > 1
    change.refresh_from_db()
    assert (change.kind, change.changed_by) == ("cancelled", supervisor)
    assert "Jonas" not in signed_in(head).get(change.session.get_absolute_url()).text
    assert "Teksten er allerede fjernet." in signed_in(leader).get(url(change), follow=True).text


def test_the_same_words_of_another_change_go_too(change, supervisor, leader):
    SessionChange.objects.restore(change.session, by=supervisor, now=timezone.now())
    change.session.cancel(by=leader, now=timezone.now(), reason=REASON)
    send(supervisor, url(change), CHILD)
    assert set(change.session.changes.values_list("reason", flat=True)) == {""}
    assert Strike.objects.count() == 2


def test_another_session_with_the_same_reason_keeps_its_own(change, participation, supervisor, units):
    other = planned_session(participation, supervisor, units[:1], days=21)
    post_due()
    other.cancel(by=supervisor, now=timezone.now(), reason=REASON)
    post_due()
    send(supervisor, url(change), CHILD)
    assert other.changes.get().reason == REASON
    assert Message.objects.filter(body__contains=REASON).exists()


@pytest.mark.parametrize("person", ["contact", "head", "staff", "officer", "former_supervisor", "other_supervisor"])
def test_by_who_wrote_it_and_project_leaders_only(request, change, person):
    user = request.getfixturevalue(person)
    assert signed_in(user).get(url(change)).status_code == 404
    assert url(change) not in signed_in(user).get(change.session.get_absolute_url()).text


def test_it_is_erased_with_its_cohort(change, supervisor, cohort):
    send(supervisor, url(change), CHILD)
    erase_old(today=cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1))
    assert not Strike.objects.exists()
