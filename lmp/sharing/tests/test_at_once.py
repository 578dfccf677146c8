"""Several presses and tabs at once, on PostgreSQL: one draft, one file, one reading, one publishing."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from lmp.sharing import access, files, reading, telling
from lmp.sharing.models import Announcement, Publication, Reading, SharedFile
from lmp.sharing.tests.conftest import PDF, a_publication
from lmp.writing.models import Writing
from lmp.writing.tests.test_sending_at_once import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(cohort, welcomed, contact, staff) -> Publication:
    return a_publication(cohort, is_draft=True, by=staff)


def publish(publication: Publication, staff) -> None:
    with transaction.atomic():
        access.shared(staff, publication.pk, lock=True).publish(by=staff, now=timezone.now())


def add(publication: Publication, staff) -> None:
    with transaction.atomic():
        found = access.shared(staff, publication.pk, lock=True)
        files.add(found, [SimpleUploadedFile("a.pdf", PDF)], by=staff, now=timezone.now())


def test_the_same_form(cohort, staff):
    facts, token = {"cohort": cohort, "title_nb": "Program"}, uuid.uuid4()
    at_once(lambda: Publication.write(facts=facts, token=token, by=staff, now=timezone.now()))
    assert Publication.objects.count() == 1


def test_published_and_told_of_once(one, staff):
    at_once(lambda: publish(one, staff))
    assert one.history.filter(published_at__isnull=False).count() == 1
    at_once(lambda: telling.draft(one, reason=Announcement.Reason.NEWS, by=staff, now=timezone.now()))
    assert (Announcement.objects.count(), Writing.objects.count()) == (1, 1)
    assert Writing.objects.get().recipients.count() == 1


def test_read_in_several_tabs(one, contact, staff):
    publish(one, staff)
    at_once(lambda: reading.note(one, contact, now=timezone.now()))
    assert Reading.objects.count() == 1


def test_the_same_file(one, staff):
    at_once(lambda: add(one, staff))
    assert SharedFile.objects.count() == 1
