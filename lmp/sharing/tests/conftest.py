"""A pulje of two municipalities that have had their letters, a gathering in it, and what is shared with them."""

import io
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from gatherings.models import Gathering, Registration
from guidance.tests.conftest import sign_in
from lmp.sharing import files
from lmp.sharing.models import Publication, SharedFile
from participants.models import Cohort, Participation

PDF = b"%PDF-1.7\n..."


def docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
        archive.writestr(zipfile.ZipInfo("word/document.xml"), "<d/>")
    return file.getvalue()


def a_publication(cohort: Cohort, *, by: User, **facts) -> Publication:
    """Published, unless it says otherwise."""
    now = timezone.now()
    is_draft = facts.pop("is_draft", False)
    made = Publication.write(
        facts={"cohort": cohort, "title_nb": "Program og praktisk", "title_nn": "Program og praktisk"} | facts,
        token=uuid.uuid4(),
        by=by,
        now=now,
    )
    if not is_draft:
        made.publish(by=by, now=now)
    return made


def a_file(publication: Publication, name: str = "program.pdf", content: bytes = PDF, *, by: User) -> SharedFile:
    [version], refused = files.add(publication, [SimpleUploadedFile(name, content)], by=by, now=timezone.now())
    assert not refused
    return version.file


def register(person: User, gathering: Gathering, participation: Participation, *, by: User) -> Registration:
    now = timezone.now()
    facts = {"name": person.name, "function": "staff", "travel": "none", "registered_at": now, "registered_by": by}
    return Registration.objects.create(gathering=gathering, participation=participation, user=person, **facts)


@pytest.fixture
def staff_client(client, staff) -> Client:
    return sign_in(client, staff)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def welcomed(participation, other_participation, staff) -> Participation:
    """Both municipalities have had their letters."""
    for each in (participation, other_participation):
        each.welcome(by=staff, now=timezone.now())
    return participation


@pytest.fixture
def gathering(cohort, today) -> Gathering:
    return Gathering.objects.create(cohort=cohort, semester=1, starts_on=today + timedelta(days=21), settled="fixed")


@pytest.fixture
def participant(gathering, welcomed, staff) -> User:
    """Works at a school, has no function, and is registered."""
    person = make_user("petra.pamelding@example.no", "Petra Påmeldt")
    register(person, gathering, welcomed, by=staff)
    return person


PEOPLE = ["contact", "head", "other_contact", "supervisor", "other_supervisor", "leader", "officer", "other_officer"]
OUTSIDE = ["former_contact", "former_supervisor", "stranger"]


@pytest.fixture
def everybody(request, participant) -> dict[str, User]:
    """The cast but staff, by name."""
    return {name: request.getfixturevalue(name) for name in [*PEOPLE, *OUTSIDE]} | {"participant": participant}
