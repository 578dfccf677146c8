"""The secrets of second factors: a dump of the database tells none, and a new SECRET_KEY loses none."""

import importlib
import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.tests.conftest import app_code

KEY = "JBSWY3DPEHPK3PXP"
SEED = "ab" * 40


@pytest.fixture
def factors(kari):
    TOTP.activate(kari, KEY)
    RecoveryCodes.activate(kari)
    return lambda: {factor.type: factor.wrap() for factor in Authenticator.objects.filter(user=kari)}


def in_the_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return str(cursor.fetchall())


def test_neither_key_nor_seed_is_in_the_database(factors, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", classmethod(lambda cls: SEED))
    Authenticator.objects.filter(type="recovery_codes").delete()
    RecoveryCodes.activate(Authenticator.objects.get().user)
    assert KEY not in in_the_database()
    assert SEED not in in_the_database()
    assert factors()["totp"].validate_code(app_code(KEY))
    assert len(factors()["recovery_codes"].get_unused_codes()) == 10


def test_a_new_secret_key_loses_none_and_the_old_one_can_go(factors, settings):
    codes = factors()["recovery_codes"].get_unused_codes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert factors()["recovery_codes"].get_unused_codes() == codes
    said = StringIO()
    call_command("reseal", stdout=said)
    assert "second_factor.reseal: 2" in said.getvalue()
    said = StringIO()
    call_command("reseal", stdout=said)
    assert "second_factor.reseal: 0" in said.getvalue()
    settings.SECRET_KEY_FALLBACKS = []
    assert factors()["recovery_codes"].get_unused_codes() == codes
    assert factors()["totp"].validate_code(app_code(KEY))


def test_in_a_shell_that_has_the_old_key_alone_nothing_is_said_to_be_done(factors):
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("reseal", stdout=StringIO())


def test_a_key_that_is_lost_lets_nobody_in_and_breaks_no_page(client, kari, factors, settings, caplog):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", ["not that one either"]
    client.force_login(kari)
    page = client.post("/konto/to-trinn/bekreft/", {"code": app_code(KEY)})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "a key that is gone" in caplog.text
    assert client.get("/konto/to-trinn/").status_code == 200
    call_command("reseal", stdout=StringIO())


def test_what_stood_in_clear_is_sealed_by_the_migration(kari):
    migration = importlib.import_module("accounts.migrations.0003_seal_second_factors")
    clear = Authenticator.objects.create(user=kari, type="totp", data={"secret": KEY})
    passkey = Authenticator.objects.create(user=kari, type="webauthn", data={"name": "Telefon"})
    migration.seal(apps, None)
    assert KEY not in in_the_database()
    clear.refresh_from_db()
    assert clear.wrap().validate_code(app_code(KEY))
    migration.unseal(apps, None)
    clear.refresh_from_db()
    passkey.refresh_from_db()
    assert json.dumps([clear.data, passkey.data]) == json.dumps([{"secret": KEY}, {"name": "Telefon"}])
