import gc
import io
import os
import uuid
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.welcome import sending
from lmp.welcome.models import Letter, LetterText, Sending
from participants.models import Contact, Municipality, Participation, Unit
from parts.sheets.xlsx import HEADING_ROW
from parts.tests.reading import sheet_in
from parts.tests.room import folder as folder  # noqa: PLC0414 – the fixture
from parts.tests.room import room_for


@pytest.fixture
def cohort_page(cohort):
    return reverse("admin:welcome_cohortletters_change", args=[cohort.pk])


@pytest.fixture
def confirm_page(cohort):
    return reverse("admin:welcome_confirm", args=[cohort.pk])


def shown(response) -> dict[str, str]:
    """What the confirmation page would post, with a tick for each office that no copy can be sent to."""
    letters, copies = response.context["letters"], response.context["copies"]
    return (
        {
            "token": str(response.context["token"]),
            "kommune": [letter.participation.pk for letter in letters],
            "uten-kopi": [copy.governor.pk for copy in copies if not copy.readers],
        }
        | {f"sett-{letter.participation.pk}": letter.fingerprint for letter in letters}
        | {f"sett-kopi-{copy.governor.pk}": copy.fingerprint for copy in copies}
    )


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_cohorts_page_says_who_gets_the_letter_and_what_is_missing(
    staff_client, cohort_page, participation, other_participation, contact
):
    page = text(staff_client.get(cohort_page))
    assert "2 kommuner. 0 brev er sendt, 1 kan sendes, 1 kan ikke sendes ennå." in page
    assert "Kari Kontakt, eier" in page
    assert "kari.kontakt@example.no" in page
    assert "Kommunen har ingen kontaktperson som brevet kan sendes til." in page
    assert reverse("welcome:letter", args=[participation.pk]) in page
    assert "Ingen avsendere er lagt inn på bokmål" in page


def test_one_that_said_no_is_not_among_the_letters(staff_client, cohort_page, participation, staff):
    said = str(participation.municipality.name_and_county)
    assert said in text(staff_client.get(cohort_page))
    Participation.objects.update(accepted_at=None, accepted_by=None)
    participation.decline(on=timezone.localdate(), said_by="Kari", by=staff, now=timezone.now())
    assert said not in text(staff_client.get(cohort_page))


def test_nothing_is_sent_before_it_has_been_confirmed(staff_client, confirm_page, participation, contact):
    response = staff_client.get(confirm_page, {"kommune": participation.pk})
    assert "Send 1 brev" in text(response)
    assert "1 person får e-post" in text(response)
    assert "kari.kontakt@example.no" in text(response)
    assert not Sending.objects.exists()


def test_what_is_confirmed_is_sent_and_the_progress_shown(staff_client, confirm_page, participation, contact):
    data = shown(staff_client.get(confirm_page, {"alle": "1"}))
    response = staff_client.post(confirm_page, data)
    ordered = Sending.objects.get()
    assert response.url == reverse("admin:welcome_progress", args=[ordered.pk])
    page = text(staff_client.get(response.url))
    assert "0 av 1 brev er sendt, 1 venter." in page
    assert "Oppdater siden" in page
    sending.process(ordered.items.get().pk, now=timezone.now())
    page = text(staff_client.get(response.url))
    assert "Ferdig. 1 av 1 brev er sendt." in page
    assert "kari.kontakt@example.no</a>: Venter" in page
    assert "Oppdater siden" not in page


def test_pressing_send_twice_is_one_sending(staff_client, confirm_page, participation, contact):
    data = shown(staff_client.get(confirm_page, {"alle": "1"}))
    assert staff_client.post(confirm_page, data).url == staff_client.post(confirm_page, data).url
    assert Sending.objects.count() == 1


def test_what_changed_since_it_was_shown_is_shown_again(staff_client, confirm_page, participation, contact, staff):
    data = shown(staff_client.get(confirm_page, {"alle": "1"}))
    make_contact(participation, make_user("ny@example.no", "Nora Ny"), Contact.Function.OWNER, by=staff)
    response = staff_client.post(confirm_page, data)
    assert "Ingenting er sendt. Dette er endret siden du så det:" in text(response)
    assert "ny@example.no" in text(response)
    assert not Sending.objects.exists()
    staff_client.post(confirm_page, shown(response))
    assert Sending.objects.get().items.count() == 1


@pytest.mark.parametrize("chosen", [{}, {"kommune": "0"}, {"kommune": "x"}, {"kommune": ["1'", ""]}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_choosing_nothing_that_can_be_sent_leads_back(
    staff_client, cohort_page, confirm_page, participation, contact, chosen, method
):
    response = getattr(staff_client, method)(confirm_page, chosen | {"token": "tull"}, follow=True)
    assert response.redirect_chain[-1][0] == cohort_page
    assert "Ingen av de valgte brevene kan sendes nå." in text(response)
    assert not Sending.objects.exists()


def test_one_that_failed_is_shown_with_the_reason_and_can_be_looked_at_again(
    staff_client, confirm_page, participation, units, contact
):
    staff_client.post(confirm_page, shown(staff_client.get(confirm_page, {"alle": "1"})))
    item = Sending.objects.get().items.get()
    units[0].name = "Et nytt navn"
    units[0].save()
    sending.process(item.pk, now=timezone.now())
    page = text(staff_client.get(reverse("admin:welcome_progress", args=[item.sending_id])))
    assert "1 brev ble ikke sendt." in page
    assert "Indre Fosen (Trøndelag): Brevet eller mottakerne er endret" in page
    assert f"{confirm_page}?kommune={participation.pk}" in page


@pytest.mark.parametrize("part", [0, 0.3, 0.6, 0.99])
def test_a_zip_that_the_room_ends_in_is_not_sent_at_all(
    staff_client, cohort, participation, other_participation, units, contact, staff, letter_for, folder, part
):
    """Nobody has one that was cut: it is whole before its first byte, and its size comes first."""
    Unit.objects.create(participation=other_participation, name="Bergen skole", kind="school")
    sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    page = reverse("admin:welcome_archive", args=[cohort.pk])
    response = staff_client.get(page)
    content = b"".join(response.streaming_content)
    assert int(response["Content-Length"]) == len(content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    staff_client.raise_request_exception = False
    with room_for(int(len(content) * part)):
        refused = staff_client.get(page)
    assert refused.status_code == 503
    assert "Portalen har ikke mer plass akkurat nå" in refused.content.decode()
    assert "Content-Disposition" not in refused
    gc.collect()
    assert os.listdir(folder) == []


def test_the_zip_holds_every_letter_and_an_index(
    staff_client, cohort, participation, other_participation, contact, other_contact, staff, letter_for
):
    Unit.objects.create(participation=other_participation, name="Bergen skole", kind="school")
    Participation.objects.filter(pk=participation.pk).update(case_number="=1+1")
    sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    letter = Letter.objects.get()
    Letter.objects.update(journal_post="2026/1-2")
    response = staff_client.get(reverse("admin:welcome_archive", args=[cohort.pk]))
    assert response.streaming
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == [
        "ikke-sendt/velkomstbrev-4601-bergen-pulje-9-nb.pdf",
        "velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf",
        "velkomstbrev-5054-indre-fosen-pulje-9-nb-arkivmelding.xml",
        "innhold.xlsx",
    ]
    assert archive.read("velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf") == bytes(letter.pdf)
    rows = list(sheet_in(archive.read("innhold.xlsx")).iter_rows(min_row=HEADING_ROW))
    assert [cell.value for cell in rows[2]][:7] == [
        "velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf",
        "5054",
        "Indre Fosen",
        "bokmål",
        letter.sha256,
        "=1+1",
        "2026/1-2",
    ]
    assert rows[2][8].value == "PDF/A-2a"
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s", "d"}
    assert rows[2][7].number_format.startswith("dd.mm.yyyy")


def test_totals_of_each_language_in_each_year(staff_client, cohort, staff):
    for number, (municipality, language) in enumerate(
        zip(Municipality.objects.all()[:4], ["nb", "nn", "nn", "nb"], strict=True)
    ):
        at = timezone.make_aware(timezone.datetime(2025 + number // 3, 3, 1))
        Letter.objects.create(
            participation=Participation.objects.create(cohort=cohort, municipality=municipality),
            language=language,
            pdf=b"%PDF",
            sha256="0" * 64,
            archival=True,
            created_at=at,
            created_by=staff,
            sent_at=at,
            sent_by=staff,
        )
    page = text(staff_client.get(reverse("admin:welcome_letter_changelist")))
    assert '<th scope="row">2025</th> <td>3</td> <td>1</td> <td>2</td> <td>67 %</td>' in page
    assert '<th scope="row">2026</th> <td>1</td> <td>1</td> <td>0</td> <td>0 %</td>' in page


def test_a_sent_letter_takes_its_journal_post_and_nothing_else(staff_client, participation, contact, staff, letter_for):
    sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    letter = Letter.objects.get()
    url = reverse("admin:welcome_letter_change", args=[letter.pk])
    staff_client.post(url, {"case_number": "2026/9", "journal_post": "4", "sha256": "f" * 64, "language": "nn"})
    changed = Letter.objects.get()
    assert (changed.case_number, changed.journal_post) == ("2026/9", "4")
    assert (changed.sha256, changed.language) == (letter.sha256, "nb")
    assert bytes(changed.pdf) == bytes(letter.pdf)
    assert (
        staff_client.post(reverse("admin:welcome_letter_delete", args=[letter.pk]), {"post": "yes"}).status_code == 403
    )


def test_texts_with_an_unknown_placeholder_are_refused_and_kept_on_the_page(staff_client, cohort):
    url = reverse("admin:welcome_lettertext_add")
    data = {"cohort": cohort.pk, "language": "nb", "intro": "Hei {kommunen}, {pulje}", "senders": "Kari, sjef"}
    page = text(staff_client.post(url, data))
    assert "Ukjent flettefelt: {kommunen}." in page
    assert "Hei {kommunen}, {pulje}" in page
    assert not LetterText.objects.exists()
    staff_client.post(url, data | {"intro": "Hei {kommune}"})
    assert LetterText.objects.get().intro == "Hei {kommune}"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("intro", "Hei {kommunne}", "Ukjent flettefelt: {kommunne}."),
        ("kick_off_note", "Vi møtes {Oppstart}", "«{Oppstart}» er ikke et flettefelt."),
        ("reply", "Svar innen {frist", "«{frist» er ikke et flettefelt. Et flettefelt skrives slik: {kommune}."),
        ("closing", "Hilsen pulje}", "«}» er ikke et flettefelt."),
        ("closing", "{kommune1}", "Ukjent flettefelt: {kommune1}."),
        ("senders", "{kommune}, direktør", "Flettefelt kan ikke brukes her."),
        ("project_leaders", "Kari }, Udir", "Flettefelt kan ikke brukes her."),
    ],
)
def test_what_would_be_no_word_of_the_letter_is_told_by_its_field(staff_client, cohort, field, typed, said):
    data = {"cohort": cohort.pk, "language": "nn", field: typed}
    response = staff_client.post(reverse("admin:welcome_lettertext_add"), data)
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert any(said in error for error in errors[field])
    may_be_used = "Du kan bruke {kommune}, {pulje}, {skoleaar}, {oppstart}, {enheter}"
    assert any(may_be_used in error for error in errors[field]) == (field in LetterText.WORDED)
    assert typed in text(response)
    assert not LetterText.objects.exists()


def test_the_shipped_wording_passes_its_own_check(cohort):
    for language in ("nb", "nn"):
        text = LetterText(cohort=cohort, language=language)
        for name, wording in text.shipped().items():
            setattr(text, name, wording)
        text.full_clean()


@pytest.fixture
def queries_of(staff_client, cohort, staff):
    """Given a number of municipalities, how many queries a page takes once their letters are sent, or before."""

    def count(numbers: int, page: str, *, sent: bool) -> int:
        for municipality in Municipality.objects.order_by("number")[:numbers]:
            participation = Participation.objects.create(
                cohort=cohort, municipality=municipality, accepted_at=timezone.now(), accepted_by=staff
            )
            Unit.objects.create(participation=participation, name="Ett skole", kind="school")
            make_contact(participation, staff, Contact.Function.OWNER, by=staff)
        letters = sending.prepared(cohort, today=timezone.localdate())
        approved = {letter.participation.pk: letter.fingerprint for letter in letters}
        ordered = sending.order(cohort, approved=approved, token=uuid.uuid4(), by=staff, now=timezone.now())
        for item in ordered.items.all() if sent else []:
            assert sending.process(item.pk, now=timezone.now()).letter
        url = page.format(cohort=cohort.pk, sending=ordered.pk)
        assert staff_client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            staff_client.get(url)
        return len(captured)

    return count


PAGES = {
    "cohort": ("/admin/welcome/cohortletters/{cohort}/change/", 13),
    "confirm": ("/admin/welcome/cohortletters/{cohort}/send/?alle=1", 11),
    "progress": ("/admin/welcome/cohortletters/utsending/{sending}/", 9),
    "letters": ("/admin/welcome/letter/", 9),
    "cohorts": ("/admin/welcome/cohortletters/", 5),
}


@pytest.mark.parametrize("asked", PAGES)
@pytest.mark.parametrize("numbers", [2, 20])
def test_pages_take_as_few_queries_for_twenty_as_for_two(queries_of, asked, numbers):
    url, queries = PAGES[asked]
    assert queries_of(numbers, url, sent=asked != "confirm") == queries
