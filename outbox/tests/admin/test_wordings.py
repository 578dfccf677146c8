"""Staff's own wordings: checked when saved, previewed on real data, and back to the shipped text."""

import pytest
from django.urls import reverse

from outbox.models import Wording
from outbox.tests import mails

NAME = mails.REMINDER.name
GOOD = {"subject": "Husk {kommune}", "body": "Hei\r\n\r\nFristen er {frist}.\r\n\r\n{enheter}"}


def address(name: str = NAME, language: str = "nb") -> str:
    return reverse("admin:outbox_wording_edit", args=[name, language])


def test_every_mail_is_listed_in_both_languages(staff_client):
    Wording.objects.create(name=NAME, language="nn", subject="Hugs", body="Hei")
    page = staff_client.get(reverse("admin:outbox_wording_changelist")).content.decode()
    assert address() in page
    assert address(language="nn") in page
    assert page.count("Egen tekst") == 1
    assert address(mails.CODE.name) not in page


def test_the_form_starts_with_the_shipped_text_and_explains_the_placeholders(staff_client):
    answer = staff_client.get(address())
    page = answer.content.decode()
    assert answer.context["form"]["subject"].value() == "Frist for {kommune}"
    assert "{kommune}" in page
    assert "Navnet på kommunen" in page
    assert "Fristen for Eksempelby er 3. mai." in page


def test_a_wording_is_saved_with_who_changed_it(staff, staff_client):
    staff_client.post(address(), GOOD)
    wording = Wording.objects.get()
    assert (wording.name, wording.language, wording.subject) == (NAME, "nb", "Husk {kommune}")
    assert wording.body == "Hei\n\nFristen er {frist}.\n\n{enheter}"
    assert wording.history.get().history_user == staff
    assert "Stine Stab" in staff_client.get(address()).content.decode()


def test_saving_again_changes_the_same_wording(staff_client):
    staff_client.post(address(), GOOD)
    staff_client.post(address(), GOOD | {"subject": "Ny {kommune}"})
    assert Wording.objects.get().subject == "Ny {kommune}"


def test_back_to_the_shipped_text(staff_client):
    staff_client.post(address(), GOOD)
    staff_client.post(address(), {"_reset": "1"})
    assert not Wording.objects.exists()
    assert staff_client.get(address()).context["form"]["subject"].value() == "Frist for {kommune}"
    staff_client.post(address(), {"_reset": "1"})


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("change", "field", "named"),
    [
        ({"body": "Hei {navn}"}, "body", "{navn}"),
        ({"subject": "Hei {navn}"}, "subject", "{navn}"),
        ({"body": "Hei {Kommune}"}, "body", "{Kommune}"),
        ({"body": "Hei {kommune"}, "body", "{kommune"),
        ({"body": "Hei kommune}"}, "body", "}"),
        ({"body": "Hei {}"}, "body", "{}"),
        ({"body": "Hei {kommune.name}"}, "body", "{kommune.name}"),
        ({"body": "Hei {{kommune}}"}, "body", "{"),
        ({"body": "Hei {kommune!r} {0}"}, "body", "{0}"),
        ({"body": ""}, "body", ""),
        ({"subject": "   "}, "subject", ""),
        ({"subject": "x" * 301}, "subject", "300"),
        ({"body": "x" * 20_001}, "body", "20000"),
        ({"body": "Hei \x00"}, "body", ""),
    ],
)
def test_a_bad_wording_is_refused_by_name_and_nothing_typed_is_lost(staff_client, change, field, named):
    data = GOOD | change
    answer = staff_client.post(address(), data)
    assert answer.status_code == 200
    assert not Wording.objects.exists()
    assert named in " ".join(answer.context["form"].errors[field])
    for name in ("subject", "body"):
        assert answer.context["form"][name].value() == data[name]


def test_a_line_break_in_the_subject_does_not_reach_the_wording(staff_client):
    staff_client.post(address(), GOOD | {"subject": "Husk\r\nBcc: alle@example.no"})
    assert Wording.objects.get().subject == "Husk Bcc: alle@example.no"


def test_an_unsaved_text_is_previewed_on_the_chosen_data_and_not_saved(staff_client):
    answer = staff_client.post(address(), GOOD | {"sample": "1", "_preview": "1"})
    preview = answer.context["preview"]
    assert (preview.subject, preview.text) == ("Husk Prøveby", "Hei\n\nFristen er 4. mai.\n\n- Prøveskolen\n")
    assert not Wording.objects.exists()
    assert answer.context["form"]["subject"].value() == "Husk {kommune}"


@pytest.mark.parametrize("sample", ["99", "-1", "x", ""])
def test_data_that_is_not_there_gives_the_first(staff_client, sample):
    answer = staff_client.post(address(), GOOD | {"sample": sample, "_preview": "1"})
    assert answer.context["preview"].subject == "Husk Eksempelby"


def test_without_real_data_the_preview_says_what_the_placeholders_mean(staff_client, monkeypatch):
    monkeypatch.setattr("outbox.tests.mails._real", [])
    assert "Frist for [Navnet på kommunen]" in staff_client.get(address()).content.decode()


def test_hostile_text_is_shown_as_text(staff_client):
    page = staff_client.post(address(), GOOD | {"body": "<script>alert(1)</script>", "_preview": "1"})
    assert "<script>alert(1)" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.context["preview"].html


@pytest.mark.parametrize(("name", "language"), [(NAME, "en"), ("unknown", "nb"), (mails.CODE.name, "nb")])
def test_a_text_that_is_not_there_or_not_to_be_edited(staff_client, name, language):
    assert staff_client.get(address(name, language)).status_code == 404
    assert staff_client.post(address(name, language), GOOD).status_code == 404


def test_staff_without_permission(staff, staff_client):
    staff.is_superuser = False
    staff.save()
    assert staff_client.get(reverse("admin:outbox_wording_changelist")).status_code == 403
    assert staff_client.post(address(), GOOD).status_code == 403
    assert not Wording.objects.exists()
