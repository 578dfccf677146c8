import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.authentication import second_factor
from conftest import make_user
from participants import tasks
from participants.models import CohortUpload, Municipality, Participation, Unit
from participants.tests.workbooks import CONTACT_ROWS, INDRE_FOSEN, UNIT_ROWS, Formula, workbook

LOAD = "/admin/participants/cohort/last-inn/"
PREVIEW = LOAD + "se-over/"
RECEIPT = LOAD + "kvittering/"


def upload(client, file=None, name="pulje.xlsx", **kwargs):
    content = (file or workbook()).getvalue()
    return client.post(LOAD, {"file": SimpleUploadedFile(name, content)}, **kwargs)


def digest(response) -> str:
    return response.context["plan"].digest


def text(response) -> str:
    return response.content.decode()


def test_the_list_of_cohorts_leads_here(staff_client, cohort):
    assert f'href="{LOAD}"' in text(staff_client.get("/admin/participants/cohort/"))


def test_from_file_to_receipt(staff_client, cohort, staff):
    assert upload(staff_client).url == PREVIEW
    preview = staff_client.get(PREVIEW)
    assert "Fembøringen barnehage, 5054 Indre Fosen" in text(preview)
    assert not Participation.objects.exists()

    response = staff_client.post(PREVIEW, {"digest": digest(preview)})
    assert response.url == RECEIPT
    assert Participation.objects.get().nominated_by == staff
    receipt = text(staff_client.get(RECEIPT))
    assert "pulje.xlsx ble lastet inn i Pulje 9" in receipt
    assert f"cohort__id__exact={cohort.pk}" in receipt


def test_the_rows_are_let_go_once_loaded(staff_client, cohort):
    upload(staff_client)
    staff_client.post(PREVIEW, {"digest": digest(staff_client.get(PREVIEW))})
    assert CohortUpload.objects.get().rows == {}
    assert staff_client.post(PREVIEW, {"digest": "x"}).url == LOAD
    assert Unit.objects.count() == 2


def test_errors_are_shown_and_nothing_can_be_loaded(staff_client, cohort):
    contacts = [*CONTACT_ROWS, ("5054", "", "eier", "", Formula("=1+1"), "a@b", "")]
    upload(staff_client, workbook(contacts=contacts))
    preview = staff_client.get(PREVIEW)
    assert "Cella inneholder en formel." in text(preview)
    assert "navn@eksempel.no" in text(preview)
    assert 'name="digest"' not in text(preview)
    assert staff_client.post(PREVIEW, {"digest": digest(preview)}).status_code == 422
    assert not Participation.objects.exists()


def test_what_changed_meanwhile_is_shown_before_it_is_loaded(staff_client, cohort, staff):
    upload(staff_client)
    seen = digest(staff_client.get(PREVIEW))
    Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number="5054"))
    again = staff_client.post(PREVIEW, {"digest": seen})
    assert again.status_code == 409
    assert "Noe er endret i portalen siden du så over." in text(again)
    assert not Unit.objects.exists()
    assert staff_client.post(PREVIEW, {"digest": digest(again)}).url == RECEIPT


@pytest.mark.parametrize("sent", [{}, {"digest": ""}, {"digest": "0" * 64}])
def test_what_was_not_seen_is_not_loaded(staff_client, cohort, sent):
    upload(staff_client)
    assert staff_client.post(PREVIEW, sent).status_code == 409
    assert not Participation.objects.exists()


def test_the_same_file_again_has_nothing_to_load(staff_client, cohort):
    upload(staff_client)
    staff_client.post(PREVIEW, {"digest": digest(staff_client.get(PREVIEW))})
    upload(staff_client)
    assert "Det er ingenting å laste inn." in text(staff_client.get(PREVIEW))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Fila er tom."),
        (b"x" * 100, "Fila er ikke et regneark i formatet .xlsx."),
        (b"x" * (5 * 1024 * 1024 + 1), "Den kan være på høyst 5,0"),
        (workbook(leave_out="Enheter").getvalue(), "Fila mangler disse arkene: Enheter. Bruk malen."),
        (workbook(headers={"Kontakter": ["Navn"]}).getvalue(), "Arket Kontakter mangler disse kolonnene"),
        (workbook([], [], []).getvalue(), "Fila har ingen rader å laste inn."),
    ],
    ids=["empty", "no workbook", "too large", "no sheet", "no column", "no rows"],
)
def test_a_file_of_no_use_is_one_message_in_the_page(staff_client, cohort, content, message):
    response = upload(staff_client, io.BytesIO(content))
    assert response.status_code == 422
    assert text(response).count("errorlist") == 1
    assert message in text(response)
    assert not CohortUpload.objects.exists()


def test_no_file(staff_client, cohort):
    response = staff_client.post(LOAD, {})
    assert response.status_code == 422
    assert text(response).count("errorlist") == 1


def test_columns_that_are_not_read_are_named(staff_client, cohort):
    header = ["Pulje", "Kommunenummer", "<b>Antall barn</b>"]
    upload(staff_client, workbook([(9, "5054", 3)], [], [], headers={"Kommuner": header}))
    assert "Kolonnen leses ikke: Kommuner: &lt;b&gt;Antall barn&lt;/b&gt;" in text(staff_client.get(PREVIEW))


def test_only_errors_or_only_changes(staff_client, cohort):
    units = [UNIT_ROWS[0], ("5054", "", "", "Feil skole", "ungdomsklubb", "")]
    upload(staff_client, workbook(units=units, contacts=[]))

    def shown(which):
        return [line.what for line in staff_client.get(PREVIEW, {"vis": which}).context["page"]]

    assert shown("error") == ["Feil skole, 5054 Indre Fosen"]
    assert [line.what for line in staff_client.get(PREVIEW).context["page"]] == shown("error")
    assert shown("changes") == ["5054 Indre Fosen", "Fembøringen barnehage, 5054 Indre Fosen"]
    assert len(shown("")) == len(shown("nonsense")) == 3
    assert shown("absent") == []


def test_many_rows_are_shown_by_the_page(staff_client, cohort):
    units = [("5054", "", "", f"Skole {number:03}", "skole", "") for number in range(150)]
    upload(staff_client, workbook(units=units, contacts=[]))
    first = staff_client.get(PREVIEW)
    assert "Rad 1–100 av 151" in text(first)
    assert 'href="?side=2"' in text(first)
    assert "Skole 149" in text(staff_client.get(PREVIEW, {"side": "2"}))
    assert "Rad 101–151 av 151" in text(staff_client.get(PREVIEW, {"side": "99"}))


def test_hostile_text_is_shown_as_text(staff_client, cohort):
    script = "<script>alert(1)</script>"
    upload(
        staff_client,
        workbook([INDRE_FOSEN], [("5054", script, "1" * 10_000, script, script, script)], []),
        name=f"{script}.xlsx",
    )
    page = text(staff_client.get(PREVIEW))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Teksten er på 10000 tegn." in page


def test_an_upload_is_its_own_persons(staff_client, staff_without_factor, cohort, client):
    upload(staff_client)
    client.force_login(staff_without_factor)
    session = client.session
    second_factor.remember(session, staff_without_factor, kind="totp")
    session.save()
    assert client.get(PREVIEW).url == LOAD
    assert client.post(PREVIEW, {"digest": "x"}).url == LOAD
    assert client.get(RECEIPT).status_code == 404


def test_an_upload_is_kept_for_an_hour(staff_client, cohort):
    upload(staff_client)
    CohortUpload.objects.update(uploaded_at=timezone.now() - timedelta(minutes=61))
    response = staff_client.get(PREVIEW, follow=True)
    assert response.redirect_chain == [(LOAD, 302)]
    assert "En fil tas vare på i én time." in text(response)
    tasks.forget_uploads()
    assert not CohortUpload.objects.exists()


def test_a_new_upload_leaves_anothers_of_the_same_hour(staff_client, staff_without_factor, cohort):
    upload(staff_client)
    CohortUpload.objects.update(user=staff_without_factor, uploaded_at=timezone.now() - timedelta(minutes=59))
    upload(staff_client)
    assert CohortUpload.objects.filter(user=staff_without_factor).exists()


def test_a_new_upload_takes_the_place_of_the_last(staff_client, cohort):
    upload(staff_client)
    seen = digest(staff_client.get(PREVIEW))
    upload(staff_client, workbook([INDRE_FOSEN], [], []), name="ny.xlsx")
    assert staff_client.post(PREVIEW, {"digest": seen}).status_code == 409
    assert CohortUpload.objects.get().file_name == "ny.xlsx"


def test_the_template_is_downloaded(staff_client, cohort):
    response = staff_client.get(LOAD + "mal/")
    assert response["Content-Disposition"] == 'attachment; filename="mal for pulje.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames[1:] == ["Kommuner", "Enheter", "Kontakter"]


@pytest.mark.parametrize("address", [LOAD, PREVIEW, RECEIPT, LOAD + "mal/"])
def test_staff_who_may_only_look_do_not_load(client, cohort, address):
    user = make_user("bare.ser@example.no", "Bare Ser", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_cohort"))
    client.force_login(user)
    session = client.session
    second_factor.remember(session, user, kind="totp")
    session.save()
    assert client.get("/admin/participants/cohort/").status_code == 200
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_questions_are_as_many_for_2_rows_as_for_90(staff_client, cohort, django_assert_num_queries):
    counts = []
    for size in (2, 90):
        units = [("5054", "", "", f"Skole {number}", "skole", "") for number in range(size)]
        upload(staff_client, workbook(units=units, contacts=[]))
        with django_assert_num_queries(8) as asked:
            staff_client.get(PREVIEW)
        counts.append(len(asked))
    assert counts[0] == counts[1]
