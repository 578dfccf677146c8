"""From the text to the receipt: nothing typed is lost, nothing goes that was not seen, and all that went is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from lmp.changes.tests.withdrawal.test_pages import text_of
from lmp.writing import sending
from lmp.writing.models import Writing
from lmp.writing.tests.conftest import a_draft
from lmp.writing.views import write
from outbox import posting
from outbox.models import Message
from participants.models import Contact, Participation
from parts.tests.child_names.asked import ticked

TEXT = {"subject_nb": "Møte i mai", "body_nb": "Hei, {navn}\n\nVi møtes i mai."}


@pytest.fixture
def draft(asked, staff) -> Writing:
    return a_draft(asked, by=staff, subject_nn="", body_nn="")


def at(name: str, draft: Writing) -> str:
    return reverse(f"writing:{name}", args=[draft.pk])


def facts(staff: User, **typed) -> dict[str, str]:
    return TEXT | {"reply_to": staff.email, "reason": ""} | typed


def sent(client, draft: Writing, **posted):
    seen = Writing.objects.get(pk=draft.pk).fingerprint
    return client.post(at("preview", draft), {"seen": seen, "send": "1"} | posted)


class TestText:
    def test_it_is_kept_and_led_on(self, staff_client, draft, staff):
        answer = staff_client.post(at("write", draft), facts(staff))
        assert answer["Location"] == at("preview", draft)
        assert Writing.objects.get().wording("nb") == tuple(TEXT.values())

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            pytest.param({"body_nb": "Hei, {nanv}"}, "Ukjent flettefelt: {nanv}.", id="unknown placeholder"),
            pytest.param({"subject_nb": "Til {navn"}, "er ikke et flettefelt", id="broken placeholder"),
            pytest.param({"body_nb": " "}, "Tekst, bokmål", id="empty"),
            pytest.param({"subject_nb": "a" * 201}, "200", id="too long"),
            pytest.param({"reply_to": "noen@example.org"}, "Svar går til", id="answers to a stranger"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, staff_client, draft, staff, typed, said):
        answer = staff_client.post(at("write", draft), facts(staff, **typed))
        assert answer.status_code == 422
        assert said in answer.text
        kept = Writing.objects.get()
        assert not kept.is_checked
        assert kept.reply_to == staff.email
        again = staff_client.get(at("write", draft)).text
        assert all(value.split("\n")[0].strip()[:200] in again for value in typed.values() if "@" not in value)
        assert staff_client.get(at("preview", draft))["Location"] == at("write", draft)

    def test_what_the_page_begins_with_is_no_text(self, staff_client, draft, staff):
        Writing.objects.update(subject_nb="", body_nb="")
        page = staff_client.get(at("write", draft))
        begun = page.context["form"].initial
        answer = staff_client.post(at("write", draft), facts(staff, body_nb=begun["body_nb"].replace("\n", "\r\n")))
        assert answer.status_code == 422
        assert "Skriv teksten på bokmål." in answer.text

    def test_each_language_that_somebody_gets_it_in_is_asked_for(self, staff_client, asked, in_nynorsk, staff):
        both = a_draft(asked, in_nynorsk, by=staff, subject_nn="", body_nn="")
        assert staff_client.post(at("write", both), facts(staff)).status_code == 422
        typed = facts(staff, subject_nn="Møte", body_nn="Vi møtest.")
        assert staff_client.post(at("write", both), typed).status_code == 302

    def test_the_other_language_may_wait_and_what_is_typed_in_it_is_checked(self, staff_client, draft, staff):
        begun = staff_client.get(at("write", draft)).context["form"].initial
        other = {name: begun[name] for name in ("subject_nn", "body_nn")}
        assert staff_client.post(at("write", draft), facts(staff, **other)).status_code == 302
        assert Writing.objects.get().wording("nn") == ("", "")
        assert staff_client.post(at("write", draft), facts(staff, body_nn="Vi møtest {")).status_code == 422

    def test_who_is_chosen_afterwards_may_have_the_other_language(self, staff_client, draft, in_nynorsk, staff):
        User.objects.filter(name="Kari Kontakt").update(language="nn")
        answer = staff_client.get(at("preview", draft), follow=True)
        assert "1 mottaker får e-posten på nynorsk." in answer.text

    def test_a_text_that_may_name_a_child_asks(self, staff_client, draft, staff):
        typed = facts(staff, body_nb="Eleven Ola Nordmann i 3B har det vanskelig.")
        answer = staff_client.post(at("write", draft), typed)
        assert "navngir et barn" in answer.text
        assert staff_client.post(at("write", draft), typed | ticked(answer)).status_code == 302

    def test_a_draft_is_kept_and_found(self, staff_client, draft, staff):
        answer = staff_client.post(at("write", draft), facts(staff, body_nb="Halvferdig {", draft="1"), follow=True)
        assert "Utkastet er lagret" in answer.text
        assert "Halvferdig {" in answer.text
        assert at("write", draft) in staff_client.get(reverse("writing:list")).text

    def test_what_is_sent_without_its_fields_takes_nothing_away(self, staff_client, draft):
        before = Writing.objects.get().wording("nb")
        assert staff_client.post(at("write", draft)).status_code == 200
        assert staff_client.post(at("write", draft), {"x": "1"}).status_code == 422
        assert Writing.objects.get().wording("nb") == before

    def test_what_no_database_holds_is_left_out_of_what_is_kept(self, staff_client, draft, staff):
        assert staff_client.post(at("write", draft), facts(staff, body_nb="Hei\0 du")).status_code == 422
        assert Writing.objects.get().body_nb == "Hei du"

    def test_a_reminder_is_chosen(self, staff_client, asked, staff):
        reminder = a_draft(asked, by=staff, kind="confirmation")
        typed = {"kind": "registration", "reply_to": staff.email, "reason": ""}
        assert staff_client.post(at("write", reminder), typed)["Location"] == at("preview", reminder)
        assert Writing.objects.get().kind == "registration"
        assert staff_client.post(at("write", reminder), typed | {"kind": "message"}).status_code == 422
        assert Writing.objects.get().kind == "registration"


class TestPreview:
    def test_says_who_has_not_had_the_welcome_letter(self, staff_client, draft, asked):
        assert "velkomstbrevet" not in text_of(staff_client.get(at("preview", draft)))
        Participation.objects.update(welcomed_at=None, welcomed_by=None)
        said = f"{asked.municipality} har ikke fått velkomstbrevet ennå."
        assert said in text_of(staff_client.get(at("preview", draft)))

    def test_each_with_the_text_why_and_what_they_have_got_and_get(self, staff_client, draft, contact, staff):
        Writing.objects.update(kind="confirmation")
        first = a_draft(draft.recipients.get().participations.get(), by=staff)
        sending.order(first.pk, seen=first.fingerprint, by=staff, now=timezone.now() - timedelta(days=3))
        page = text_of(staff_client.get(at("preview", draft)))
        assert "Send til 1 person" in page
        assert "Kari Kontakt" in page
        assert "Minnet på av Stine Stab: Indre Fosen (Pulje 9) har ikke bekreftet" in page
        assert "Fristen er gått ut: bekreft opplysningene for Indre Fosen" in page
        assert "Har fått de siste 30 dagene:" in page
        assert "Om Indre Fosen" in page
        assert "Får dette av seg selv de neste 14 dagene:" in page

    def test_when_none_of_them_gets_it_the_page_says_so(self, staff_client, draft, asked, contact, staff):
        mine = a_draft(asked, by=staff)
        make_contact(asked, make_user("ny@example.no", "Ny Eier"), Contact.Function.OWNER, by=staff)
        Contact.objects.get(user=contact).end(by=staff, now=timezone.now())
        page = text_of(staff_client.get(reverse("writing:preview", args=[mine.pk])))
        assert "Ingen av dem får e-posten. Grunnen står ved hver av dem." in page
        assert "0 personer" not in page

    def test_sent_it_is_told_row_by_row(self, staff_client, draft, asked, contact, staff):
        make_contact(asked, make_user("ny@example.no", "Ny Eier"), Contact.Function.OWNER, by=staff)
        both = a_draft(asked, by=staff)
        Contact.objects.get(user=contact).end(by=staff, now=timezone.now())
        answer = sent(staff_client, both)
        assert answer["Location"] == both.get_absolute_url()
        page = text_of(staff_client.get(answer["Location"]))
        assert "1 av 2 e-poster er gjort klare til sending. 1 ble ikke sendt, se hvorfor under." in page
        assert "Har ingen funksjon i Indre Fosen lenger." in page
        assert "Skrevet av Stine Stab" in page
        Message.objects.update(sent_at=timezone.now())
        page = text_of(staff_client.get(answer["Location"]))
        assert "1 av 2 e-poster er sendt." in page
        assert "klare til sending." not in page

    def test_pressed_twice_and_from_another_tab_it_goes_once(self, staff_client, draft):
        seen = draft.fingerprint
        for _press in range(3):
            answer = staff_client.post(at("preview", draft), {"seen": seen, "send": "1"})
            assert answer["Location"] == draft.get_absolute_url()
        assert Message.objects.count() == 1
        assert staff_client.get(at("preview", draft))["Location"] == draft.get_absolute_url()
        assert staff_client.get(at("write", draft))["Location"] == draft.get_absolute_url()

    def test_what_is_sent_is_not_changed_by_a_page_that_was_open(self, staff_client, draft, staff):
        sent(staff_client, draft)
        assert staff_client.post(at("write", draft), facts(staff))["Location"] == draft.get_absolute_url()
        assert staff_client.post(f"{reverse('writing:choose')}?utkast={draft.pk}", {"ingen": "1"}).status_code == 404
        assert Writing.objects.get().body_nb == draft.body_nb
        assert draft.recipients.count() == 1

    def test_what_another_tab_has_changed_is_shown_first(self, staff_client, draft):
        seen = draft.fingerprint
        Writing.objects.update(subject_nb="Noe annet")
        answer = staff_client.post(at("preview", draft), {"seen": seen, "send": "1"})
        assert answer.status_code == 422
        assert "Ingenting er sendt." in answer.text
        assert "Noe annet" in answer.text
        assert not Message.objects.exists()

    def test_many_are_asked_about(self, staff_client, draft, monkeypatch):
        monkeypatch.setattr(write, "SURE_FROM", 1)
        answer = sent(staff_client, draft)
        assert answer.status_code == 422
        assert "Kryss av for at du vil sende til så mange." in answer.text
        assert not Message.objects.exists()
        assert sent(staff_client, draft, sikker="1").status_code == 302
        assert Message.objects.count() == 1

    def test_one_is_taken_out(self, staff_client, draft, contact):
        staff_client.post(at("preview", draft), {"fjern": contact.pk})
        assert not draft.recipients.exists()
        assert "Ingen er valgt." in staff_client.get(at("preview", draft)).text
        assert sent(staff_client, draft).status_code == 422

    def test_a_copy_to_oneself(self, staff_client, draft, staff):
        answer = staff_client.post(at("preview", draft), {"prove": "1", "token": "1"}, follow=True)
        assert "Prøven sendes til stab@example.no." in answer.text
        assert Message.objects.get().recipient == staff

    def test_as_many_queries_for_many_as_for_few(
        self, staff_client, draft, asked, staff, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(50) as few:
            staff_client.get(at("preview", draft))
        for number in range(30):
            make_contact(asked, make_user(f"k{number}@example.no", f"K {number}"), Contact.Function.OWNER, by=staff)
        many = a_draft(asked, by=staff)
        with django_assert_max_num_queries(len(few)):
            assert "Send til 31 personer" in staff_client.get(at("preview", many)).text


class TestWhatIsSent:
    def test_the_list_tells_who_when_and_how_many(self, staff_client, draft):
        sent(staff_client, draft)
        page = text_of(staff_client.get(reverse("writing:list")))
        assert "Om …" in page
        assert "{kommune}" not in page
        assert "Stine Stab" in page
        assert "Om …" not in text_of(staff_client.get(reverse("writing:list") + "?type=confirmation"))

    def test_what_became_of_each_mail(self, staff_client, draft):
        sent(staff_client, draft)
        address = draft.get_absolute_url()
        assert "Venter" in text_of(staff_client.get(address))
        Message.objects.update(given_up_at=timezone.now())
        page = text_of(staff_client.get(address))
        assert "Gitt opp" in page
        assert "1 kom ikke fram." in page
        assert "Kari Kontakt" in text_of(staff_client.get(f"{address}?tilstand=given_up"))
        assert "Kari Kontakt" not in text_of(staff_client.get(f"{address}?tilstand=left_out"))

    def test_one_that_was_sent_again_is_told_as_it_stands(self, staff_client, draft, staff):
        sent(staff_client, draft)
        Message.objects.update(given_up_at=timezone.now())
        facts = {"reason": "Ny adresse", "token": "1", "by": staff, "now": timezone.now()}
        again = posting.resend(Message.objects.get(), **facts)
        assert again.reply_to == draft.reply_to
        Message.objects.filter(pk=again.pk).update(sent_at=timezone.now())
        page = text_of(staff_client.get(draft.get_absolute_url()))
        assert "kom ikke fram" not in page
        assert "Gitt opp Kari" not in page

    def test_staff_see_what_others_have_sent(self, client, staff_client, draft, asked):
        other = make_user("annen@example.no", "Annen Ansatt", is_staff=True, is_superuser=True)
        Writing.objects.update(written_by=other)
        assert staff_client.get(draft.get_absolute_url()).status_code == 404
        sending.order(draft.pk, seen=draft.fingerprint, by=other, now=timezone.now())
        assert "Annen Ansatt" in staff_client.get(draft.get_absolute_url()).text
