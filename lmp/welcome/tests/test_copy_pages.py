"""Staff see which copies go and what lacks before the letters are sent, and what became of the copies after."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.welcome import sending, tasks
from lmp.welcome.models import LetterCopy, Sending
from lmp.welcome.tests.test_admin import shown, text
from outbox import delivery
from outbox.models import Message
from outbox.tests import fake
from participants.models import Contact, CountyGovernor, GovernorContact
from parts.tests.reading import table_in


@pytest.fixture
def governor(participation) -> CountyGovernor:
    return participation.municipality.county.governor


@pytest.fixture
def confirm_page(cohort, participation, contact) -> str:
    return reverse("admin:welcome_confirm", args=[cohort.pk]) + "?alle=1"


def sent(client, confirm_page, **changes) -> Sending:
    client.post(confirm_page, shown(client.get(confirm_page)) | changes)
    tasks.sweep()
    return Sending.objects.latest("pk")


def progress(client, order: Sending) -> str:
    return text(client.get(reverse("admin:welcome_progress", args=[order.pk])))


def copies_sent():
    return Message.objects.filter(text_name="welcome.copy")


def test_the_copies_are_named_before_the_letters_are_sent(staff_client, confirm_page, officer, governor):
    page = text(staff_client.get(confirm_page))
    assert f'<th scope="row">{governor}<input' in page
    assert "<td>1 brev</td>" in page
    assert "Olav Embete<br>" in page
    assert officer.email in page
    assert "uten-kopi" not in page


def test_the_page_says_that_an_office_gets_one_mail_however_many_read_there(
    staff_client, confirm_page, officer, governor
):
    said = "1 e-post går til en statsforvalter"
    page = text(staff_client.get(confirm_page))
    assert said in page
    assert "hverandres adresser" not in page
    other = make_user("oda.embete@example.no", "Oda Embete")
    GovernorContact.objects.create(governor=governor, user=other, started_on=timezone.localdate())
    page = text(staff_client.get(confirm_page))
    assert said in page
    assert "går den samme e-posten til alle, og de ser hverandres adresser" in page
    page = progress(staff_client, sent(staff_client, confirm_page))
    assert page.count(f"{other.email}, {officer.email}</a>: Venter") == 1


def test_who_at_the_office_the_server_refused_is_shown_on_the_page(
    staff_client, confirm_page, officer, governor, settings, monkeypatch
):
    other = make_user("oda.embete@example.no", "Oda Embete")
    GovernorContact.objects.create(governor=governor, user=other, started_on=timezone.localdate())
    order = sent(staff_client, confirm_page)
    settings.EMAIL_BACKEND = "outbox.tests.fake.Backend"
    server = fake.Server()
    monkeypatch.setattr(fake.Backend, "server", server)
    server.refuse(other.email, 550, "5.1.1 unknown")
    delivery.drain(now=timezone.now())
    assert server.reached.count(officer.email) == 1
    page = progress(staff_client, order)
    assert f"{officer.email}</a>: Sendt" in page
    assert f"{other.email}</a>: Gitt opp <br>550 5.1.1 unknown" in page
    assert "1 kopi er sendt til statsforvaltere." in page


def test_the_offices_own_address_is_named_where_nobody_is_registered(staff_client, confirm_page, governor):
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    page = text(staff_client.get(confirm_page))
    assert "Embetets egen adresse<br>" in page
    assert "post@example.no" in page


def test_an_office_without_anybody_stops_the_letters_until_it_is_ticked(staff_client, confirm_page, governor, staff):
    data = shown(staff_client.get(confirm_page))
    page = text(staff_client.post(confirm_page, data | {"uten-kopi": []}))
    assert "Ingenting er sendt. Disse får ingen kopi." in page
    assert reverse("admin:participants_countygovernor_change", args=[governor.pk]) in page
    assert not Sending.objects.exists()
    order = sent(staff_client, confirm_page)
    copy = order.copies.get()
    assert (copy.waived_by, copy.sent_at) == (staff, None)
    page = progress(staff_client, order)
    assert "Brevene sendes uten kopi. Bestemt " in page
    assert "1 kopi er ikke sendt." in page
    assert not copies_sent().exists()


def test_a_tick_stays_when_the_page_comes_again(staff_client, confirm_page, participation, staff):
    data = shown(staff_client.get(confirm_page))
    make_contact(participation, make_user("ny@example.no", "Nora Ny"), Contact.Function.OWNER, by=staff)
    page = text(staff_client.post(confirm_page, data))
    assert f'id="uten-kopi-{participation.municipality.county.governor_id}" checked' in page


@pytest.mark.parametrize("ticked", ["x", "0", "1'"])
def test_a_tick_that_is_no_office_of_these_letters_ticks_none(staff_client, confirm_page, ticked):
    data = shown(staff_client.get(confirm_page))
    staff_client.post(confirm_page, data | {"uten-kopi": ticked})
    assert not Sending.objects.exists()


def test_who_gets_the_copy_changed_since_it_was_shown(staff_client, confirm_page, officer, governor):
    data = shown(staff_client.get(confirm_page))
    other = make_user("oda.embete@example.no", "Oda Embete")
    GovernorContact.objects.create(governor=governor, user=other, started_on=timezone.localdate())
    page = text(staff_client.post(confirm_page, data))
    assert "Dette er endret siden du så det:" in page
    assert f"<li>{governor}</li>" in page
    assert "oda.embete@example.no" in page
    assert not Sending.objects.exists()


def test_the_pages_say_that_the_copy_has_gone_and_to_whom(staff_client, confirm_page, officer, cohort):
    order = sent(staff_client, confirm_page)
    for page in (
        progress(staff_client, order),
        text(staff_client.get(reverse("admin:welcome_cohortletters_change", args=[cohort.pk]))),
    ):
        assert "1 kopi er sendt til statsforvaltere." in page
        assert f"{officer.email}</a>: Venter" in page


def test_a_copy_waits_for_the_letters_on_the_page(staff_client, confirm_page, officer):
    staff_client.post(confirm_page, shown(staff_client.get(confirm_page)))
    page = progress(staff_client, Sending.objects.get())
    assert "Sendes når det siste brevet er sendt" in page
    assert "0 kopier er sendt til statsforvaltere. 1 kopi venter." in page


def test_the_cohorts_page_says_what_lacks_before_anybody_chooses(
    staff_client, cohort, participation, contact, governor
):
    page = text(staff_client.get(reverse("admin:welcome_cohortletters_change", args=[cohort.pk])))
    assert "Disse statsforvalterne får ingen kopi av brevene som kan sendes:" in page
    assert f"<li>{governor}. <span" in page
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    page = text(staff_client.get(reverse("admin:welcome_cohortletters_change", args=[cohort.pk])))
    assert "får ingen kopi" not in page


def test_the_copy_is_sent_later_when_there_is_somebody(staff_client, confirm_page, governor, staff):
    order = sent(staff_client, confirm_page)
    address = reverse("admin:welcome_send_copy", args=[order.copies.get().pk])
    assert address not in progress(staff_client, order)
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    assert address in progress(staff_client, order)
    page = text(staff_client.get(address))
    assert "post@example.no" in page
    assert "Indre Fosen (Trøndelag)" in page
    assert not copies_sent().exists()
    page = text(staff_client.post(address, follow=True))
    assert f"Kopien sendes til {governor} (post@example.no)." in page
    assert LetterCopy.objects.get().sent_by == staff
    page = text(staff_client.post(address, follow=True))
    assert "Denne kopien kan ikke sendes nå." in page
    assert copies_sent().get().to == "post@example.no"


def test_a_copy_cannot_be_sent_before_its_letters(staff_client, confirm_page, officer):
    staff_client.post(confirm_page, shown(staff_client.get(confirm_page)))
    address = reverse("admin:welcome_send_copy", args=[LetterCopy.objects.get().pk])
    assert "Denne kopien kan ikke sendes nå." in text(staff_client.post(address, follow=True))
    assert not copies_sent().exists()


def test_an_office_none_of_whose_letters_was_sent_is_not_shown(staff_client, confirm_page, officer, units):
    staff_client.post(confirm_page, shown(staff_client.get(confirm_page)))
    units[0].name = "Et nytt navn"
    units[0].save()
    order = Sending.objects.get()
    sending.process(order.items.get().pk, now=timezone.now())
    assert "Kopier til statsforvalterne" not in progress(staff_client, order)


FRONT = "/admin/"


def waiting(client) -> list[str]:
    """What the front page says is left for staff to do, about copies."""
    titles = [todo.title for todo in client.get(FRONT).context["copies"]]
    return [title for title in titles if "kopi av velkomstbrevene" in title]


LACKING = "Statsforvaltere uten person og e-postadresse (1)"


def test_the_front_page_says_what_lacks_before_the_letters_go(staff_client, cohort, participation, contact, governor):
    page = text(staff_client.get(FRONT))
    assert LACKING in page
    assert reverse("admin:participants_countygovernor_change", args=[governor.pk]) in page
    assert waiting(staff_client) == []
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    assert LACKING not in text(staff_client.get(FRONT))


@pytest.mark.parametrize("spoilt", ["officer", "withdrawn"])
def test_it_is_silent_about_offices_that_are_reached_or_follow_nobody(
    request, staff_client, participation, units, staff, spoilt
):
    assert LACKING in text(staff_client.get(FRONT))
    if spoilt == "officer":
        request.getfixturevalue("officer")
    else:
        participation.withdrawn_at, participation.withdrawn_by = timezone.now(), staff
        participation.save()
    assert LACKING not in text(staff_client.get(FRONT))


def test_a_copy_that_was_done_without_waits_on_the_front_page(staff_client, confirm_page, governor, cohort):
    order = sent(staff_client, confirm_page)
    assert waiting(staff_client) == ["1 statsforvalter har ikke fått kopi av velkomstbrevene"]
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    assert waiting(staff_client) == [f"{governor} har ikke fått kopi av velkomstbrevene"]
    address = reverse("admin:welcome_send_copy", args=[order.copies.get().pk])
    assert address in text(staff_client.get(FRONT))
    staff_client.post(address)
    assert waiting(staff_client) == []


def listed(client, cohort) -> list[tuple]:
    """What the archive's list says of copies, a row for each letter."""
    response = client.get(reverse("admin:welcome_archive", args=[cohort.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return [row[9:12] for row in table_in(archive.read("innhold.xlsx"))[1:]]


def test_the_archives_list_has_the_copies(staff_client, confirm_page, officer, governor, cohort):
    sent(staff_client, confirm_page)
    at = timezone.localtime(LetterCopy.objects.get().sent_at).replace(tzinfo=None, microsecond=0)
    assert listed(staff_client, cohort) == [(governor.name, officer.email, at)]


def test_the_archives_list_says_where_there_is_no_copy(staff_client, confirm_page, governor, cohort):
    assert listed(staff_client, cohort) == [(None, None, None)]
    sent(staff_client, confirm_page)
    assert listed(staff_client, cohort) == [(governor.name, None, "Sendt uten kopi")]
    LetterCopy.objects.update(waived_at=None, waived_by=None)
    assert listed(staff_client, cohort) == [(governor.name, None, "Ikke sendt ennå")]
