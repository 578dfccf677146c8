"""Where it is said that a reminder is off, and to whom."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from lmp.desk.trail import trail
from lmp.mailcalendar.tests.conftest import DAY
from lmp.writing.tests.conftest import a_draft
from outbox.models import Message

SAID = "Påminnelser om å bekrefte er slått av for Indre Fosen (Pulje 9). Grunn: Ny rektor"


def pages(participation) -> list[str]:
    cohort = participation.cohort_id
    return [
        reverse("admin:index"),
        reverse("desk:cohort", args=[cohort]),
        reverse("board:board", args=[cohort]),
        reverse("overview:participation", args=[participation.pk]),
        reverse("mailcalendar:why", args=[participation.pk]),
    ]


def says(client, url: str) -> bool:
    answer = client.get(url)
    assert answer.status_code == 200
    return SAID in " ".join(answer.content.decode().split())


def test_staff_see_it_wherever_the_municipality_is(as_staff, asked, participation, pause):
    pause(participation)
    assert {url: says(as_staff, url) for url in pages(participation)} == dict.fromkeys(pages(participation), True)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_who_may_switch_it_on_again_is_led_there(as_staff, asked, participation, pause, staff, language):
    User.objects.filter(pk=staff.pk).update(language=language)
    url = reverse("overview:participation", args=[participation.pk])
    link = f'<a class="ds-link" href="{reverse("mailcalendar:lift", args=[pause(participation).pk])}">Slå på igjen'
    assert {page: link in as_staff.get(page).content.decode() for page in pages(participation)} == dict.fromkeys(
        pages(participation), True
    )
    User.objects.filter(pk=staff.pk).update(is_superuser=False)
    staff.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    page = as_staff.get(url).content.decode()
    assert "Ny rektor" in page
    assert link not in page


def test_it_is_not_said_before_it_begins_or_when_it_is_over(as_staff, asked, participation, pause, staff):
    pause(participation, begins_at=timezone.now() + DAY)
    pause(participation, reason="Ny rektor", rule="guidance.measures").lift(by=staff, now=timezone.now())
    assert not any(says(as_staff, url) for url in pages(participation))


def test_what_is_off_in_the_pulje_is_said_of_each_of_its_municipalities(as_staff, asked, participation, cohort, pause):
    pause(cohort)
    page = as_staff.get(reverse("overview:participation", args=[participation.pk])).content.decode()
    assert "Påminnelser om å bekrefte er slått av for Pulje 9." in page


@pytest.mark.parametrize(("who", "sees"), [("leader", True), ("contact", False), ("officer", False), ("head", False)])
def test_project_leaders_see_it_and_the_municipality_does_not(client, request, asked, participation, pause, who, sees):
    pause(participation)
    client.force_login(request.getfixturevalue(who))
    assert says(client, reverse("desk:cohort", args=[participation.cohort_id])) is sees


def test_the_municipalitys_history_tells_it(asked, participation, pause, staff, clock):
    found = pause(participation)
    clock.shift(DAY)
    found.lift(by=staff, now=timezone.now())
    on, off = [step for step in trail(participation) if step.what.startswith("Påminnelser: ")]
    assert (off.by, off.kind, off.fields) == ("Stine Stab", "slått av", "Ny rektor")
    assert off.what == "Påminnelser: Påminnelser om å bekrefte: Indre Fosen (Pulje 9)"
    assert (on.by, on.kind) == ("Stine Stab", "slått på igjen")


def test_reminding_by_hand_goes_and_says_that_it_is_off(as_staff, asked, participation, contact, pause, staff):
    pause(participation)
    draft = a_draft(participation, by=staff)
    draft.kind = "confirmation"
    draft.save()
    url = reverse("writing:preview", args=[draft.pk])
    page = as_staff.get(url)
    assert says(as_staff, url)
    assert "Du kan minne på for hånd likevel." in page.content.decode()
    as_staff.post(url, {"seen": page.context["seen"], "send": "1"})
    assert Message.objects.filter(recipient=contact, text_name="participants.reminder").exists()


def test_the_person_and_the_municipality_list_what_does_not_go(as_staff, asked, participation, contact, pause):
    pause(participation)
    for url in (
        reverse("changes:person_mails", args=[contact.pk]),
        reverse("desk:municipality_mails", args=[participation.pk]),
    ):
        page = " ".join(as_staff.get(url).content.decode().split())
        assert "Sendes ikke, for påminnelsen er slått av" in page
        assert "til Kari Kontakt (kari.kontakt@example.no). Grunn: Ny rektor" in page
