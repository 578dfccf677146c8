"""Demo mode lets anybody be anybody, so it must not start where real people are."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from participants.models import Cohort

PRODUCTION = {
    "DATABASE_URL": "postgres://db.invalid/lmp",
    "REDIS_URL": "redis://redis.invalid/0",
    "EMAIL_URL": "smtp://mail.invalid",
    "SECRET_KEY": "x" * 50,
    "SITE_URL": "https://portal.example.no",
}


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env=clean | {"DJANGO_SETTINGS_MODULE": "lmp.settings", "LMP_VAR_DIR": str(tmp_path)} | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", PRODUCTION)
def test_demo_mode_refuses_each_production_setting(tmp_path, name):
    # A database without a secret key would be refused for that alone.
    needed = {"SECRET_KEY": PRODUCTION["SECRET_KEY"]} if name == "DATABASE_URL" else {}
    answer = start(tmp_path, LMP_DEMO="true", **needed | {name: PRODUCTION[name]})

    assert answer.returncode != 0
    assert "LMP_DEMO" in answer.stderr


def test_demo_mode_starts_with_nothing_set(tmp_path):
    assert start(tmp_path, LMP_DEMO="true").returncode == 0


def test_production_settings_start_without_demo_mode(tmp_path):
    assert start(tmp_path, **PRODUCTION).returncode == 0


@pytest.mark.django_db
def test_the_command_fills_no_database_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="LMP_DEMO"):
        call_command("demo", load_only=True)
    assert not Cohort.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/demo/post/", "/demo/post/1/", "/demo/inn/staff/"])
def test_the_addresses_do_not_exist_outside_demo_mode(client, address):
    assert client.post(address).status_code == 404
    assert client.get(address).status_code == 404
