"""A key is changed without signing anybody out, and one that has leaked lets nobody in."""

import os
import subprocess
import sys

import pytest
from django.core import signing
from django.core.signing import BadSignature

from tests.house.repository import ROOT

OLD, NEW = "old-" * 20, "new-" * 20


@pytest.mark.django_db
def test_sessions_and_signatures_of_the_earlier_key_hold_while_it_is_named(client, settings, staff_without_factor):
    settings.SECRET_KEY = OLD
    staff_without_factor.is_staff = staff_without_factor.is_superuser = False
    staff_without_factor.save()
    client.force_login(staff_without_factor)
    signed = signing.dumps("typed")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert client.get("/").status_code == 200
    assert signing.loads(signed) == "typed"

    settings.SECRET_KEY_FALLBACKS = []
    # The session was signed anew meanwhile, as it was used; what nobody used is over.
    assert client.get("/").status_code == 200
    with pytest.raises(BadSignature):
        signing.loads(signed)


@pytest.mark.django_db
def test_a_key_that_has_leaked_lets_nobody_in(client, settings, staff_without_factor):
    settings.SECRET_KEY = OLD
    client.force_login(staff_without_factor)
    settings.SECRET_KEY = NEW
    assert client.get("/").status_code == 302


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "key").write_text(NEW)
    (tmp_path / "mail").write_text("smtp://mail.example.no:2525")
    told = "from lmp import settings; print(settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.EMAIL_PORT)"
    environ = {
        "PATH": os.environ["PATH"],
        "LMP_VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://127.0.0.1:9/none",
        "SECRET_KEY_FILE": str(tmp_path / "key"),
        "EMAIL_URL_FILE": str(tmp_path / "mail"),
        "SECRET_KEY_FALLBACKS": f"{OLD},older",
    }
    run = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert run.stdout.strip() == f"{NEW} {[OLD, 'older']} 2525"


def test_a_password_may_have_any_letter_when_its_address_is_written_right(tmp_path):
    """As docs/operations.md has them. Redis and the mail server are asked with such ones in outbox/tests/faults."""
    told = "from lmp import settings; print(settings.DATABASES['default']['PASSWORD'])"
    environ = {
        "PATH": os.environ["PATH"],
        "LMP_VAR_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://lmp:a%40b%2Fc%3Ad%23e%3Ff%25g@127.0.0.1:9/none",
        "SECRET_KEY": NEW,
    }
    run = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert run.stdout.strip() == "a@b/c:d#e?f%g"
