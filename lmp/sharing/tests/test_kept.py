"""How long readings are kept, whose they are when two are one, what a person sees of them; and what is struck."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import personal_data
from accounts.models import User
from guidance.tests.conftest import text_of
from lmp.changes import merging
from lmp.sharing import erasing, reading, telling
from lmp.sharing.models import FileContent, Publication, Reading
from lmp.sharing.tests.conftest import a_file, a_publication
from lmp.writing import erasing as of_writing
from lmp.writing import sending
from lmp.writing.models import Recipient, Writing
from outbox.models import Message
from participants import erasing as of_participants
from parts.dates import midnight


@pytest.fixture
def one(cohort, everybody, staff) -> Publication:
    found = a_publication(cohort, title_nb="Kari Hansen, 9 år", text_nb="Om Kari Hansen", title_nn="", by=staff)
    a_file(found, "Kari Hansen.pdf", by=staff)
    return found


def tell(publication: Publication, *, by: User) -> Writing:
    writing = telling.draft(publication, reason="news", by=by, now=timezone.now())
    return sending.order(writing.pk, seen=writing.fingerprint, by=by, now=timezone.now())


class TestErasing:
    @pytest.fixture
    def over(self, cohort):
        return midnight(cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1))

    def test_readings_and_recipients_go_and_what_was_shared_stays(self, one, everybody, staff, over):
        for name in ("contact", "supervisor", "officer"):
            reading.note(one, everybody[name], now=timezone.now())
        tell(one, by=staff)
        assert erasing.erase_old(now=over - timedelta(days=1)) == 0
        assert Reading.objects.count() == 3
        assert erasing.erase_old(now=over) == 3
        of_writing.erase_old(now=over)
        assert not Recipient.objects.exists()
        assert not Writing.objects.exists()
        assert Publication.objects.get() == one
        assert FileContent.objects.count() == 1

    def test_a_person_with_nothing_else_goes_too(self, one, participant, over, staff):
        reading.note(one, participant, now=timezone.now())
        participant.registrations.all().delete()
        erasing.erase_old(now=over)
        assert not User.objects.filter(pk=participant.pk).exists()

    def test_contacts_can_go_after_it(self, one, contact, over, staff):
        reading.note(one, contact, now=timezone.now())
        erasing.erase_old(now=over)
        of_participants.erase_old(today=timezone.localdate(over))
        assert not User.objects.filter(pk=contact.pk).exists()


def test_two_who_are_one_have_read_what_either_did_and_since_the_first(one, cohort, contact, head, staff):
    other, now = a_publication(cohort, by=staff), timezone.now()
    reading.note(one, contact, now=now)
    reading.note(one, head, now=now - timedelta(days=1))
    reading.note(other, head, now=now)
    merging.merge(contact, head, by=staff, now=now)
    assert set(Reading.objects.values_list("person", "publication", "read_at")) == {
        (contact.pk, one.pk, now - timedelta(days=1)),
        (contact.pk, other.pk, now),
    }


def test_a_person_sees_what_is_stored_of_them(one, contact, head, staff):
    version = one.files.get().versions.get()
    reading.note(one, contact, version=version, now=timezone.now())
    rows = dict(personal_data.sections(contact))["Dokumenter og nyheter"]
    assert [what for _when, what in rows] == ["Åpnet Kari Hansen, 9 år", "Lastet ned Kari Hansen.pdf"]
    assert not dict(personal_data.sections(head))["Dokumenter og nyheter"]
    [(_when, what)] = dict(personal_data.sections(staff))["Dokumenter og nyheter"]
    assert what == "Lagt ut av deg: Kari Hansen, 9 år"


class TestStriking:
    def strike(self, client: Client, name: str, pk: int, *texts: str):
        url = reverse(f"removing:{name}", args=[pk])
        return client.post(url, {"texts": texts, "reason": "child", "_confirmed": "1"})

    def test_a_text_goes_everywhere_it_stood(self, staff_client, one, contact, staff):
        writing = tell(one, by=staff)
        unsent = telling.draft(one, reason="unread", by=staff, now=timezone.now())
        answer = self.strike(staff_client, "strike_publication", one.pk, "title_nb", "text_nb")
        assert answer.status_code == 302
        one.refresh_from_db()
        assert (one.title_nb, one.text_nb, str(one)) == ("", "", "Uten tittel")
        assert not one.history.exclude(title_nb="").exists()
        for row in (writing, unsent):
            row.refresh_from_db()
            assert "Kari Hansen, 9 år" not in f"{row} {row.subject_nb} {row.body_nb}"
        mails = Message.objects.filter(text_name="sharing.news")
        assert mails.count() == 9
        for mail in mails:
            assert "9 år" not in " ".join([mail.subject, mail.body, mail.html, mail.why, mail.about_label])
        reader = Client()
        reader.force_login(contact)
        page = text_of(reader.get(one.get_absolute_url()))
        assert "Teksten er fjernet av Stine Stab" in page
        assert "9 år" not in page

    def test_a_file_goes_with_its_content_and_name(self, staff_client, one, contact, staff):
        tell(one, by=staff)
        version = one.files.get().versions.get()
        answer = self.strike(staff_client, "strike_file", version.pk)
        assert answer.url == reverse("sharing:files", args=[one.pk])
        version.refresh_from_db()
        assert version.name == ""
        assert not FileContent.objects.exists()
        assert not Message.objects.filter(body__contains="Kari Hansen.pdf").exists()
        reader = Client()
        reader.force_login(contact)
        assert reader.get(version.file.get_absolute_url()).status_code == 404
        page = text_of(reader.get(one.get_absolute_url()))
        assert "Kari Hansen.pdf" not in page
        assert "er fjernet av Stine Stab" in page
        assert staff_client.get(reverse("removing:strike_file", args=[version.pk])).status_code == 302

    def test_in_other_publications_the_same_words_stay(self, staff_client, one, cohort, staff):
        other = a_publication(cohort, title_nb="Kari Hansen, 9 år", title_nn="", by=staff)
        tell(other, by=staff)
        self.strike(staff_client, "strike_publication", one.pk, "title_nb")
        assert Message.objects.filter(subject__contains="Kari Hansen, 9 år").count() == 9
