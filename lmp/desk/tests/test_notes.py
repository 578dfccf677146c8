"""Staff's notes on a municipality: kept, brought up on their day, ended once, and taken away for good."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lmp.desk import erasing, work
from lmp.desk.models import MessageRead, Note
from participants.models import Strike

DAY = timedelta(days=1)


@pytest.fixture
def url(participation) -> str:
    return reverse("desk:notes", args=[participation.pk])


def day(days: int) -> str:
    return (timezone.localdate() + days * DAY).isoformat()


def due(days: int) -> list[str]:
    found = work.waiting(timezone.now() + days * DAY)
    return [item.text for each in found if each.kind == "notater" for item in each.items]


def test_it_is_kept_with_who_and_when(as_staff, url, staff, participation):
    assert as_staff.post(url, {"text": "Ringte. Ny rektor i august.", "follow_up_on": ""}).url == url
    [note] = Note.objects.all()
    assert (note.participation, note.text, note.noted_by) == (participation, "Ringte. Ny rektor i august.", staff)
    page = as_staff.get(url).content.decode()
    assert "Ringte. Ny rektor i august." in page
    assert "Stine Stab" in page
    assert "Notatet er lagret." in page


def test_pressed_twice_it_is_one(as_staff, url):
    for _press in range(2):
        as_staff.post(url, {"text": "Ringte", "follow_up_on": day(3)})
    assert Note.objects.count() == 1


def test_it_waits_from_its_day_until_it_is_done(as_staff, url):
    as_staff.post(url, {"text": "Ring igjen", "follow_up_on": day(3)})
    assert (due(2), due(3)) == ([], ["Ring igjen"])
    note = Note.objects.get()
    as_staff.post(reverse("desk:finish_note", args=[note.pk]))
    assert due(3) == []
    first = Note.objects.get().done_at
    as_staff.post(reverse("desk:finish_note", args=[note.pk]))
    assert Note.objects.get().done_at == first


@pytest.mark.parametrize(("days", "said"), [(-1, "Datoen er passert"), (4 * 365, "Velg en dag til og med")])
def test_a_day_that_helps_nobody(as_staff, url, days, said):
    page = as_staff.post(url, {"text": "Ring", "follow_up_on": day(days)})
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Ring" in page.content.decode()


def test_a_childs_name_is_asked_about(as_staff, url):
    page = as_staff.post(url, {"text": "Mor til eleven Jonas i 5B ringte.", "follow_up_on": ""})
    assert page.status_code == 422
    assert not Note.objects.exists()


@pytest.mark.parametrize("who", ["contact", "officer", "leader", "supervisor"])
def test_nobody_else_reads_it(client, request, url, who, participation, staff):
    Note.objects.create(participation=participation, text="Bare for oss", noted_at=timezone.now(), noted_by=staff)
    client.force_login(request.getfixturevalue(who))
    assert client.get(url).status_code == 404
    assert "Bare for oss" not in client.get(reverse("overview:participation", args=[participation.pk])).content.decode()


def test_what_should_not_have_been_written_goes(as_staff, url, participation, staff):
    note = Note.objects.create(participation=participation, text="Feil", noted_at=timezone.now(), noted_by=staff)
    address = reverse("removing:strike_staff_note", args=[note.pk])
    assert "Feil" in as_staff.get(address).content.decode()
    facts = {"texts": ["text"], "reason": Strike.Reason.values[0]}
    as_staff.post(address, facts | {"_confirmed": "1"})
    note.refresh_from_db()
    assert note.text == ""
    assert "Feil" not in as_staff.get(url).content.decode()


def test_it_is_erased_with_its_cohort(participation, asked, contact, staff):
    now = timezone.now()
    Note.objects.create(participation=participation, text="Ringte", noted_at=now, noted_by=staff)
    asked.answer(snapshot={}, changes=[], comment="Hei", by=contact, now=now)
    MessageRead.mark(asked, by=staff, now=now)
    assert erasing.erase_old(today=timezone.localdate()) == 0
    assert erasing.erase_old(today=timezone.localdate() + timedelta(days=4000)) == 2
    assert not Note.objects.exists()


def test_the_newest_stands_on_the_municipalitys_page(as_staff, participation, staff):
    now = timezone.now()
    for number, text in enumerate(("Den gamle", "Den nye")):
        at = now + number * timedelta(minutes=1)
        Note.objects.create(participation=participation, text=text, noted_at=at, noted_by=staff)
    page = as_staff.get(reverse("overview:participation", args=[participation.pk])).content.decode()
    assert "Den nye" in page
    assert "Den gamle" not in page
    assert "(2)" in page
