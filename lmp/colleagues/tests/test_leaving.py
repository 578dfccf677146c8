"""A colleague stops: what is open goes to another or stays, somebody can still let in others, and all are told."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import modelform_factory
from django.urls import reverse
from django.utils import timezone

from accounts.admin import PersonAdminForm
from accounts.models import User
from conftest import make_user
from lmp.changes import merging
from lmp.changes.succession import appointing
from lmp.colleagues import erasing, leaving, personal_data, tasks
from lmp.colleagues.mails import LET_IN
from lmp.colleagues.models import Resignation
from lmp.desk.models import Note
from lmp.writing.models import Writing
from outbox.models import Message
from outbox.posting import post

NOW = timezone.now()
CONFIRMED = {"_confirmed": "1"}


def colleague(email: str, name: str, *, superuser: bool = False) -> User:
    person = make_user(email, name)
    person.make_staff(superuser=superuser)
    return person


@pytest.fixture
def leaver(db) -> User:
    return colleague("sara@example.no", "Sara Slutter")


@pytest.fixture
def heir(db) -> User:
    return colleague("olav@example.no", "Olav Overtar")


@pytest.fixture
def draft(leaver) -> Writing:
    return Writing.objects.create(subject_nb="Husk fristen", reply_to=leaver.email, written_by=leaver, changed_at=NOW)


@pytest.fixture
def url(leaver) -> str:
    return reverse("colleagues:leave", args=[leaver.pk])


def sent(day=None, heir=None) -> dict[str, str]:
    return {"ends_on": (day or timezone.localdate()).isoformat(), "heir": str(heir.pk) if heir else ""}


def test_page_shows_what_is_open(as_staff, url, leaver, draft, participation):
    Note.write(participation, text="Ring", follow_up_on=timezone.localdate(), by=leaver, now=NOW)
    page = as_staff.get(url).content.decode()
    assert "Utkast: Husk fristen" in page
    assert "Notat om Indre Fosen følges opp" in page
    assert "Velger du ingen, blir det som er åpent, liggende" in page


def test_what_it_does_is_shown_and_not_done(as_staff, url, leaver, heir, draft):
    page = as_staff.post(url, sent(heir=heir)).content.decode()
    assert f'<a class="ds-link" href="{reverse("colleagues:list")}">' in page  # the way back
    assert "Dette overtar Olav Overtar" in page
    assert "Utkast: Husk fristen" in page
    assert "Totrinnsinnloggingen til Sara Slutter fjernes" in page
    leaver.refresh_from_db()
    assert leaver.is_staff
    assert not Resignation.objects.exists()
    assert not Message.objects.exists()


def test_stops_at_once_and_another_takes_over(as_staff, url, staff, leaver, heir, draft, client):
    leaver.groups.add(Group.objects.get(name=settings.NEEDS_GROUP))
    Authenticator.objects.create(user=leaver, type=Authenticator.Type.TOTP, data={})
    password = leaver.password
    as_staff.post(url, sent(heir=heir) | CONFIRMED)
    leaver.refresh_from_db()
    assert (leaver.is_staff, leaver.is_superuser, leaver.is_active) == (False, False, True)
    assert not leaver.groups.exists()
    assert not Authenticator.objects.filter(user=leaver).exists()
    assert leaver.password != password  # every session of theirs has ended
    draft.refresh_from_db()
    assert (draft.written_by, draft.reply_to) == (heir, heir.email)
    told = {message.to: message for message in Message.objects.all()}
    assert set(told) == {leaver.email, heir.email}
    assert "Ingenting annet" in told[leaver.email].body
    assert "Husk fristen" in told[heir.email].body
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (staff, str(leaver.pk))


def test_nobody_takes_over(as_staff, url, leaver, draft):
    page = as_staff.post(url, sent()).content.decode()
    assert "Dette blir liggende, for ingen overtar" in page
    as_staff.post(url, sent() | CONFIRMED)
    draft.refresh_from_db()
    assert (draft.written_by, draft.reply_to) == (leaver, "")
    assert [message.to for message in Message.objects.all()] == [leaver.email]


def test_what_has_been_sent_says_still_where_answers_went(staff, leaver, heir, draft):
    Writing.objects.filter(pk=draft.pk).update(ordered_at=NOW, is_checked=True)
    leaving.agree(leaver, heir=heir, ends_on=timezone.localdate(NOW), by=staff, now=NOW)
    draft.refresh_from_db()
    assert (draft.written_by, draft.reply_to) == (leaver, leaver.email)


def test_answers_to_what_is_being_sent_go_to_the_heir(staff, leaver, heir, draft):
    Writing.objects.filter(pk=draft.pk).update(ordered_at=NOW, is_checked=True)
    draft.recipients.create(person=staff, added_at=NOW)
    leaving.agree(leaver, heir=heir, ends_on=timezone.localdate(NOW), by=staff, now=NOW)
    draft.refresh_from_db()
    assert draft.reply_to == heir.email


def test_answers_to_what_waits_go_to_the_heir(staff, leaver, heir):
    values = dict.fromkeys(LET_IN.placeholders, "-") | {"kan": []}
    waiting = post(
        LET_IN, key="k", to="en@example.no", language="nb", values=values, why="-", now=NOW, reply_to=leaver.email
    )
    work = leaving.open_work(leaver, now=NOW)
    assert any("1 e-post" in line for line in work.moves)
    leaving.agree(leaver, heir=heir, ends_on=timezone.localdate(NOW), by=staff, now=NOW)
    waiting.refresh_from_db()
    assert waiting.reply_to == heir.email


def test_on_a_day_to_come_all_is_as_before_until_then(as_staff, url, staff, leaver, heir, draft):
    day = timezone.localdate() + timedelta(days=7)
    as_staff.post(url, sent(day, heir) | CONFIRMED)
    leaver.refresh_from_db()
    assert leaver.is_staff
    assert {message.to for message in Message.objects.all()} == {leaver.email, heir.email}
    assert "Olav Overtar overtar" in as_staff.get(reverse("colleagues:list")).content.decode()
    assert tasks.carry_out_resignations() == 0
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert tasks.carry_out_resignations() == 1
        assert tasks.carry_out_resignations() == 0
    leaver.refresh_from_db()
    assert not leaver.is_staff
    draft.refresh_from_db()
    assert draft.written_by == heir


def test_is_called_off(as_staff, url, leaver, heir):
    day = timezone.localdate() + timedelta(days=7)
    as_staff.post(url, sent(day, heir) | CONFIRMED)
    as_staff.post(url, {"call_off": "1"})
    as_staff.post(url, {"call_off": "1"})
    [resignation] = Resignation.objects.all()
    assert resignation.called_off_at
    stays = Message.objects.filter(text_name="colleagues.stays")
    assert {message.to for message in stays} == {leaver.email, heir.email}


def test_last_who_lets_in_colleagues_stays(staff, leaver):
    """Also when the two of them try to end each other: the second one is refused."""
    other = colleague("to@example.no", "To", superuser=True)
    today = timezone.localdate(NOW)
    leaving.agree(other, heir=None, ends_on=today, by=staff, now=NOW)
    with pytest.raises(ValidationError) as error:
        leaving.agree(staff, heir=None, ends_on=today, by=leaver, now=NOW)
    assert error.value.code == "last"
    staff.refresh_from_db()
    assert staff.is_superuser


def test_last_one_is_kept_on_the_day_too(staff, leaver, heir, caplog):
    other = colleague("to@example.no", "To", superuser=True)
    resignation = leaving.agree(
        other, heir=None, ends_on=timezone.localdate(NOW) + timedelta(days=1), by=staff, now=NOW
    ).resignation
    User.objects.filter(pk=staff.pk).update(is_superuser=False)
    assert leaving.carry_out_due(now=NOW + timedelta(days=1)) == 0
    resignation.refresh_from_db()
    assert resignation.carried_out_at is None
    other.refresh_from_db()
    assert other.is_superuser


def test_last_one_is_kept_in_the_administrations_table(staff):
    other = colleague("to@example.no", "To", superuser=True)
    form = modelform_factory(User, PersonAdminForm, fields=["is_superuser", "is_staff", "is_active"])
    sent = {"is_staff": "on", "is_active": "on"}
    assert form(sent, instance=User.objects.get(pk=other.pk)).is_valid()
    User.objects.filter(pk=staff.pk).update(is_active=False)
    refused = form(sent, instance=User.objects.get(pk=other.pk))
    assert "den siste som kan gi kolleger tilgang" in str(refused.errors)


def test_nobody_ends_their_own(as_staff, staff):
    answer = as_staff.post(reverse("colleagues:leave", args=[staff.pk]), sent() | CONFIRMED)
    assert answer.status_code == 422
    assert "Be en kollega som kan gi tilgang" in answer.content.decode()
    with pytest.raises(ValidationError):
        leaving.agree(staff, heir=None, ends_on=timezone.localdate(NOW), by=staff, now=NOW)


def test_only_who_may_let_in_may_end(client, leaver, heir, url):
    client.force_login(heir)
    assert client.get(url).status_code in (302, 404)
    assert leaver.is_staff


def test_is_agreed_once(staff, leaver, heir):
    day = timezone.localdate(NOW) + timedelta(days=3)
    leaving.agree(leaver, heir=None, ends_on=day, by=staff, now=NOW)
    with pytest.raises(ValidationError):
        leaving.agree(leaver, heir=heir, ends_on=day, by=staff, now=NOW)
    with pytest.raises(ValidationError):
        appointing.agree(leaver, name="Ny", email="ny@example.no", starts_on=day, by=staff, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resignation.objects.create(person=leaver, ends_on=day, agreed_at=NOW, agreed_by=staff)


@pytest.mark.any_database
@pytest.mark.parametrize("day", ["", "2020-01-01", "ikke en dato", "2026-13-45", "\x00"])
def test_bad_day_is_told_and_loses_nothing(as_staff, url, heir, day):
    answer = as_staff.post(url, {"ends_on": day, "heir": str(heir.pk)})
    assert answer.status_code == 422
    assert f'value="{heir.pk}" selected' in answer.content.decode()


@pytest.mark.parametrize("who", ["9" * 30, "x", "-1"])
def test_bad_heir_is_told(as_staff, url, who):
    assert as_staff.post(url, {"ends_on": timezone.localdate().isoformat(), "heir": who}).status_code == 422


def test_merging_follows(staff, leaver, heir):
    day = timezone.localdate(NOW) + timedelta(days=3)
    resignation = leaving.agree(leaver, heir=heir, ends_on=day, by=staff, now=NOW).resignation
    kept = colleague("olav2@example.no", "Olav Overtar")
    merging.merge(kept, heir, by=staff, now=NOW)
    resignation.refresh_from_db()
    assert resignation.heir == kept
    other = colleague("sara2@example.no", "Sara Slutter")
    merging.merge(other, leaver, by=staff, now=NOW)
    resignation.refresh_from_db()
    assert resignation.called_off_at


def test_is_forgotten_when_its_time_is_over(staff, leaver, heir, draft):
    leaving.agree(leaver, heir=heir, ends_on=timezone.localdate(NOW), by=staff, now=NOW)
    kept = timedelta(days=settings.CONTACTS_KEPT_DAYS)
    assert erasing.erase_old(today=timezone.localdate(NOW) + kept) == 0
    assert erasing.erase_old(today=timezone.localdate(NOW) + kept + timedelta(days=1)) == 1
    assert not User.objects.filter(pk=leaver.pk).exists()
    assert User.objects.filter(pk=heir.pk).exists()


def test_a_person_sees_what_is_held(staff, leaver, heir):
    leaving.agree(leaver, heir=heir, ends_on=timezone.localdate(NOW), by=staff, now=NOW)
    for person in (leaver, heir):
        [(what, _day)] = personal_data.resignations(person)[1]
        assert what == "Sara Slutter slutter"
