"""Documents: uploaded by the staff, for those who see the gathering."""

import io
import zipfile
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gatherings.models import Document
from parts import files

PDF = b"%PDF-1.7\n..."
PNG = b"\x89PNG\r\n\x1a\n..."
JPG = b"\xff\xd8\xff\xe0..."


def office(folder: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
        archive.writestr(zipfile.ZipInfo(f"{folder}/document.xml"), "<d/>")
    return file.getvalue()


def short(value) -> str:
    return str(value)[:12]


def page(gathering) -> str:
    return reverse("admin:gatherings_gathering_documents", args=[gathering.pk])


def upload(client, gathering, name: str, content: bytes, title: str = "Program dag 1"):
    return client.post(page(gathering), {"title": title, "file": SimpleUploadedFile(name, content)})


@pytest.fixture
def made(gathering, staff):
    def made(name="Bæ Øy Å.pdf", content=PDF, content_type="application/pdf", title="Program") -> Document:
        return Document.objects.create(
            gathering=gathering,
            title=title,
            name=name,
            content=content,
            content_type=content_type,
            size=len(content),
            uploaded_at=timezone.now(),
            uploaded_by=staff,
        )

    return made


class TestUpload:
    @pytest.mark.parametrize(
        ("name", "content", "content_type"),
        [
            ("program.pdf", PDF, "application/pdf"),
            ("PROGRAM.PDF", PDF, "application/pdf"),
            ("bilde.png", PNG, "image/png"),
            ("bilde.jpg", JPG, "image/jpeg"),
            ("bilde.jpeg", JPG, "image/jpeg"),
            ("notat.docx", office("word"), files.KINDS["docx"][0]),
            ("tall.xlsx", office("xl"), files.KINDS["xlsx"][0]),
            ("foredrag.pptx", office("ppt"), files.KINDS["pptx"][0]),
        ],
        ids=short,
    )
    def test_a_document_is_stored_as_it_was_sent(self, staff_client, gathering, staff, name, content, content_type):
        assert upload(staff_client, gathering, name, content).status_code == 302
        found = Document.objects.get()
        assert (bytes(found.content), found.size) == (content, len(content))
        assert (found.name, found.content_type, found.uploaded_by) == (name, content_type, staff)

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("name", "content", "message"),
        [
            ("program.exe", PDF, "Filer av denne typen kan ikke lastes opp."),
            ("program.html", b"<script>", "Filer av denne typen kan ikke lastes opp."),
            ("program.svg", b"<svg>", "Filer av denne typen kan ikke lastes opp."),
            ("program", PDF, "Filer av denne typen kan ikke lastes opp."),
            ("program.docm", office("word"), "Filer av denne typen kan ikke lastes opp."),
            ("program.pdf", b"<script>alert(1)</script>", "Innholdet er ikke det filnavnet sier."),
            ("program.pdf", b"", "Innholdet er ikke det filnavnet sier."),
            ("bilde.png", JPG, "Innholdet er ikke det filnavnet sier."),
            ("notat.docx", b"PK\x03\x04 not a zip", "Innholdet er ikke det filnavnet sier."),
            ("notat.docx", office("xl"), "Innholdet er ikke det filnavnet sier."),
            ("notat.docx", PDF, "Innholdet er ikke det filnavnet sier."),
            (f"{'x' * 200}.pdf", PDF, "200"),
        ],
        ids=short,
    )
    def test_what_is_refused_says_why_and_keeps_the_title(self, staff_client, gathering, name, content, message):
        answer = upload(staff_client, gathering, name, content, title="Min tittel")
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert 'value="Min tittel"' in answer.content.decode()
        assert not Document.objects.exists()

    def test_too_large(self, staff_client, gathering, monkeypatch):
        monkeypatch.setattr(files, "MAX_BYTES", len(PDF))
        assert upload(staff_client, gathering, "a.pdf", PDF).status_code == 302
        answer = upload(staff_client, gathering, "b.pdf", PDF + b".")
        assert "større enn 20 MB" in answer.content.decode()
        assert Document.objects.count() == 1

    def test_the_limit_is_twenty_megabytes(self):
        assert files.MAX_BYTES == 20 * 2**20

    def test_pressed_twice_is_kept_once(self, staff_client, gathering):
        upload(staff_client, gathering, "a.pdf", PDF)
        assert upload(staff_client, gathering, "a.pdf", PDF).status_code == 302
        upload(staff_client, gathering, "a.pdf", PDF + b"new")
        assert Document.objects.count() == 2

    def test_nothing_chosen(self, staff_client, gathering):
        answer = staff_client.post(page(gathering), {"title": ""})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"title", "file"}

    def test_a_contact_uploads_nothing(self, client, contact, gathering):
        client.force_login(contact)
        upload(client, gathering, "a.pdf", PDF)
        assert not Document.objects.exists()


class TestList:
    def test_on_the_gatherings_page_too(self, staff_client, gathering, made):
        made(title="Program dag 1")
        change = reverse("admin:gatherings_gathering_change", args=[gathering.pk])
        for url in (page(gathering), change):
            assert "Program dag 1" in staff_client.get(url).content.decode()

    def test_empty_says_so(self, staff_client, gathering):
        assert "Ingen dokumenter er lastet opp ennå." in staff_client.get(page(gathering)).content.decode()

    def test_what_is_in_the_files_is_not_read(self, staff_client, gathering, made):
        made()
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(page(gathering))
        asked = [query["sql"] for query in queries if 'FROM "gatherings_document"' in query["sql"]]
        assert asked
        assert not [sql for sql in asked if '"gatherings_document"."content",' in sql]

    def test_delete_asks_first(self, staff_client, gathering, made):
        url = reverse("admin:gatherings_gathering_document_delete", args=[gathering.pk, made().pk])
        assert "Slette dokumentet?" in staff_client.get(url).content.decode()
        assert Document.objects.exists()
        assert staff_client.post(url).status_code == 302
        assert not Document.objects.exists()
        assert "Dokumentet er slettet." in staff_client.post(url, follow=True).content.decode()

    def test_another_gatherings_document_stays(self, staff_client, gathering, made, cohort):
        other = type(gathering).objects.create(cohort=cohort, semester=2)
        staff_client.post(reverse("admin:gatherings_gathering_document_delete", args=[other.pk, made().pk]))
        assert Document.objects.exists()


class TestReading:
    @pytest.mark.parametrize("person", ["contact", "head", "officer", "staff_client"])
    def test_those_who_see_the_gathering(self, client, request, made, person):
        found = made()
        user = request.getfixturevalue(person)
        if person != "staff_client":
            client.force_login(user)
        answer = client.get(found.get_absolute_url())
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)

    @pytest.mark.parametrize("person", ["stranger", "former_contact", "supervisor"])
    def test_who_is_not_in_the_cohort_finds_no_document(self, client, request, made, person):
        client.force_login(request.getfixturevalue(person))
        assert client.get(made().get_absolute_url()).status_code == 404

    def test_a_contact_of_another_cohort(self, client, made, other_contact, other_participation):
        cohort = type(other_participation.cohort).objects.create(
            number=77, first_year=2026, starts_on="2026-09-01", confirm_by="2026-08-01"
        )
        type(other_participation).objects.filter(pk=other_participation.pk).update(cohort=cohort)
        client.force_login(other_contact)
        assert client.get(made().get_absolute_url()).status_code == 404

    def test_not_signed_in(self, client, made):
        answer = client.get(made().get_absolute_url())
        assert answer.status_code == 302
        assert reverse("account_login") in answer.url

    def test_how_it_is_sent(self, client, contact, made):
        client.force_login(contact)
        answer = client.get(made().get_absolute_url())
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == f"inline; filename*=utf-8''{quote('Bæ Øy Å.pdf')}"
        assert "private" in answer["Cache-Control"]

    @pytest.mark.parametrize(
        ("content_type", "how"),
        [("image/png", "inline"), ("image/jpeg", "inline"), (files.KINDS["docx"][0], "attachment")],
    )
    def test_shown_or_kept(self, client, contact, made, content_type, how):
        client.force_login(contact)
        answer = client.get(made(content_type=content_type).get_absolute_url())
        assert answer["Content-Disposition"].startswith(how)
