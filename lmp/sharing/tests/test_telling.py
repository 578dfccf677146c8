"""Mail about a publication: shown first, to each once, to nobody who has left, and again only for something new."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user, withdraw
from guidance.tests.conftest import text_of
from lmp.changes import merging
from lmp.sharing import files, reading, telling
from lmp.sharing.models import Announcement, Publication
from lmp.sharing.tests.conftest import PDF, a_file, a_publication
from lmp.writing import sending
from lmp.writing.models import Recipient, Writing
from outbox.models import Message
from participants.models import Contact

NEWS, VERSION, UNREAD = Announcement.Reason


@pytest.fixture
def one(cohort, everybody, staff) -> Publication:
    return a_publication(cohort, title_nb="Program {uten} felt", title_nn="Programmet", by=staff)


def draft(publication: Publication, reason: str = NEWS, *, by: User, now=None) -> Writing:
    return telling.draft(publication, reason=reason, by=by, now=now or timezone.now())


def send(publication: Publication, reason: str = NEWS, *, by: User, now=None) -> Writing:
    writing = draft(publication, reason, by=by, now=now)
    return sending.order(writing.pk, seen=writing.fingerprint, by=by, now=now or timezone.now())


def mailed() -> list[str]:
    return sorted(Message.objects.values_list("recipient__name", flat=True))


def left_out(writing: Writing) -> dict[str, str]:
    rows = Recipient.objects.left_out().filter(writing=writing).select_related("person")
    return {row.person.name: row.why_left_out for row in rows}


def test_each_who_sees_it_is_written_to_in_their_language(one, everybody, staff):
    User.objects.filter(pk=everybody["leader"].pk).update(language="nn")
    a_file(one, by=staff)
    writing = send(one, by=staff)
    assert len(mailed()) == writing.recipients.count() == 9
    assert not left_out(writing)
    mail = Message.objects.get(recipient=everybody["officer"])
    assert mail.subject == "Nytt fra Læringsmiljøprosjektet: Program {uten} felt"
    assert "Vi har lagt ut noe nytt for pulje 9:" in mail.body
    assert "- program.pdf" in mail.body
    assert one.get_absolute_url() in mail.body
    assert mail.reply_to == staff.email
    assert "Programmet" in Message.objects.get(recipient=everybody["leader"]).subject


def test_each_is_chosen_where_they_see_it(one, participation, other_participation, everybody, staff):
    def chosen(who: str) -> list[int]:
        return list(writing.recipients.get(person=everybody[who]).participations.values_list("pk", flat=True))

    writing = draft(one, by=staff)
    assert chosen("contact") == [participation.pk]
    assert chosen("other_contact") == [other_participation.pk]
    assert chosen("leader") == []  # sees it through no municipality


def test_is_shown_before_it_goes(staff_client, one):
    answer = staff_client.post(reverse("sharing:tell", args=[one.pk]), {"reason": "news"})
    assert answer.url == reverse("writing:preview", args=[Writing.objects.get().pk])
    page = text_of(staff_client.get(answer.url))
    assert "9 personer får hver sin e-post." in page
    assert "Hanne Styrer" in page
    assert "Prosjektleder ved Læringsmiljøsenteret" in page
    assert "Velg hvem" not in page
    assert not Message.objects.exists()


def test_without_files_the_mail_has_no_empty_list(one, staff):
    send(one, by=staff)
    assert "\n-" not in Message.objects.first().body


def test_the_text_can_be_written_otherwise(staff_client, one):
    writing_page = staff_client.post(reverse("sharing:tell", args=[one.pk])).url.replace("se-over", "tekst")
    page = staff_client.get(writing_page)
    facts = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert staff_client.post(writing_page, facts | {"subject_nb": "Les: {tittel}"}).status_code == 302
    assert Writing.objects.get().is_checked
    assert staff_client.post(writing_page, facts | {"body_nb": "Hei {funksjon}"}).status_code == 422
    assert staff_client.get(writing_page).status_code == 200


def test_pressed_twice_is_one_draft_and_a_second_round_sends_nothing(one, staff):
    assert draft(one, by=staff) == draft(one, by=staff)
    send(one, by=staff)
    with pytest.raises(ValidationError, match="Alle som ser innlegget, har fått e-posten"):
        draft(one, by=staff)
    assert len(mailed()) == 9


def test_two_colleagues_at_once_send_it_once(one, staff):
    colleague = make_user("kollega@example.no", "Kaja Kollega", is_staff=True, is_superuser=True)
    mine, theirs = draft(one, by=staff), draft(one, by=colleague)
    assert mine != theirs
    for writing in (mine, theirs):
        sending.order(writing.pk, seen=writing.fingerprint, by=writing.written_by, now=timezone.now())
    assert len(mailed()) == 9
    assert len(left_out(theirs)) == 9
    assert all(why.startswith("Fikk e-post om dette") for why in left_out(theirs).values())


def test_who_comes_later_is_told_alone(one, participation, staff):
    send(one, by=staff)
    make_contact(participation, make_user("ny@example.no", "Nye Nils"), Contact.Function.PPT, by=staff)
    later = send(one, by=staff)
    assert list(later.recipients.values_list("person__name", flat=True)) == ["Nye Nils"]
    assert len(mailed()) == 10


def test_whoever_leaves_before_it_goes_gets_nothing(one, participation, other_contact, leader, today, staff):
    writing = draft(one, by=staff)
    withdraw(participation, by=staff, now=timezone.now())
    leader.project_leader.ended_on = today
    leader.project_leader.save()
    User.objects.filter(pk=other_contact.pk).update(is_active=False)
    sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=timezone.now())
    assert mailed() == ["Oddvar Veileder", "Vilde Vest"]
    assert left_out(writing) == {
        "Kari Kontakt": "Ser ikke innlegget lenger.",
        "Hanne Styrer": "Ser ikke innlegget lenger.",
        "Vera Veileder": "Ser ikke innlegget lenger.",
        "Olav Embete": "Ser ikke innlegget lenger.",
        "Petra Påmeldt": "Ser ikke innlegget lenger.",
        "Pia Prosjektleder": "Ser ikke innlegget lenger.",
        "Birger Bergen": "Personen er sperret, og får ingen e-poster.",
    }


def test_what_is_taken_back_before_it_goes_is_told_to_nobody(one, staff):
    writing = draft(one, by=staff)
    one.take_back(by=staff, now=timezone.now())
    sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=timezone.now())
    assert mailed() == []
    assert set(left_out(writing).values()) == {"Innlegget er tatt tilbake."}


@pytest.mark.parametrize("facts", [{"is_draft": True}, {"shown_until": "2020-01-01"}])
def test_what_nobody_sees_is_told_to_nobody(cohort, everybody, staff, facts):
    one = a_publication(cohort, **facts, by=staff)
    one.refresh_from_db()
    with pytest.raises(ValidationError, match="Bare innlegg som vises"):
        draft(one, by=staff)


def test_before_the_letters_there_is_nobody_to_tell(cohort, contact, staff):
    with pytest.raises(ValidationError, match="når de har fått velkomstbrevet"):
        draft(a_publication(cohort, kinds=["owner"], by=staff), by=staff)


def test_two_who_turn_out_to_be_one_get_one(one, contact, head, staff):
    writing = draft(one, by=staff)
    merging.merge(contact, head, by=staff, now=timezone.now())
    sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=timezone.now())
    assert Message.objects.filter(recipient=contact, text_name="sharing.news").count() == 1


class TestANewVersion:
    def replace(self, publication: Publication, staff: User, content: bytes) -> None:
        upload = SimpleUploadedFile("program.pdf", content)
        files.replace(publication.files.get(), upload, by=staff, now=timezone.now())

    def test_is_told_of_once_for_each_version(self, one, staff):
        a_file(one, by=staff)
        send(one, by=staff)
        self.replace(one, staff, PDF + b"2")
        writing = send(one, VERSION, by=staff)
        assert writing.recipients.count() == 9
        assert Message.objects.filter(subject__startswith="Ny versjon: ").count() == 9
        with pytest.raises(ValidationError):
            draft(one, VERSION, by=staff)
        self.replace(one, staff, PDF + b"3")
        send(one, VERSION, by=staff)
        assert Message.objects.filter(subject__startswith="Ny versjon: ").count() == 18

    def test_names_the_file_that_is_new_and_no_other(self, one, everybody, staff):
        a_file(one, by=staff)
        self.replace(one, staff, PDF + b"2")
        a_file(one, "kart.pdf", PDF + b"3", by=staff)
        send(one, VERSION, by=staff)
        body = Message.objects.get(recipient=everybody["contact"]).body
        assert "- program.pdf" in body
        assert "kart.pdf" not in body

    def test_is_offered_when_there_is_one(self, staff_client, one, staff):
        a_file(one, by=staff)
        send(one, by=staff)
        offer = "Si fra om den nye versjonen"
        assert offer not in text_of(staff_client.get(one.get_absolute_url()))
        self.replace(one, staff, PDF + b"2")
        assert offer in text_of(staff_client.get(one.get_absolute_url()))


class TestThoseWhoHaveNotRead:
    def test_are_reminded_and_once_a_day(self, one, everybody, staff):
        now = timezone.now()
        send(one, by=staff, now=now)
        for name in ("contact", "head"):
            reading.note(one, everybody[name], now=now)
        writing = send(one, UNREAD, by=staff, now=now)
        assert writing.recipients.count() == 7
        with pytest.raises(ValidationError, match="fått en påminnelse om det i dag"):
            draft(one, UNREAD, by=staff, now=now)
        assert draft(one, UNREAD, by=staff, now=now + timedelta(days=1)).recipients.count() == 7

    def test_who_reads_it_meanwhile_is_not(self, one, everybody, staff):
        writing = draft(one, UNREAD, by=staff)
        reading.note(one, everybody["head"], now=timezone.now())
        sending.order(writing.pk, seen=writing.fingerprint, by=staff, now=timezone.now())
        assert left_out(writing) == {"Hanne Styrer": "Har lest innlegget."}

    def test_from_the_page_of_readers(self, staff_client, one):
        page = reverse("sharing:readers", args=[one.pk])
        assert "Minn dem som ikke har lest" in text_of(staff_client.get(page))
        answer = staff_client.post(reverse("sharing:tell", args=[one.pk]), {"reason": "unread"})
        assert answer.url.startswith("/skriv/")


@pytest.mark.parametrize("reason", ["", "tull", "\0"])
def test_nonsense_tells_that_it_is_new(staff_client, one, reason):
    staff_client.post(reverse("sharing:tell", args=[one.pk]), {"reason": reason})
    assert Announcement.objects.get().reason == NEWS


def test_whom_it_concerns_is_not_chosen_in_the_list(staff_client, one, staff):
    writing = draft(one, by=staff)
    assert staff_client.get(reverse("writing:choose"), {"utkast": writing.pk}).status_code == 404


def test_what_was_sent_leads_back_to_it(staff_client, one, staff):
    writing = send(one, by=staff)
    assert one.get_absolute_url() in staff_client.get(writing.get_absolute_url()).text
    assert str(writing) == "Nytt innlegg: Program {uten} felt"


def test_the_mail_says_what_it_is_about(cohort, gathering, participation, welcomed, contact, staff):
    county = participation.municipality.county
    for facts in ({"gathering": gathering}, {"county": county}):
        send(a_publication(cohort, **facts, by=staff), by=staff)
    first, second = Message.objects.filter(recipient=contact).order_by("pk")
    assert "noe nytt for 1. samling i pulje 9:" in first.body
    assert "noe nytt for kommunene i Trøndelag i pulje 9:" in second.body
