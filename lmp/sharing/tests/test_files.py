"""The files of a publication: uploaded, replaced, taken away, handed out."""

from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance.tests.conftest import text_of
from lmp.sharing.models import FileContent, FileVersion, Publication, SharedFile, file
from lmp.sharing.tests.conftest import PDF, a_file, a_publication, docx
from parts import files


@pytest.fixture
def one(cohort, welcomed, staff) -> Publication:
    return a_publication(cohort, by=staff)


@pytest.fixture
def reader(contact) -> Client:
    client = Client()
    client.force_login(contact)
    return client


def page(publication: Publication) -> str:
    return reverse("sharing:files", args=[publication.pk])


def upload(client: Client, publication: Publication, *files: tuple[str, bytes]):
    return client.post(page(publication), {"uploads": [SimpleUploadedFile(*each) for each in files]})


def names() -> list[str]:
    return list(FileVersion.objects.order_by("pk").values_list("name", flat=True))


class TestUpload:
    def test_several_at_once(self, staff_client, one, staff):
        assert upload(staff_client, one, ("Program æøå.pdf", PDF), ("notat.docx", docx())).status_code == 302
        first = FileVersion.objects.order_by("pk")[0]
        assert (first.name, first.content_type, first.size) == ("Program æøå.pdf", "application/pdf", len(PDF))
        assert (bytes(first.stored.content), first.added_by) == (PDF, staff)
        assert names() == ["Program æøå.pdf", "notat.docx"]

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("program.exe", PDF, "Filer av denne typen kan ikke lastes opp."),
            ("side.html", b"<script>", "Filer av denne typen kan ikke lastes opp."),
            ("bilde.svg", b"<svg>", "Filer av denne typen kan ikke lastes opp."),
            ("uten", PDF, "Filer av denne typen kan ikke lastes opp."),
            ("program.pdf", b"<script>alert(1)</script>", "Innholdet er ikke det filnavnet sier."),
            ("program.docx", PDF, "Innholdet er ikke det filnavnet sier."),
            ("program.pdf", b"", "Fila er tom."),
        ],
    )
    def test_what_is_refused_says_which_and_why_and_the_others_are_kept(self, staff_client, one, name, content, said):
        answer = upload(staff_client, one, (name, content), ("god.pdf", PDF))
        assert answer.status_code == 422
        assert f"{name}: {said}" in text_of(answer)
        assert "1 fil er lastet opp." in text_of(answer)
        assert names() == ["god.pdf"]

    def test_what_is_too_large_is_said(self, staff_client, one, monkeypatch):
        monkeypatch.setattr(files, "MAX_BYTES", 100_000)
        answer = upload(staff_client, one, ("stor.pdf", PDF + b"." * 200_000), ("liten.pdf", PDF))
        assert "stor.pdf: Fila er større enn 20 MB." in text_of(answer)
        assert names() == ["liten.pdf"]

    def test_nothing_chosen(self, staff_client, one):
        assert "Velg minst én fil." in text_of(staff_client.post(page(one), {}))

    def test_a_long_name_with_a_path(self, staff_client, one):
        upload(staff_client, one, (f"C:\\Mine\\{'ø' * 300}.pdf", PDF))
        assert names() == [f"{'ø' * 196}.pdf"]

    def test_the_same_file_again_is_one(self, staff_client, one):
        for _press in range(2):
            assert upload(staff_client, one, ("a.pdf", PDF)).status_code == 302
        assert SharedFile.objects.count() == 1

    def test_the_same_content_under_two_names_is_two_and_sent_again_no_more(self, staff_client, one):
        for name in ("a.pdf", "b.pdf", "a.pdf", "b.pdf"):
            upload(staff_client, one, (name, PDF))
        assert names() == ["a.pdf", "b.pdf"]

    def test_another_of_the_same_name_is_kept_beside_and_told_of(self, staff_client, one):
        upload(staff_client, one, ("a.pdf", PDF))
        upload(staff_client, one, ("a.pdf", PDF + b"2"))
        assert names() == ["a.pdf", "a.pdf"]
        assert "Innlegget har to filer som heter a.pdf." in text_of(staff_client.get(page(one)))

    def test_no_more_than_there_is_room_for(self, staff_client, one, monkeypatch):
        monkeypatch.setattr("lmp.sharing.files.MAX_FILES", 1)
        answer = upload(staff_client, one, ("a.pdf", PDF), ("b.pdf", PDF + b"2"))
        assert "b.pdf: Et innlegg kan ha høyst 1 filer." in text_of(answer)
        assert names() == ["a.pdf"]
        assert file.MAX_FILES == 30


class TestANewVersion:
    @pytest.fixture
    def kept(self, one, staff) -> SharedFile:
        return a_file(one, by=staff)

    def replace(self, client, kept, name="program.pdf", content=PDF + b"2"):
        url = reverse("sharing:replace", args=[kept.pk])
        return client.post(url, {"file": SimpleUploadedFile(name, content)})

    def test_is_handed_out_from_the_old_link_and_the_old_is_staffs(self, staff_client, reader, one, kept):
        old = kept.versions.get()
        assert self.replace(staff_client, kept).url == page(one)
        assert reader.get(kept.get_absolute_url()).getvalue() == PDF + b"2"
        assert staff_client.get(old.get_absolute_url()).getvalue() == PDF
        assert reader.get(old.get_absolute_url()).status_code == 404
        assert "Ny versjon" in text_of(reader.get(one.get_absolute_url()))

    def test_sent_twice_is_one(self, staff_client, kept):
        for _press in range(2):
            assert self.replace(staff_client, kept).status_code == 302
        assert kept.versions.count() == 2

    @pytest.mark.parametrize(("name", "content"), [("a.exe", PDF), ("a.pdf", b""), ("a.pdf", b"MZ")])
    def test_is_judged_as_the_first_was(self, staff_client, kept, name, content):
        assert self.replace(staff_client, kept, name, content).status_code == 422
        assert kept.versions.count() == 1

    def test_nothing_chosen(self, staff_client, kept):
        answer = staff_client.post(reverse("sharing:replace", args=[kept.pk]))
        assert "Velg en fil." in text_of(answer)


def test_what_is_taken_away_is_kept_but_handed_out_to_nobody(staff_client, reader, one, staff):
    kept = a_file(one, by=staff)
    url = reverse("sharing:remove", args=[kept.pk])
    for _press in range(2):
        assert staff_client.post(url).url == page(one)
    kept.refresh_from_db()
    assert kept.removed_by == staff
    assert reader.get(kept.get_absolute_url()).status_code == 404
    assert "program.pdf" not in text_of(reader.get(one.get_absolute_url()))
    assert FileContent.objects.count() == 1
    assert staff_client.get(reverse("sharing:replace", args=[kept.pk])).url == page(one)


class TestHandedOut:
    @pytest.mark.parametrize("name", ["Årsplan (v2).pdf", "x.txt", 'a"b;c.pdf'])
    def test_as_a_file_to_keep_by_its_own_name(self, reader, one, staff, name):
        kept = a_file(one, name, b"tekst" if name.endswith("txt") else PDF, by=staff)
        answer = reader.get(kept.get_absolute_url())
        assert answer["Content-Disposition"].startswith("attachment;")
        if not name.isascii():
            assert quote(name) in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"]

    def test_only_to_those_who_read_the_publication(self, client, one, everybody, staff):
        kept = a_file(one, by=staff)
        for name, person in everybody.items():
            client.force_login(person)
            expected = 404 if name in ("stranger", "former_contact", "former_supervisor") else 200
            assert client.get(kept.get_absolute_url()).status_code == expected, name

    def test_no_longer_when_it_is_taken_back(self, reader, one, staff):
        kept = a_file(one, by=staff)
        one.take_back(by=staff, now=timezone.now())
        assert reader.get(kept.get_absolute_url()).status_code == 404

    def test_no_page_reads_what_is_in_it(self, staff_client, reader, one, staff):
        a_file(one, by=staff)
        pages = [(reader, one.get_absolute_url()), (reader, reverse("sharing:list")), (staff_client, page(one))]
        for client, url in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            assert not [sql for sql in queries if "sharing_filecontent" in sql["sql"]]
