"""Staff's pages where a reminder is switched off, and on again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact
from lmp.mailcalendar.models import MailPause
from lmp.mailcalendar.tests.conftest import CONFIRM, DAY
from lmp.mailcalendar.tests.test_calendar import planned
from outbox import plan
from outbox.models import Message
from participants.models import Contact, Strike

NEW = "/e-postkalender/slatt-av/ny/"
LIST = "/e-postkalender/slatt-av/"


def sent(participation, **changes) -> dict[str, str]:
    return {
        "sted": f"kommune-{participation.pk}",
        "regel": CONFIRM,
        "grunn": "Ny rektor",
        "fra": "",
        "til": "",
    } | changes


def test_it_shows_what_falls_away_and_then_does_it(as_staff, asked, participation, contact, other_contact):
    page = as_staff.post(NEW, sent(participation)).content.decode()
    assert not MailPause.objects.exists()
    assert "Faller bort" in page
    assert f'<a class="ds-link" href="{LIST}">' in page  # the way back
    assert "Kari Kontakt" in page
    assert "Birger Bergen" not in page
    assert "til noen slår den på igjen" in page
    assert as_staff.post(NEW, sent(participation, _confirmed="1")).url == LIST
    found = MailPause.objects.get()
    assert (found.participation, found.reason, found.ends_at) == (participation, "Ny rektor", None)
    page = as_staff.get(LIST).content.decode()
    assert "Indre Fosen" in page
    assert "Ny rektor" in page
    assert "Stine Stab" in page


def test_a_mail_about_another_place_too_goes_without_it(
    as_staff, asked, participation, other_participation, contact, staff
):
    make_contact(other_participation, contact, Contact.Function.OWNER, by=staff)
    page = as_staff.post(NEW, sent(participation)).content.decode()
    assert "E-poster som går om resten" in page
    assert "Kari Kontakt, uten dette: Indre Fosen (Pulje 9) har ikke bekreftet" in page


def test_days_are_whole(as_staff, participation):
    as_staff.post(NEW, sent(participation, fra="2027-03-10", til="2027-03-12", _confirmed="1"))
    found = MailPause.objects.get()
    begins, ends = (timezone.localtime(each).isoformat()[:16] for each in (found.begins_at, found.ends_at))
    assert (begins, ends) == ("2027-03-10T00:00", "2027-03-13T00:00")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grunn": " "}, "grunn"),
        ({"grunn": "x\0"}, "grunn"),
        ({"grunn": "x" * 400}, "grunn"),
        ({"grunn": "Mor til eleven Jonas i 5B ringte."}, "no_children"),
        ({"fra": "2027-02-28"}, "fra"),
        ({"fra": "31.2."}, "fra"),
        ({"fra": "99999-01-01"}, "fra"),
        ({"fra": "2027-03-10", "til": "2027-03-09"}, "til"),
        ({"regel": "accounts.code"}, "regel"),
        ({"regel": ""}, "regel"),
        ({"sted": "kommune-" + "9" * 30}, "sted"),
        ({"sted": ""}, "sted"),
    ],
)
def test_what_is_wrong_is_explained_and_kept(as_staff, participation, changes, field):
    page = as_staff.post(NEW, sent(participation, _confirmed="1", **changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert changes.get("grunn", "Ny rektor").replace("\0", "")[:300] in page.content.decode()
    assert not MailPause.objects.exists()


def test_the_same_twice_is_refused_with_what_there_is(as_staff, participation, pause):
    pause(participation)
    page = as_staff.post(NEW, sent(participation, grunn="Ferie", _confirmed="1"))
    assert page.status_code == 422
    assert "Ny rektor" in page.content.decode()


def test_back_keeps_what_was_typed(as_staff, participation):
    page = as_staff.post(NEW, sent(participation, _back="1")).content.decode()
    assert "Ny rektor" in page


def test_it_is_prefilled_from_where_one_came(as_staff, participation):
    page = as_staff.get(NEW, {"sted": f"kommune-{participation.pk}", "regel": CONFIRM}).content.decode()
    assert f'value="kommune-{participation.pk}" selected' in page


def test_lifting_shows_what_goes_and_what_never_does(as_staff, asked, participation, contact, pause, clock):
    found = pause(participation)
    missed = planned("Bergen").send_at
    clock.move_to(missed + DAY)
    url = reverse("mailcalendar:lift", args=[found.pk])
    page = as_staff.get(url).content.decode()
    assert "E-poster som ikke ble sendt, og ikke blir det" in page
    assert "mandag 8. mars 2027 kl. 08.00 til Kari Kontakt" in page
    assert "Planlagte e-poster" in page
    assert MailPause.objects.get().lifted_at is None
    assert as_staff.post(url, {"_confirmed": "1"}).url == LIST
    assert MailPause.objects.get().lifted_at == timezone.now()
    plan.send_due(timezone.now())
    assert not Message.objects.filter(recipient=contact, text_name=CONFIRM).exists()
    assert "slått på allerede" in as_staff.get(url, follow=True).content.decode()


def test_lifting_says_when_the_pulje_is_off_still(as_staff, participation, cohort, pause):
    found = pause(participation)
    pause(cohort, reason="Hele Norge venter")
    page = as_staff.get(reverse("mailcalendar:lift", args=[found.pk])).content.decode()
    assert "Hele Norge venter" in page


def test_what_is_over_stays_on_the_list(as_staff, participation, pause, staff):
    found = pause(participation)
    found.lift(by=staff, now=timezone.now())
    page = as_staff.get(LIST).content.decode()
    assert "Var slått av før" in page
    assert "Ny rektor" in page


def test_the_calendar_lists_what_is_left_out_with_the_reason(as_staff, asked, participation, contact, pause):
    day = timezone.localdate(planned().send_at).isoformat()
    pause(participation)
    page = as_staff.get("/e-postkalender/", {"dag": day})
    assert [row["to"] for row in page.context["rows"]] == ["birger.bergen@example.no"]
    [left_out] = page.context["left_out"]
    assert left_out.mail.to == contact.email
    url = reverse("mailcalendar:planned", args=[day, left_out.mail.key])
    assert url in page.content.decode()
    assert "Grunn: Ny rektor" in page.content.decode()
    assert "E-posten sendes ikke, for påminnelsen er slått av. Grunn: Ny rektor" in as_staff.get(url).content.decode()


@pytest.mark.parametrize("who", ["contact", "officer", "leader", "supervisor", "stranger"])
def test_nobody_else_sees_or_does_it(client, request, participation, pause, who):
    found = pause(participation)
    client.force_login(request.getfixturevalue(who))
    for url in (LIST, NEW, reverse("mailcalendar:lift", args=[found.pk]), "/e-postkalender/"):
        assert client.get(url).status_code == 404
    assert client.post(reverse("mailcalendar:lift", args=[found.pk]), {"_confirmed": "1"}).status_code == 404
    assert client.post(NEW, sent(participation, _confirmed="1")).status_code == 404
    assert MailPause.objects.get().lifted_at is None


def test_the_list_asks_the_same_however_long_it_is(as_staff, participation, pause, staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            as_staff.get(LIST)
        return len(found)

    for number in range(2):
        pause(participation, begins_at=timezone.now() + number * DAY, ends_at=timezone.now() + (number + 1) * DAY)
        pause(
            participation,
            rule="guidance.measures",
            begins_at=timezone.now() + number * DAY,
            reason=str(number),
            ends_at=timezone.now() + (number + 1) * DAY,
        ).lift(by=staff, now=timezone.now())
    queries()
    few = queries()
    for number in range(2, 20):
        pause(participation, begins_at=timezone.now() + number * DAY, ends_at=timezone.now() + (number + 1) * DAY)
    assert queries() == few


def test_a_reason_that_should_not_have_been_written_is_taken_away(as_staff, asked, participation, pause, contact):
    found = pause(participation, reason="Rådmannen er syk")
    url = reverse("removing:strike_pause", args=[found.pk])
    as_staff.post(url, {"reason": Strike.Reason.choices[0][0], "_confirmed": "1"})
    page = as_staff.get(LIST).content.decode()
    assert "Rådmannen" not in page
    assert "Grunn: teksten er fjernet" in page
    assert contact.email not in {mail.to for mail in plan.everything(timezone.now(), timezone.now() + 60 * DAY)}
