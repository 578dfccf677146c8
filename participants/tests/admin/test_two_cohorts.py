"""A municipality that withdrew, or is in another cohort that goes on, is asked about, however it comes in."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from conftest import withdraw
from participants.models import Cohort, Municipality, Participation
from participants.tests.workbooks import workbook

ADD = "/admin/participants/participation/add/"
LOAD = "/admin/participants/cohort/last-inn/"
PREVIEW = LOAD + "se-over/"


@pytest.fixture
def earlier(cohort) -> Cohort:
    """One year older, and still going on."""
    year = cohort.first_year - 1
    facts = {"starts_on": cohort.starts_on.replace(year=year), "confirm_by": cohort.confirm_by}
    return Cohort.objects.create(number=8, first_year=year, **facts)


@pytest.fixture
def in_the_earlier(earlier) -> Participation:
    return Participation.objects.create(cohort=earlier, municipality=Municipality.objects.get(number="5054"))


def sent(cohort, **more) -> dict:
    return {"cohort": cohort.pk, "municipality": Municipality.objects.get(number="5054").pk, "case_number": ""} | more


def upload(client):
    client.post(LOAD, {"file": SimpleUploadedFile("pulje.xlsx", workbook().getvalue())})
    return client.get(PREVIEW)


class TestByHand:
    def test_nothing_is_asked_where_there_is_nothing_to_ask(self, staff_client, cohort):
        assert '<input type="hidden" name="both"' in staff_client.get(ADD).content.decode()
        assert staff_client.post(ADD, sent(cohort)).status_code == 302

    def test_in_another_cohort_is_asked_about(self, staff_client, cohort, in_the_earlier):
        page = staff_client.post(ADD, sent(cohort)).content.decode()
        assert "Indre Fosen er også med i pulje 8, som pågår." in page
        assert 'type="checkbox" name="both"' in page
        assert cohort.participations.count() == 0
        assert staff_client.post(ADD, sent(cohort, both="on")).status_code == 302
        assert cohort.participations.count() == 1

    def test_not_when_it_has_withdrawn_from_that_one_or_that_one_is_over(
        self, staff_client, cohort, in_the_earlier, earlier, staff
    ):
        withdraw(in_the_earlier, by=staff, now=timezone.now())
        assert staff_client.post(ADD, sent(cohort)).status_code == 302
        Participation.objects.filter(cohort=cohort).delete()
        in_the_earlier.come_back(returned_on=timezone.localdate(), reason="-", by=staff, now=timezone.now())
        Cohort.objects.filter(pk=earlier.pk).update(first_year=earlier.first_year - 1)
        assert staff_client.post(ADD, sent(cohort)).status_code == 302

    def test_one_that_withdrew_comes_back_on_a_page_of_its_own(self, staff_client, participation, cohort, staff):
        withdraw(participation, by=staff, now=timezone.now())
        page = staff_client.post(ADD, sent(cohort)).content.decode()
        link = f'<a href="{participation.get_return_url()}">Registrer at kommunen er med igjen</a>'
        assert f"Indre Fosen har trukket seg fra pulje 9. {link}" in page
        assert "finnes allerede" not in page
        assert cohort.participations.count() == 1


class TestFromAFile:
    def test_it_is_said_in_the_row_and_must_be_ticked(self, staff_client, cohort, in_the_earlier):
        preview = upload(staff_client)
        page = preview.content.decode()
        assert "Kommunen er også med i pulje 8, som pågår." in page
        assert "<li>Indre Fosen (Trøndelag): pulje 8</li>" in page
        digest = {"digest": preview.context["plan"].digest}

        again = staff_client.post(PREVIEW, digest)
        assert again.status_code == 422
        assert "Kryss av hvis kommunene skal være med i begge" in again.content.decode()
        assert cohort.participations.count() == 0
        assert staff_client.post(PREVIEW, digest | {"both": "yes"}).status_code == 302
        assert cohort.participations.count() == 1

    def test_what_has_been_answered_is_not_asked_again(self, staff_client, cohort, in_the_earlier):
        digest = {"digest": upload(staff_client).context["plan"].digest}
        staff_client.post(PREVIEW, digest | {"both": "yes"})
        assert upload(staff_client).context["plan"].in_two == []

    def test_one_that_withdrew_is_refused_with_what_to_do(self, staff_client, participation, staff):
        withdraw(participation, by=staff, now=timezone.now())
        page = upload(staff_client).content.decode()
        assert "Registrer at den er med igjen, eller ta raden ut av fila." in page
        assert f'<a href="{participation.get_return_url()}">Registrer at kommunen er med igjen</a>' in page

    def test_from_the_command_line(self, tmp_path, cohort, in_the_earlier, staff):
        path = tmp_path / "pulje.xlsx"
        path.write_bytes(workbook().getvalue())
        output = io.StringIO()
        call_command("load_cohort", str(path), stdout=output)
        assert "Kommunen er også med i pulje 8, som pågår." in output.getvalue()
        with pytest.raises(CommandError, match=r"Indre Fosen .*--both"):
            call_command("load_cohort", str(path), "--commit", stdout=output)
        assert cohort.participations.count() == 0
        call_command("load_cohort", str(path), "--commit", "--both", stdout=output)
        assert cohort.participations.count() == 1


def test_a_cohort_to_come_counts_as_going_on(cohort, participation):
    later = Cohort.objects.create(
        number=10,
        first_year=cohort.first_year + 1,
        starts_on=cohort.starts_on + timedelta(days=365),
        confirm_by=cohort.confirm_by,
    )
    assert list(Participation.objects.besides(later, today=timezone.localdate())) == [participation]
    assert not Participation.objects.besides(cohort, today=timezone.localdate()).exists()
