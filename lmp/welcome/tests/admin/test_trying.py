"""A trial of the letter goes to the member of staff who asks, is marked, and counts as nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lmp.welcome import sending
from lmp.welcome.models import Letter, LetterText, Sending
from lmp.welcome.tests.test_admin import text
from outbox.models import Message
from participants.models import Confirmation


@pytest.fixture
def page(participation, contact) -> str:
    return reverse("admin:welcome_send_try", args=[participation.cohort_id])


def form_on(response) -> dict:
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_it_goes_to_oneself_alone_and_counts_as_nothing(staff_client, page, participation, staff, other_participation):
    LetterText.objects.create(cohort=participation.cohort, language="nb", senders="Kari Nordmann, direktør")
    shown = staff_client.get(page)
    assert f"sendes som PDF til deg, {staff.email}, og til ingen andre." in text(shown)
    assert not Message.objects.exists()
    told = text(staff_client.post(page, form_on(shown) | {"kommune": participation.pk}, follow=True))
    assert f"Prøven sendes til deg, {staff.email}." in told
    message = Message.objects.get()
    assert message.addresses == [staff.email]
    assert (message.recipient, message.about) == (staff, participation.cohort)
    assert message.subject.startswith("Prøve: velkomstbrevet til Indre Fosen")
    file = message.attachments.get()
    assert file.name.startswith("prove-velkomstbrev-5054-")
    assert bytes(file.content).startswith(b"%PDF")
    participation.refresh_from_db()
    assert participation.welcomed_at is None
    assert not Letter.objects.exists()
    assert not Sending.objects.exists()
    assert not Confirmation.objects.exists()
    assert "0 brev er sendt, 1 kan sendes" in told


def test_a_button_pressed_twice_sends_one_and_a_new_page_one_more(staff_client, page):
    data = form_on(staff_client.get(page))
    staff_client.post(page, data)
    staff_client.post(page, data)
    assert Message.objects.count() == 1
    staff_client.post(page, form_on(staff_client.get(page)))
    assert Message.objects.count() == 2


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_letter_is_in_the_language_that_is_chosen_and_the_mail_in_ones_own(staff_client, page, staff, language):
    staff.language = "nn"
    staff.save()
    data = form_on(staff_client.get(page, {"maalform": language}))
    assert data["maalform"] == language
    staff_client.post(page, data)
    message = Message.objects.get()
    assert message.language == "nn"
    assert message.attachments.get().name.endswith(f"-{language}.pdf")


@pytest.mark.parametrize(
    "wrong", [{"kommune": "0"}, {"kommune": "x"}, {"maalform": "en"}, {"token": "x"}, {"kommune": ""}]
)
def test_what_was_not_offered_sends_nothing(staff_client, page, wrong):
    response = staff_client.post(page, form_on(staff_client.get(page)) | wrong)
    assert response.status_code == 200
    assert not Message.objects.exists()


def test_a_letter_that_was_sent_is_not_tried(staff_client, page, participation, staff, letter_for):
    data = form_on(staff_client.get(page))
    sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())
    before = Message.objects.count()
    assert "Ingen kommuner i pulja venter på brevet." in text(staff_client.get(page))
    staff_client.post(page, data)
    assert Message.objects.count() == before


def test_the_way_there(staff_client, page, participation):
    own = LetterText.objects.create(cohort=participation.cohort, language="nn")
    assert page in text(staff_client.get(reverse("admin:welcome_cohortletters_change", args=[participation.cohort_id])))
    found = text(staff_client.get(reverse("admin:welcome_lettertext_change", args=[own.pk])))
    assert f"{page}?maalform=nn" in found
