"""The person's own mails: what comes and why, what has gone, opened again by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.mails import SIGN_IN_CODE
from conftest import make_contact
from guidance.tests.conftest import noon
from lmp.overview.tests.test_my_page import said
from outbox import plan
from outbox.models import Message
from outbox.posting import post
from participants.confirmation import asking
from participants.mails import texts
from participants.models import Contact
from parts.dates import day_in_words
from parts.files import File

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")

URL = reverse("overview:own_mails")


@pytest.fixture
def mail(contact, participation) -> Message:
    values = dict.fromkeys(texts.REMINDER.placeholders, "et ord")
    files = [File("brev.pdf", "application/pdf", b"%PDF"), File("samling.ics", "text/calendar; method=REQUEST", b"-")]
    facts = {"language": "nb", "values": values, "why": "-", "now": timezone.now(), "attachments": files}
    return post(texts.REMINDER, key="own", to=contact, **facts)


@pytest.fixture
def asked(participation, contact, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=30), by=staff, now=now)


def test_one_reads_what_one_will_be_reminded_of_and_when(client, asked, contact, other_contact):
    now = timezone.now()
    mine = [each for each in plan.everything(now, now + timedelta(days=60)) if each.recipient.pk == contact.pk]
    assert mine, "nothing to read about"
    client.force_login(contact)
    text = said(client.get(URL))
    for each in mine:
        assert day_in_words(timezone.localdate(each.send_at)) in text.lower()
        assert each.why[1:] in text
    client.force_login(other_contact)
    assert "Ingen e-poster til deg er planlagt" in said(client.get(URL))


def test_reminders_of_one_thing_are_one_line_with_their_days(client, asked, contact):
    client.force_login(contact)
    before, after = client.get(URL).context["coming"]
    text = said(client.get(URL))
    why = f"Indre Fosen (Pulje 9) har ikke bekreftet, frist til og med {day_in_words(asked.due_on)}."
    assert text.count(why) == 2  # before the deadline, and after it
    for mails in (before, after):
        assert len(mails) > 1
        for number, mail in enumerate(mails, start=1):
            assert f"{number} av {len(mails)}: {day_in_words(timezone.localdate(mail.send_at))}" in text


def test_what_is_done_is_not_reminded_of(client, asked, contact, units, staff):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    client.force_login(contact)
    assert "Ingen e-poster til deg er planlagt" in said(client.get(URL))


def test_ppt_is_told_what_it_is_not_told(client, participation, stranger, staff):
    participation.welcome(by=staff, now=timezone.now())
    make_contact(participation, stranger, Contact.Function.PPT, by=staff)
    client.force_login(stranger)
    assert "PP-tjenesten får verken velkomstbrevet eller påminnelser om å bekrefte." in said(client.get(URL))


def test_a_mail_is_opened_again(client, mail, contact):
    client.force_login(contact)
    address = reverse("overview:own_mail", args=[mail.pk])
    page = client.get(URL)
    assert f'href="{address}"' in page.content.decode()
    assert f"{mail.subject} (venter)" in said(page)
    Message.objects.update(sent_at=timezone.now())
    text = said(client.get(address))
    assert mail.subject in text
    assert "et ord" in text
    assert f"Sendt {day_in_words(timezone.localdate())}" in text


def test_its_files_but_for_an_old_calendar_entry(client, mail, contact):
    client.force_login(contact)
    letter, entry = mail.attachments.order_by("pk")
    page = client.get(reverse("overview:own_mail", args=[mail.pk])).content.decode()
    assert reverse("overview:own_file", args=[mail.pk, letter.pk]) in page
    assert "samling.ics" in page
    assert reverse("overview:own_file", args=[mail.pk, entry.pk]) not in page
    sent = client.get(reverse("overview:own_file", args=[mail.pk, letter.pk]))
    assert b"".join(sent) == b"%PDF"
    assert sent["Content-Type"] == "application/octet-stream"
    assert sent["Content-Disposition"] == 'attachment; filename="brev.pdf"'
    assert client.get(reverse("overview:own_file", args=[mail.pk, entry.pk])).status_code == 404


@pytest.mark.parametrize("who", ["head", "other_contact", "stranger", "officer", "staff_without_factor"])
def test_nobody_opens_anothers(client, request, mail, units, who):
    client.force_login(request.getfixturevalue(who))
    letter = mail.attachments.order_by("pk")[0]
    for address in (
        reverse("overview:own_mail", args=[mail.pk]),
        reverse("overview:own_file", args=[mail.pk, letter.pk]),
    ):
        assert client.get(address).status_code in {302, 404}
    assert mail.subject not in client.get(URL).content.decode()


@pytest.mark.parametrize("used", [False, True])
def test_a_code_is_never_shown_again(client, contact, used):
    values = dict.fromkeys(SIGN_IN_CODE.placeholders, "K0DE")
    mail = post(SIGN_IN_CODE, key="code", to=contact, language="nb", values=values, why="-", now=timezone.now())
    if used:
        Message.objects.update(sent_at=timezone.now(), body="", html="")
    client.force_login(contact)
    page = said(client.get(reverse("overview:own_mail", args=[mail.pk])))
    assert "En kode vises ikke igjen." in page
    assert "K0DE" not in page


def test_a_text_that_was_struck_is_not_there(client, mail, contact):
    Message.objects.update(body="", html="")
    client.force_login(contact)
    assert "Teksten er ikke tatt vare på." in said(client.get(reverse("overview:own_mail", args=[mail.pk])))


def test_not_signed_in(client, mail):
    for address in (URL, reverse("overview:own_mail", args=[mail.pk])):
        assert client.get(address).url.startswith(reverse("account_login"))


def test_a_round_that_one_has_answered_leads_to_its_receipt(client, asked, contact, participation, staff):
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    receipt = reverse("participants:receipt", args=[participation.pk, 1])
    client.force_login(contact)
    page = client.get(reverse("accounts:me")).content.decode()
    assert f'<a class="ds-link" href="{receipt}">runde 1</a>' in page
    assert f'href="{URL}"' in page
    assert (
        "runde 1"
        in client.get(reverse("accounts:export")).json()["opplysninger"]["Bekreftelser du har sendt"][0]["verdi"]
    )
    Contact.objects.filter(user=contact).update(ended_at=timezone.now(), ended_by=staff)
    assert receipt not in client.get(reverse("accounts:me")).content.decode(), "it would be a page that is not there"
