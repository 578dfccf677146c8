"""A municipality's message to the directorate: read, and marked once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lmp.desk.models import MessageRead


@pytest.fixture
def url(asked, contact) -> str:
    asked.answer(snapshot={}, changes=[], comment="Vi får ny rektor.\nHun heter <b>", by=contact, now=timezone.now())
    return reverse("desk:message", args=[asked.pk])


def test_it_is_read_as_it_was_written(as_staff, url):
    page = as_staff.get(url).content.decode()
    assert "Vi får ny rektor.<br>Hun heter &lt;b&gt;" in page
    assert "mailto:kari.kontakt@example.no" in page


def test_it_is_marked_once(as_staff, url, staff):
    assert as_staff.post(url).url == reverse("admin:index")
    first = MessageRead.objects.get().read_at
    as_staff.post(url)
    [read] = MessageRead.objects.all()
    assert (read.read_at, read.read_by) == (first, staff)
    assert "Stine Stab fulgte opp meldingen" in as_staff.get(url).content.decode()


def test_the_first_one_stands(asked, contact, staff):
    now = timezone.now()
    asked.answer(snapshot={}, changes=[], comment="x", by=contact, now=now)
    other = User.objects.create_user("to@example.no", name="To", is_staff=True)
    MessageRead.mark(asked, by=staff, now=now)
    assert MessageRead.mark(asked, by=other, now=now).read_by == staff


def test_an_answer_without_a_message_has_no_page(as_staff, asked, contact):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    assert as_staff.get(reverse("desk:message", args=[asked.pk])).status_code == 404


@pytest.mark.parametrize("who", ["contact", "officer", "leader"])
def test_it_is_for_staff(client, request, url, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(url).status_code == 404
