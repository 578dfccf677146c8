"""python manage.py reset_second_factor: for the only superuser, who has lost theirs."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.authentication import second_factor
from accounts.models import User
from outbox.models import Message

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
REASON = "Mistet telefonen, ringte fra kontoret <b>i dag</b>"


@pytest.fixture
def boss(db) -> User:
    boss = User.objects.create_superuser("boss@example.no", name="Åse Øverst")
    TOTP.activate(boss, SECRET)
    RecoveryCodes.activate(boss)
    return boss


def with_factor(user) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    second_factor.remember(session, user, kind="totp")
    session.save()
    return client


def reset(email="boss@example.no", reason=REASON):
    call_command("reset_second_factor", email, "--reason", reason)


def test_factors_go_sessions_end_and_it_says_what_to_do_next(boss, capsys):
    client = with_factor(boss)
    assert client.get("/admin/").status_code == 200
    reset(" Boss@Example.no ")
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").url == "/konto/logg-inn/?next=/admin/"
    said = capsys.readouterr().out
    assert "boss@example.no has no second factor any more" in said
    assert "http://localhost:8000/konto/logg-inn/" in said
    assert "new authenticator app or passkey" in said


def test_only_this_persons(boss, kari):
    TOTP.activate(kari, SECRET)
    client = with_factor(kari)
    reset()
    assert Authenticator.objects.get().user == kari
    assert client.get("/konto/").status_code == 200


def test_it_stays_in_the_persons_history_and_in_the_log(boss, caplog):
    other = User.objects.create_superuser("other@example.no")
    with caplog.at_level(logging.WARNING, "accounts"):
        reset()
    assert [record.getMessage() for record in caplog.records] == [
        f"the second factor of person {boss.pk} was reset from the server; their history says why"
    ]
    assert LogEntry.objects.count() == 1
    history = with_factor(other).get(f"/admin/accounts/user/{boss.pk}/history/").content.decode()
    assert (
        "Nullstilte totrinnsinnloggingen fra serveren: Mistet telefonen, ringte fra kontoret &lt;b&gt;i dag" in history
    )


def test_the_person_and_every_other_active_superuser_get_a_mail(boss, kari, capsys):
    User.objects.create_superuser("other@example.no", language="nn")
    User.objects.create_superuser("gone@example.no", is_active=False)
    User.objects.create_user("staff@example.no", is_staff=True)
    reset()
    mails = {mail.to: mail for mail in Message.objects.all()}
    assert mails.keys() == {"boss@example.no", "other@example.no"}
    assert (mails["boss@example.no"].language, mails["other@example.no"].language) == ("nb", "nn")
    assert all("Åse Øverst (boss@example.no)" in mail.body and REASON in mail.body for mail in mails.values())
    assert "<b>" not in mails["boss@example.no"].html
    assert "blei nullstilt frå serveren" in mails["other@example.no"].body
    assert all(mail.about == boss for mail in mails.values())
    assert "boss@example.no, other@example.no" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "reason", "says"),
    [
        ("ukjent@example.no", REASON, "nobody has the address ukjent@example.no; nothing is changed"),
        ("", REASON, "nobody has the address"),
        ("kari.nordbo@example.no", REASON, "kari.nordbo@example.no has no second factor; nothing is changed"),
        ("boss@example.no", "  ", "give a --reason"),
    ],
)
def test_refuses_in_a_sentence_and_changes_nothing(boss, kari, email, reason, says):
    passwords = set(User.objects.values_list("password", flat=True))
    with pytest.raises(CommandError, match=says):
        reset(email, reason)
    assert Authenticator.objects.filter(user=boss).count() == 2
    assert set(User.objects.values_list("password", flat=True)) == passwords
    assert not LogEntry.objects.exists()
    assert not Message.objects.exists()


def test_what_cannot_be_told_is_not_done(boss, monkeypatch):
    def no_mail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("accounts.mails.second_factor_was_reset", no_mail)
    with pytest.raises(OSError):  # noqa: PT011
        reset()
    assert second_factor.is_set_up(boss)
    assert not LogEntry.objects.exists()


def test_a_reason_is_required(boss):
    with pytest.raises(CommandError, match="--reason"):
        call_command("reset_second_factor", "boss@example.no")
    assert Authenticator.objects.exists()


def test_somebody_who_may_not_sign_in_is_named_as_such(boss, capsys):
    boss.is_active = False
    boss.save()
    reset()
    assert "may not sign in" in capsys.readouterr().out
