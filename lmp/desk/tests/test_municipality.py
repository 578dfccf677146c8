"""Staff's part of a municipality's page: its mails, its history, and forms that lead back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from participants.mails import notices
from participants.models import Contact, Participation


@pytest.fixture
def page(participation) -> str:
    return reverse("overview:participation", args=[participation.pk])


def test_staff_are_led_to_what_they_do(as_staff, page, participation):
    text = as_staff.get(page).content.decode()
    assert "For ansatte" in text
    for name in ("desk:municipality_mails", "desk:municipality_history", "changes:add_unit"):
        assert reverse(name, args=[participation.pk]) in text


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_one_that_said_no_is_neither_welcomed_nor_withdrawn(as_staff, page, participation, staff, language):
    User.objects.filter(pk=staff.pk).update(language=language)
    changing = reverse("admin:participants_participation_change", args=[participation.pk])
    letters = reverse("admin:welcome_cohortletters_change", args=[participation.cohort_id])
    found = {page: [reverse("changes:withdraw"), letters], changing: [reverse("changes:withdraw")]}
    before = {each: as_staff.get(each).content.decode() for each in found}
    assert all(link in before[each] for each, links in found.items() for link in links)
    Participation.objects.update(accepted_at=None, accepted_by=None)
    participation.decline(on=timezone.localdate(), said_by="Kari", by=staff, now=timezone.now())
    after = {each: as_staff.get(each).content.decode() for each in found}
    assert not any(link in after[each] for each, links in found.items() for link in links)


@pytest.mark.parametrize("who", ["contact", "officer", "supervisor"])
def test_others_are_not(client, request, page, who):
    client.force_login(request.getfixturevalue(who))
    assert "For ansatte" not in client.get(page).content.decode()


def test_a_form_of_the_administration_leads_back(as_staff, page, contact, participation):
    row = Contact.objects.get(user=contact)
    address = reverse("admin:participants_contact_change", args=[row.pk])
    form = as_staff.get(address).context["adminform"].form
    facts = {name: form[name].value() or "" for name in form.fields} | {"phone": "22 22 22 22"}
    assert as_staff.post(f"{address}?tilbake={page}", facts).url == page
    assert as_staff.post(f"{address}?tilbake=https://ond.example.no/", facts).url != "https://ond.example.no/"


def test_the_mails_that_went_and_those_to_come(as_staff, asked, contact, other_contact, participation):
    page = as_staff.get(reverse("desk:municipality_mails", args=[participation.pk]))
    assert {mail.recipient for mail in page.context["coming"]} == {contact}
    assert page.context["sent"] == []
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    notices.receipt(asked, now=timezone.now())
    sent = as_staff.get(reverse("desk:municipality_mails", args=[participation.pk])).context["sent"]
    assert [message.recipient for message, _state in sent] == [contact]


@pytest.fixture
def steps(as_staff, participation):
    address = reverse("desk:municipality_history", args=[participation.pk])
    return lambda: as_staff.get(address).context["page"].object_list


def test_who_changed_what(steps, contact, staff):
    row = Contact.objects.get(user=contact)
    row.phone = "22 22 22 22"
    row._history_user = staff
    row.save()
    newest = steps()[0]
    assert (newest.by, newest.what, newest.kind) == ("Stine Stab", "Kontaktperson: Kari Kontakt", "endret")
    assert "telefon" in newest.fields
    assert [step.at for step in steps()] == sorted((step.at for step in steps()), reverse=True)


def test_of_this_municipality_alone(steps, other_contact):
    assert not any("Kontaktperson" in step.what for step in steps())


def test_a_change_of_nothing_is_none(steps, contact):
    before = len(steps())
    Contact.objects.get(user=contact).save()
    assert len(steps()) == before
