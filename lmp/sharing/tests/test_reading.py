"""What a reader sees, that it is known to have been read, and what staff see of that."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import withdraw
from gatherings.models import Document
from guidance.tests.conftest import text_of
from lmp.sharing import files, reading
from lmp.sharing.models import Publication, Reading
from lmp.sharing.tests.conftest import a_file, a_publication
from participants.models import Cohort

LIST = reverse("sharing:list")


@pytest.fixture
def one(cohort, welcomed, staff) -> Publication:
    return a_publication(cohort, title_nb="Bokmålstittel", title_nn="Nynorsktittel", by=staff)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestARead:
    def test_is_stored_the_first_time(self, one, contact):
        client = browser(contact)
        client.get(one.get_absolute_url())
        first = Reading.objects.get()
        assert (first.person, first.publication, first.version) == (contact, one, None)
        client.get(one.get_absolute_url())
        assert Reading.objects.get().read_at == first.read_at

    def test_is_a_download_too(self, one, contact, staff):
        kept = a_file(one, by=staff)
        browser(contact).get(kept.get_absolute_url())
        assert set(Reading.objects.values_list("version", flat=True)) == {None, kept.versions.get().pk}

    def test_is_not_a_look_at_the_head_nor_staffs(self, one, contact, staff_client, staff):
        browser(contact).head(one.get_absolute_url())
        staff_client.get(one.get_absolute_url())
        assert not Reading.objects.exists()

    def test_is_told_to_the_reader(self, one, contact):
        page = text_of(browser(contact).get(one.get_absolute_url()))
        assert "Ansatte i Utdanningsdirektoratet ser at du har åpnet dette" in page
        assert "For ansatte" not in page

    def test_is_not_stored_of_who_may_not_open_it(self, one, stranger):
        assert browser(stranger).get(one.get_absolute_url()).status_code == 404
        assert not Reading.objects.exists()


class TestTheReadersList:
    def test_the_newest_first_with_what_is_unread(self, one, cohort, contact, staff):
        later = a_publication(cohort, title_nb="Nyere", title_nn="", by=staff)
        Publication.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(seconds=9))
        client = browser(contact)
        client.get(one.get_absolute_url())
        rows = client.get(LIST).context["rows"]
        assert [(title, is_unread) for _publication, title, _text, _language, is_unread in rows] == [
            ("Nyere", True),
            ("Bokmålstittel", False),
        ]

    def test_in_the_readers_language_or_the_one_it_has(self, one, cohort, contact, staff):
        a_publication(cohort, title_nb="Bare bokmål", title_nn="", by=staff)
        User.objects.filter(pk=contact.pk).update(language="nn")
        page = browser(contact).get(LIST).text
        assert 'lang="nn">Nynorsktittel' in page
        assert 'lang="nb">Bare bokmål' in page

    def test_by_what_it_is_about_and_by_words(self, one, cohort, gathering, contact, staff):
        about = a_publication(cohort, title_nb="Om samlingen", gathering=gathering, by=staff)
        a_file(about, "Kjøreplan.pdf", by=staff)
        client = browser(contact)

        def titles(query: str) -> list[str]:
            return [row[1] for row in client.get(LIST + query).context["rows"]]

        assert titles(f"?gjelder={cohort.pk}-{gathering.pk}-") == ["Om samlingen"]
        assert titles("?q=kjøreplan") == ["Om samlingen"]
        assert titles("?q=BOKMÅL") == ["Bokmålstittel"]
        assert titles("?q=finnes+ikke") == []
        assert len(titles("?gjelder=1-2&page=x")) == 2

    def test_has_the_gatherings_own_documents_too(self, one, gathering, contact, staff):
        facts = {"name": "p.pdf", "content": b"%PDF-", "content_type": "application/pdf", "size": 5}
        Document.objects.create(
            gathering=gathering, title="Hotellkart", uploaded_at=timezone.now(), uploaded_by=staff, **facts
        )
        assert "Hotellkart" in browser(contact).get(LIST).text

    def test_empty_says_when_something_comes(self, stranger):
        assert "Ingenting er lagt ut for deg ennå." in text_of(browser(stranger).get(LIST))


class TestOnOtherPages:
    def test_my_page_tells_what_is_unread_of_every_kind_of_person(self, one, everybody):
        for name, person in everybody.items():
            page = text_of(browser(person).get("/"))
            expected = name not in ("stranger", "former_contact", "former_supervisor")
            assert ("Nytt siden sist" in page) == expected, name

    def test_my_page_is_quiet_when_all_is_read(self, one, contact):
        client = browser(contact)
        client.get(one.get_absolute_url())
        assert "Nytt siden sist" not in text_of(client.get("/"))

    def test_my_page_is_quiet_about_a_pulje_that_is_over(self, one, cohort, contact):
        assert "Nytt siden sist" in text_of(browser(contact).get("/"))
        Cohort.objects.filter(pk=cohort.pk).update(first_year=2018, starts_on="2018-09-01")
        assert "Nytt siden sist" not in text_of(browser(contact).get("/"))
        assert "Bokmålstittel" in text_of(browser(contact).get(LIST))

    def test_my_page_shows_three_and_how_many(self, one, cohort, contact, staff):
        for number in range(4):
            a_publication(cohort, title_nb=f"Nyhet {number}", by=staff)
        assert "Se alle 5 du ikke har lest" in text_of(browser(contact).get("/"))

    def test_what_belongs_there(self, one, cohort, gathering, participation, other_participation, contact, staff):
        a_publication(cohort, title_nb="Til samlingen", gathering=gathering, by=staff)
        a_publication(cohort, title_nb="Til fylket", county=participation.municipality.county, by=staff)
        a_publication(cohort, title_nb="Til et annet", county=other_participation.municipality.county, by=staff)
        client = browser(contact)
        pages = {
            reverse("desk:cohort", args=[cohort.pk]): {"Bokmålstittel", "Til samlingen", "Til fylket"},
            participation.get_absolute_url(): {"Bokmålstittel", "Til samlingen", "Til fylket"},
            gathering.get_absolute_url(): {"Til samlingen"},
        }
        for url, titles in pages.items():
            page = client.get(url).text
            shown = {t for t in ("Bokmålstittel", "Til samlingen", "Til fylket", "Til et annet") if t in page}
            assert shown == titles, url

    def test_staff_begin_from_there(self, staff_client, cohort, gathering):
        page = staff_client.get(reverse("desk:cohort", args=[cohort.pk])).text
        assert f"{reverse('sharing:new')}?pulje={cohort.pk}" in page
        page = staff_client.get(gathering.get_absolute_url()).text
        assert f"{reverse('sharing:new')}?samling={gathering.pk}" in page

    def test_staff_see_all_of_what_the_page_is_about(self, staff_client, cohort, gathering, staff):
        for number in range(6):
            a_publication(cohort, title_nb=f"Nyhet {number}", gathering=gathering, by=staff)
        assert f"{LIST}?pulje={cohort.pk}" in staff_client.get(reverse("desk:cohort", args=[cohort.pk])).text
        assert f"{LIST}?samling={gathering.pk}" in staff_client.get(gathering.get_absolute_url()).text


class TestReaders:
    def test_read_not_read_and_no_longer_there(self, one, everybody, participation, staff):
        kept = a_file(one, by=staff)
        now = timezone.now()
        for name in ("contact", "other_contact"):
            reading.note(one, everybody[name], version=kept.versions.get(), now=now)
        withdraw(participation, by=staff, now=now)
        found = {reader.name: reader for reader in reading.readers(one, today=timezone.localdate())}
        assert {name: reader.state for name, reader in found.items()} == {
            "Kari Kontakt": reading.GONE,
            "Birger Bergen": reading.READ,
            "Oddvar Veileder": reading.UNREAD,
            "Vilde Vest": reading.UNREAD,
            "Pia Prosjektleder": reading.UNREAD,
        }
        assert (found["Birger Bergen"].read_at, found["Birger Bergen"].downloads) == (now, 1)

    def test_a_new_version_is_not_downloaded_yet(self, one, contact, staff):
        kept = a_file(one, by=staff)
        reading.note(one, contact, version=kept.versions.get(), now=timezone.now())
        files.replace(kept, SimpleUploadedFile("ny.pdf", b"%PDF-2"), by=staff, now=timezone.now())
        found = {reader.name: reader for reader in reading.readers(one, today=timezone.localdate())}
        assert (found["Kari Kontakt"].state, found["Kari Kontakt"].downloads) == (reading.READ, 0)

    @pytest.mark.parametrize(
        ("query", "count"), [("", 9), ("?tilstand=lest", 1), ("?tilstand=ulest", 8), ("?q=HANNE", 1), ("?q=%00", 9)]
    )
    def test_the_page_is_narrowed(self, staff_client, one, everybody, query, count):
        reading.note(one, everybody["head"], now=timezone.now())
        page = staff_client.get(reverse("sharing:readers", args=[one.pk]) + query)
        assert page.context["page"].paginator.count == count
        assert "1 av 9 har lest." in text_of(page)

    def test_is_staffs_alone(self, one, contact):
        assert browser(contact).get(reverse("sharing:readers", args=[one.pk])).status_code == 404


def test_a_page_of_pasted_text_is_shown_as_text(one, contact, staff):
    one.change(facts={"text_nb": "<script>alert(1)</script>\n\nSe https://example.no/x"}, by=staff, now=timezone.now())
    page = browser(contact).get(one.get_absolute_url()).text
    assert "&lt;script&gt;" in page
    assert 'href="https://example.no/x"' in page
