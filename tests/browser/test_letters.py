"""Staff's pages about the welcome letters in Chromium: choose, see exactly what goes, send, follow it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from conftest import make_contact, make_user, withdraw
from lmp.welcome import tasks
from lmp.welcome.models import Letter, LetterCopy, LetterText, Sending
from outbox.models import Message
from participants.models import Cohort, Contact, CountyGovernor, Unit
from tests.browsing import LANGUAGES, WIDTHS, check, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Rindfleischetikettierungsüberwachung" * 5


@pytest.fixture
def desk(browser: Browser, site, staff):
    def sit_down(*, width: int = 1280, language: str = "nb", **context) -> Page:
        opened = new_context(browser, width=width, language=language, base_url=site, **context)
        sign_in(opened, site, staff)
        return new_page(opened)

    return sit_down


@pytest.fixture
def ready(participation, other_participation, contact, officer, staff):
    """One that can be sent, with a copy to the county governor, and one that lacks nearly everything."""
    return participation


def cohort_page(participation) -> str:
    return reverse("admin:welcome_cohortletters_change", args=[participation.cohort_id])


def swept_up(page: Page) -> None:
    """What a worker does meanwhile."""
    assert Sending.objects.get().items.waiting().count() == 1
    tasks.sweep()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False], ids=["with-js", "without-js"])
def test_from_the_list_to_a_letter_that_is_sent(desk, ready, width, javascript):
    page = desk(width=width, java_script_enabled=javascript)
    page.goto(cohort_page(ready))
    check(page, javascript=javascript)
    page.get_by_role("checkbox", name="Velg Indre Fosen").check()
    page.get_by_role("button", name="Se over de valgte").click()
    expect(page.get_by_text("kari.kontakt@example.no")).to_be_visible()
    check(page, javascript=javascript)
    page.get_by_role("button", name="Send 1 brev").click()
    expect(page.get_by_role("status")).to_contain_text("0 av 1 brev er sendt, 1 venter.")
    check(page, javascript=javascript)
    swept_up(page)
    if not javascript:
        page.get_by_role("link", name="Oppdater siden").click()
    expect(page.get_by_role("status")).to_contain_text("Ferdig. 1 av 1 brev er sendt.")
    expect(page.get_by_role("link", name="kari.kontakt@example.no")).to_be_visible()
    expect(page.get_by_text("1 kopi er sendt til statsforvaltere.")).to_be_visible()
    expect(page.get_by_role("link", name="olav.embete@example.no")).to_be_visible()
    check(page, javascript=javascript)
    assert Letter.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_about_letters(desk, ready, contact, head, staff, width, language):
    staff.language = language
    staff.save()
    earlier = Cohort.objects.get(pk=ready.cohort_id)
    earlier.pk, earlier.number = None, earlier.number - 1
    earlier.save()
    Unit.objects.create(participation=ready, name=LONG, kind="school")
    person = make_user(f"{'a' * 60}@{'b' * 60}.example.no", LONG)
    make_contact(ready, person, Contact.Function.SCHOOL_LEAD, by=staff)
    text = LetterText.objects.create(cohort=ready.cohort, language="nb", intro=LONG)
    LetterText.objects.create(cohort=earlier, language="nn", intro=LONG, reply="Innan 11. mai.", senders="{Kari}")
    page = desk(width=width, language=language)
    confirm = reverse("admin:welcome_confirm", args=[ready.cohort_id])
    for address in [
        reverse("admin:welcome_cohortletters_changelist"),
        cohort_page(ready),
        f"{confirm}?alle=1",
        reverse("admin:welcome_send_try", args=[ready.cohort_id]),
        reverse("admin:welcome_copy_texts", args=[ready.cohort_id]),
        reverse("admin:welcome_lettertext_change", args=[text.pk]),
        reverse("admin:welcome_lettertext_add"),
        reverse("admin:welcome_letter_changelist"),
        reverse("admin:welcome_sending_changelist"),
    ]:
        page.goto(address)
        check(page)
    page.goto(f"{confirm}?alle=1")
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/utsending/**")
    tasks.sweep()
    for address in [
        page.url,
        cohort_page(ready),
        reverse("admin:welcome_letter_changelist"),
        reverse("admin:welcome_letter_change", args=[Letter.objects.get().pk]),
        reverse("admin:welcome_sending_changelist"),
        reverse("admin:welcome_journal", args=[ready.cohort_id]),
        reverse("admin:welcome_letter_to", args=[contact.contacts.get().pk]),
        reverse("admin:participants_contact_change", args=[head.contacts.get().pk]),
    ]:
        page.goto(address)
        check(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_that_nobody_gets_is_done_without_and_sent_later(desk, participation, contact, staff, width, language):
    staff.language = language
    staff.save()
    page = desk(width=width, language=language)
    page.goto(cohort_page(participation))
    check(page)
    page.goto(reverse("admin:welcome_confirm", args=[participation.cohort_id]) + "?alle=1")
    page.locator("input[type=submit]").click()
    expect(page.locator(".errornote")).to_be_visible()
    check(page)
    assert not Sending.objects.exists()
    page.locator(".errornote").get_by_role("link").click()
    page.locator("input[name=uten-kopi]").check()
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/utsending/**")
    tasks.sweep()
    page.reload()
    check(page)
    page.goto("/")
    check(page)
    CountyGovernor.objects.update(email="post@example.no")
    page.goto(reverse("admin:welcome_progress", args=[Sending.objects.get().pk]))
    copy = LetterCopy.objects.get()
    page.locator(f"a[href='{reverse('admin:welcome_send_copy', args=[copy.pk])}']").click()
    expect(page.get_by_text("post@example.no")).to_be_visible()
    check(page)
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/utsending/**")
    check(page)
    assert Message.objects.get(text_name="welcome.copy").to == "post@example.no"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_did_not_arrive(desk, ready, contact, staff, width, language):
    staff.language = language
    staff.save()
    page = desk(width=width, language=language)
    page.goto(reverse("admin:welcome_confirm", args=[ready.cohort_id]) + "?alle=1")
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/utsending/**")
    tasks.sweep()
    message = Message.objects.to_person(contact).get()
    Message.objects.filter(pk=message.pk).update(given_up_at=timezone.now())
    page.goto(reverse("admin:outbox_message_changelist") + "?state=undelivered")
    check(page)
    page.goto(reverse("admin:outbox_message_change", args=[message.pk]))
    check(page)
    page.locator(f"a[href='{reverse('admin:outbox_message_resend', args=[message.pk])}']").click()
    check(page)
    page.goto(reverse("admin:outbox_message_handled", args=[message.pk]))
    check(page)
    page.locator("textarea").fill("Ringte.")
    page.locator("input[type=submit]").click()
    page.wait_for_url("**/change/")
    check(page)
    assert not Message.objects.undelivered().exists()


def test_what_changed_while_it_was_looked_at_is_shown_and_nothing_is_sent(desk, ready, staff):
    page = desk(width=320)
    page.goto(reverse("admin:welcome_confirm", args=[ready.cohort_id]) + "?alle=1")
    make_contact(ready, make_user("nora.ny@example.no", "Nora Ny"), Contact.Function.OWNER, by=staff)
    page.get_by_role("button", name="Send 1 brev").click()
    expect(page.locator(".errornote")).to_contain_text("Ingenting er sendt.")
    expect(page.get_by_text("nora.ny@example.no")).to_be_visible()
    check(page)
    assert not Sending.objects.exists()


def test_a_letter_that_failed_says_why(desk, ready, contact):
    page = desk(width=320)
    page.goto(reverse("admin:welcome_confirm", args=[ready.cohort_id]) + "?alle=1")
    page.get_by_role("button", name="Send 1 brev").click()
    page.wait_for_url("**/utsending/**")
    withdraw(ready, by=contact, now=timezone.now())
    tasks.sweep()
    page.reload()
    expect(page.get_by_text("Kommunen har trukket seg.")).to_be_visible()
    check(page)
