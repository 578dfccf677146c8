"""An address becomes another: all that hangs on the person follows, whoever did it."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AddressChange, User
from accounts.tests.conftest import code_in
from conftest import make_contact, make_user
from gatherings.mails import notices
from lmp.changes import address
from lmp.changes.tests.people.conftest import NEW, seat
from outbox import plan
from outbox.models import Message
from participants.models import Contact, CountyGovernor

OLD = "hanne.styrer@example.no"


def change(person, new=NEW, *, by=None):
    return address.change(User.objects.get(pk=person.pk), new, by=by or person, now=timezone.now())


def entries(message: Message) -> list[tuple[str, str, int]]:
    """Method, attendee and version of each calendar entry with a mail."""
    found = []
    for file in message.attachments.all():
        whole = Calendar.from_ical(bytes(file.content))
        [event] = whole.walk("VEVENT")
        found.append((str(whole["method"]), str(event["attendee"]), int(event["sequence"])))
    return found


def test_both_addresses_are_told(head, contact):
    change(head, by=contact)
    old, new = Message.objects.order_by("pk")
    assert [(old.to, old.recipient), (new.to, new.recipient)] == [(OLD, None), (NEW, head)]
    assert f"fra {OLD} til {NEW}" in old.body
    assert "Er det feil? Svar på denne e-posten." in old.body
    assert "Kari Kontakt" not in old.body  # it may be a stranger's mailbox
    assert "Kari Kontakt gjorde det." in new.body


def test_a_person_at_an_office_is_told_in_its_language(officer):
    CountyGovernor.objects.update(name="Statsforvaltaren i Trøndelag")
    change(officer)
    assert set(Message.objects.values_list("language", flat=True)) == {"nn"}


def test_the_functions_the_places_and_the_plan_follow(head, own, place, session):
    ahead = timezone.now() + timedelta(days=365)
    before = [mail.key for mail in plan.everything(timezone.now(), ahead) if mail.recipient == head]
    change(head)
    after = [mail for mail in plan.everything(timezone.now(), ahead) if mail.recipient == head]
    assert before
    assert ([mail.key for mail in after], {mail.to for mail in after}) == (before, {NEW})
    assert own.user == place.user == User.objects.with_email(NEW) == head
    assert User.objects.with_email(OLD) is None


def test_the_calendar_entry_leaves_the_old_calendar_and_comes_to_the_new(head, place):
    change(head)
    out, in_ = Message.objects.filter(text_name="gatherings.readdressed").order_by("pk")
    assert (out.to, in_.to, in_.recipient) == (OLD, NEW, head)
    [(cancel, whose, first)], [(request, mine, last)] = entries(out), entries(in_)
    assert (cancel, whose) == ("CANCEL", f"mailto:{OLD}")
    assert (request, mine) == ("REQUEST", f"mailto:{NEW}")
    assert first < last  # an alias may lead both to one calendar: the later holds


def test_no_entry_for_what_is_over_called_off_or_waited_for(head, gathering, welcomed, place):
    place.placed_at = None
    place.save()
    change(head)
    assert not Message.objects.filter(text_name="gatherings.readdressed").exists()
    place.placed_at = timezone.now()
    place.save()
    gathering.settled = "cancelled"
    gathering.save()
    change(head, "tre@example.no")
    gathering.settled, gathering.starts_on, gathering.ends_on = "fixed", timezone.localdate() - timedelta(days=9), None
    gathering.closes_on = gathering.opens_on = None
    gathering.save()
    change(head, "fire@example.no")
    assert not Message.objects.filter(text_name="gatherings.readdressed").exists()


def test_the_session_moves_from_calendar_to_calendar(head, session):
    change(head)
    out, in_ = Message.objects.filter(text_name="guidance.readdressed").order_by("pk")
    assert ["Et nei i kalenderen når ikke de andre." in mail.body for mail in (out, in_)] == [False, True]
    assert (out.to, in_.to) == (OLD, NEW)
    assert [entries(out)[0][:2], entries(in_)[0][:2]] == [("CANCEL", f"mailto:{OLD}"), ("REQUEST", f"mailto:{NEW}")]
    assert plan.send_due(timezone.now()) == 0  # nobody else is mailed about it again


def test_a_session_that_nobody_was_mailed_about_has_no_entry(head, welcomed, units, supervisor):
    change(head)
    assert not Message.objects.filter(text_name="guidance.readdressed").exists()


def test_what_waits_goes_to_the_new_address_its_entry_too(head, place):
    notices.placed(place, now=timezone.now())
    change(head)
    waiting = Message.objects.get(text_name="gatherings.registered")
    assert waiting.to == NEW
    assert [(method, whose) for method, whose, _version in entries(waiting)] == [("REQUEST", f"mailto:{NEW}")]


def test_what_has_left_says_where_it_went(head, place):
    notices.placed(place, now=timezone.now())
    Message.objects.update(sent_at=timezone.now())
    change(head)
    assert Message.objects.get(text_name="gatherings.registered").to == OLD
    assert Message.objects.to_person(head).filter(text_name="gatherings.registered").exists()


def test_signed_out_everywhere(client, head):
    client.force_login(head)
    change(head, by=make_user("andre@example.no", "Andre"))
    assert client.get("/konto/").status_code == 302


def test_whoever_signed_in_by_a_provider_with_the_wrong_address_is_out(head, contact):
    SocialAccount.objects.create(user=head, provider="entra", uid="1")
    change(head, by=contact)
    assert not SocialAccount.objects.exists()


def test_a_code_for_the_old_address_opens_nothing(client, head):
    client.post("/konto/logg-inn/", {"email": OLD})
    code = code_in(Message.objects.latest("pk"))
    Message.objects.update(sent_at=timezone.now())
    change(head)
    response = client.post("/konto/logg-inn/kode/", {"code": code}, follow=True)
    assert "_auth_user_id" not in client.session
    assert "Koden gjelder ikke lenger" in response.content.decode()


def test_a_code_that_waits_for_the_old_address_is_never_sent(client, head):
    client.post("/konto/logg-inn/", {"email": OLD})
    change(head)
    code = Message.objects.get(secret=True)
    assert code.to == OLD
    assert not Message.objects.alive(timezone.now()).filter(secret=True).exists()


def test_somebody_elses_address_is_refused_and_nothing_stored(head, contact):
    with pytest.raises(ValidationError, match="Adressen tilhører Kari Kontakt"):
        change(head, contact.email)
    head.refresh_from_db()
    assert head.email == OLD
    assert not Message.objects.exists()


def test_the_same_address_is_no_change(head):
    assert change(head, " Hanne.Styrer@EXAMPLE.no ") is None
    assert not AddressChange.objects.exists()
    assert not Message.objects.exists()


def test_there_and_back_makes_one_set_of_mails_each(head, place):
    change(head)
    change(head, OLD)
    assert Message.objects.filter(text_name="gatherings.readdressed").count() == 4
    assert Message.objects.filter(text_name="changes.address_changed").count() == 4
    assert [(row.before, row.after) for row in AddressChange.objects.all()] == [(NEW, OLD), (OLD, NEW)]


class TestWhoMay:
    """Who answers for a municipality may say so of those who have nothing anywhere else."""

    def why_not(self, person, municipality):
        return address.why_not(person, municipality, today=timezone.localdate())

    def test_only_here(self, head, place, session, participation):
        assert self.why_not(head, participation.municipality) == ""

    def test_in_another_municipality(self, head, participation, other_participation, staff):
        make_contact(other_participation, head, Contact.Function.PPT, by=staff)
        said = self.why_not(head, participation.municipality)
        assert "Hanne Styrer har også funksjoner i Bergen." in said
        assert "Mine opplysninger" in said

    def test_was_once_in_another(self, head, participation, other_participation, staff):
        old = make_contact(other_participation, head, Contact.Function.PPT, by=staff)
        old.end(by=staff, now=timezone.now())
        assert self.why_not(head, participation.municipality) == ""

    def test_comes_to_a_gathering_for_another(self, head, gathering, participation, other_participation):
        seat(gathering, other_participation, head)
        assert "Bergen" in self.why_not(head, participation.municipality)

    def test_comes_for_another_as_well(self, head, place, participation, other_participation, staff):
        place.also_for.create(participation=other_participation, added_at=timezone.now(), added_by=staff)
        assert "Bergen" in self.why_not(head, participation.municipality)

    @pytest.mark.parametrize(
        ("who", "where"),
        [
            ("supervisor", "veiledningen"),
            ("leader", "Læringsmiljøsenteret"),
            ("officer", "Statsforvalter"),
            ("staff", "Utdanningsdirektoratet"),
        ],
    )
    def test_others(self, request, participation, who, where):
        assert where in self.why_not(request.getfixturevalue(who), participation.municipality)
