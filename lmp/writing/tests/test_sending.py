"""Each recipient once, in their language; who has left is told of; nothing goes that was not seen."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from conftest import make_contact, make_user, withdraw
from gatherings.models import Gathering
from guidance.models import GroupMember, GuidanceGroup
from lmp.changes import merging
from lmp.writing import composing, sending
from lmp.writing.choosing import ticks
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import find
from lmp.writing.left_out import REASONS, WhyLeftOut, in_each_language, in_words
from lmp.writing.models import Recipient, Writing
from lmp.writing.tests.conftest import a_draft
from outbox import posting
from outbox.models import Message
from participants.models import Contact, CountyGovernor, GovernorContact


def send(draft: Writing, *, now=None) -> Writing:
    return sending.order(draft.pk, seen=draft.fingerprint, by=draft.written_by, now=now or timezone.now())


def left_out(draft: Writing) -> dict[str, str]:
    rows = Recipient.objects.left_out().filter(writing=draft).select_related("person")
    return {row.person.name: row.why_left_out for row in rows}


def test_each_gets_it_in_their_language_with_why_and_where_answers_go(asked, in_nynorsk, contact, staff):
    draft = a_draft(asked, in_nynorsk, by=staff, reason="Møte i mai", reply_to=staff.email)
    send(draft)
    first, second = Message.objects.order_by("recipient")
    assert (first.recipient, first.subject) == (contact, f"Om {asked.municipality}")
    assert second.subject == f"Til {in_nynorsk.municipality}"
    assert "Hei, Nina Nynorsk\n\nDette gjeld pulje 9." in second.body
    assert second.language == "nn"
    assert first.why == "Skrevet av Stine Stab: Møte i mai"
    assert first.reply_to == staff.email
    assert first.about == draft
    assert [each.message for each in draft.recipients.order_by("person")] == [first, second]


def test_what_a_person_has_chosen_goes_before_the_municipalitys_language(asked, contact, staff):
    User.objects.filter(pk=contact.pk).update(language="nn")
    send(a_draft(asked, by=staff))
    assert Message.objects.get().language == "nn"


class TestSupervisorsAndCountyGovernors:
    def to(self, function: str, draft: Writing) -> Writing:
        people = find(PeopleFilter({"funksjon": function}), HandedOver(), today=timezone.localdate())
        ticks.drop_all(draft)
        ticks.add_all(draft, people, now=timezone.now())
        return draft

    def test_a_supervisor_in_their_own_language_however_many_they_guide(self, in_nynorsk, asked, supervisor, staff):
        group = GuidanceGroup.objects.create(participation=in_nynorsk)
        GroupMember.objects.create(group=group, supervisor=supervisor.supervisor, started_on=timezone.localdate())
        send(self.to("supervisors", a_draft(asked, by=staff)))
        mail = Message.objects.get(recipient=supervisor)
        assert mail.language == "nb"
        assert asked.municipality.name in mail.subject
        assert in_nynorsk.municipality.name in mail.subject

    def test_an_office_in_its_language(self, asked, officer, staff):
        CountyGovernor.objects.update(name="Statsforvaltaren i Trøndelag")
        send(self.to("governors", a_draft(asked, by=staff)))
        assert Message.objects.get(recipient=officer).language == "nn"

    @pytest.mark.parametrize("function", ["supervisors", "governors"])
    def test_the_municipalitys_deadline_is_not_theirs(self, function, asked, supervisor, officer, staff):
        draft = self.to(function, a_draft(asked, by=staff, body_nb="Innen {frist}", body_nn="Innan {frist}"))
        send(draft)
        assert [why[:21] for why in left_out(draft).values()] == ["Har ingen frist for å"]

    def test_who_has_left_the_group_or_the_office_meanwhile(self, asked, supervisor, officer, staff):
        for function in ("supervisors", "governors"):
            draft = self.to(function, a_draft(asked, by=staff))
            GroupMember.objects.update(ended_on=timezone.localdate())
            GovernorContact.objects.update(ended_on=timezone.localdate())
            send(draft)
            assert [why[:19] for why in left_out(draft).values()] == ["Har ingen funksjon "]
            GroupMember.objects.update(ended_on=None)
            GovernorContact.objects.update(ended_on=None)
        assert not Message.objects.exists()

    def test_in_as_many_queries_for_many_as_for_few(
        self, asked, in_nynorsk, supervisor, officer, staff, django_assert_max_num_queries
    ):
        draft = self.to("supervisors", a_draft(asked, by=staff))
        office = officer.governor_contacts.get().governor
        for number in range(5):
            person = make_user(f"embete{number}@example.no", f"E {number}")
            office.add_person(email=person.email, name=person.name, on=timezone.localdate(), by=staff)
        recipients = list(composing.with_facts(self.to("governors", draft).recipients.all()))
        assert len(recipients) == 6
        with django_assert_max_num_queries(6):
            composing.compose(draft, recipients, now=timezone.now())


def test_it_goes_once_however_often_it_is_sent(asked, staff):
    draft = a_draft(asked, by=staff)
    seen, now = draft.fingerprint, timezone.now()
    for press in range(3):
        sending.order(draft.pk, seen=seen, by=staff, now=now + timedelta(minutes=press))
        sending.process(draft.pk, now=now)
    assert Message.objects.count() == 1
    assert Writing.objects.get().ordered_at == now


def test_somebody_in_two_municipalities_gets_one_that_names_both(asked, in_nynorsk, contact, staff):
    make_contact(in_nynorsk, contact, Contact.Function.SCHOOL_LEAD, by=staff)
    draft = a_draft(asked, in_nynorsk, by=staff)
    send(draft)
    mine = Message.objects.get(recipient=contact)
    assert asked.municipality.name in mine.subject
    assert in_nynorsk.municipality.name in mine.subject


def test_what_has_changed_since_it_was_seen_is_not_sent(asked, in_nynorsk, staff):
    draft = a_draft(asked, by=staff)
    seen = draft.fingerprint
    Writing.objects.filter(pk=draft.pk).update(body_nb="Noe annet")
    with pytest.raises(ValidationError):
        sending.order(draft.pk, seen=seen, by=staff, now=timezone.now())
    assert not Message.objects.exists()
    assert Writing.objects.get().ordered_at is None


class TestWhoHasLeftSince:
    def test_somebody_whose_function_has_ended(self, asked, contact, staff):
        make_contact(asked, make_user("ny@example.no", "Ny Eier"), Contact.Function.OWNER, by=staff)
        draft = a_draft(asked, by=staff)
        Contact.objects.get(user=contact).end(by=staff, now=timezone.now())
        send(draft)
        assert left_out(draft) == {contact.name: f"Har ingen funksjon i {asked.municipality} lenger."}
        assert Message.objects.get().recipient.name == "Ny Eier"

    def test_a_municipality_that_has_withdrawn(self, asked, contact, staff):
        draft = a_draft(asked, by=staff)
        withdraw(asked, by=staff, now=timezone.now())
        send(draft)
        assert left_out(draft) == {contact.name: f"{asked.municipality} har trukket seg."}

    def test_one_that_had_withdrawn_when_it_was_chosen_is_written_to(self, asked, contact, staff):
        draft = a_draft(asked, by=staff)
        withdraw(asked, by=staff, now=timezone.now() - timedelta(days=1))
        send(draft)
        assert Message.objects.get().recipient == contact

    def test_somebody_who_is_blocked(self, asked, contact, staff):
        draft = a_draft(asked, by=staff)
        User.objects.filter(pk=contact.pk).update(is_active=False)
        send(draft)
        assert left_out(draft) == {contact.name: "Personen er sperret, og får ingen e-poster."}

    def test_two_who_turn_out_to_be_one_get_one(self, asked, in_nynorsk, contact, staff):
        draft = a_draft(asked, in_nynorsk, by=staff)
        gone = User.objects.get(email="nina.nynorsk@example.no")
        merging.merge(contact, gone, by=staff, now=timezone.now())
        send(draft)
        written = Message.objects.filter(text_name="writing.written")
        assert [message.recipient for message in written] == [contact]


def test_a_text_with_a_deadline_goes_to_nobody_without_one(asked, in_nynorsk, contact, staff):
    asked.open_confirmation.answer(snapshot={}, changes=[], comment="", by=contact, now=timezone.now())
    draft = a_draft(asked, in_nynorsk, by=staff, body_nb="Frist: {frist}", body_nn="Frist: {frist}")
    send(draft)
    assert set(left_out(draft)) == {contact.name}
    assert Message.objects.filter(text_name="writing.written").count() == 1


class TestMany:
    @pytest.fixture
    def many(self, asked, staff) -> Writing:
        for number in range(sending.AT_ONCE + 1):
            make_contact(asked, make_user(f"k{number}@example.no", f"K {number}"), Contact.Function.OWNER, by=staff)
        return a_draft(asked, by=staff)

    def test_they_are_a_workers(self, many, django_capture_on_commit_callbacks, monkeypatch):
        asked_for = []
        monkeypatch.setattr(sending.queue, "ask", lambda *task, expires: asked_for.append(task))
        with django_capture_on_commit_callbacks(execute=True):
            send(many)
        assert not Message.objects.exists()
        assert asked_for == [("lmp.writing.tasks.send", many.pk)]
        assert list(Writing.objects.waiting()) == [many]
        sending.process(many.pk, now=timezone.now())
        assert Message.objects.count() == sending.AT_ONCE + 2
        assert not Writing.objects.waiting().exists()

    def test_one_that_fails_keeps_back_no_other(self, many, contact, monkeypatch):
        real = posting.post

        def post(*arguments, to, **facts):
            if to == contact:
                raise ValueError
            return real(*arguments, to=to, **facts)

        monkeypatch.setattr(sending, "post", post)
        send(many)
        sending.process(many.pk, now=timezone.now())
        assert Message.objects.count() == sending.AT_ONCE + 1
        assert left_out(many) == {
            contact.name: "Noe gikk galt. Prøv igjen, og si fra til brukerstøtte hvis det skjer på nytt."
        }

    def test_in_a_fixed_number_of_queries_a_batch(self, many, django_assert_max_num_queries):
        recipients = list(composing.with_facts(many.recipients.all()))
        with django_assert_max_num_queries(3):
            composing.compose(many, recipients, now=timezone.now())


def test_a_test_copy_goes_to_the_writer_alone_and_says_so(asked, in_nynorsk, staff):
    draft = a_draft(asked, in_nynorsk, by=staff)
    composed = composing.compose(draft, list(composing.with_facts(draft.recipients.all())), now=timezone.now())
    for _press in range(2):
        with transaction.atomic():
            sending.try_out(draft, composed, token="1", by=staff, now=timezone.now())
    first, second = Message.objects.order_by("language")
    assert first.recipient == second.recipient == staff
    assert first.subject == f"Prøve: Om {asked.municipality}"
    assert second.body.startswith("Dette er ein prøve.")
    assert draft.recipients.waiting().count() == 2


def test_why_somebody_got_nothing_is_worded_in_the_readers_language(asked, contact, staff):
    """Stored as it was found, whatever language the worker had; a gathering is named in the reader's too."""
    draft = a_draft(asked, by=staff)
    User.objects.filter(pk=contact.pk).update(is_active=False)
    with translation.override("nb"):
        send(draft)
    row = Recipient.objects.left_out().get(writing=draft)
    assert row.why_left_out == "Personen er sperret, og får ingen e-poster."
    with translation.override("nn"):
        assert row.why_left_out == "Personen er sperra, og får ingen e-postar."


def test_a_reason_about_a_gathering_is_in_both_languages(cohort):
    gathering = Gathering(cohort=cohort, kind="kick_off")
    why = WhyLeftOut("signed_off", {"gathering": in_each_language(lambda: gathering.in_a_sentence)})
    with translation.override("nb"):
        assert "samlingen" in str(why)
    with translation.override("nn"):
        assert "samlinga" in str(why)


def test_every_reason_can_be_worded():
    facts = {"place": "Indre Fosen", "gathering": {"nb": "x", "nn": "y"}, "clock": "10.00", "when": "i dag"}
    for code in REASONS:
        assert in_words(code, facts)
    assert "{frist}" in in_words("no_deadline", {})
    assert in_words("", {}) == ""


def test_a_title_has_no_placeholder(asked, staff):
    draft = a_draft(asked, by=staff)
    draft.subject_nb = "Fristen i {kommune} nærmer seg"
    assert str(draft) == "Fristen i … nærmer seg"
    draft.subject_nb = draft.subject_nn = ""
    assert str(draft) == "Uten emne"
