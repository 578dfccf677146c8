"""python manage.py create_staff"""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User


def test_makes_the_first_and_says_how_to_sign_in(db, capsys):
    call_command("create_staff", "Sjef@Example.no", "--name", "Åse Øverst", "--superuser")
    user = User.objects.get(email="sjef@example.no")
    assert (user.name, user.is_staff, user.is_superuser) == ("Åse Øverst", True, True)
    assert user.password.startswith("!")
    said = capsys.readouterr().out
    assert "sjef@example.no is superuser" in said
    assert "http://localhost:8000/konto/logg-inn/" in said


def test_raises_one_who_is_there_and_keeps_their_name(kari, capsys):
    call_command("create_staff", kari.email, "--name", "En annen")
    kari.refresh_from_db()
    assert (kari.name, kari.is_staff, kari.is_superuser) == ("Kari Nordbø", True, False)


def test_names_one_who_had_no_name(db):
    User.objects.create_user("sjef@example.no")
    call_command("create_staff", "sjef@example.no", "--name", "Åse Øverst")
    assert User.objects.get().name == "Åse Øverst"


def test_never_takes_a_superusers_right(db, capsys):
    User.objects.create_superuser("sjef@example.no")
    call_command("create_staff", "sjef@example.no")
    assert User.objects.get().is_superuser
    assert "is superuser" in capsys.readouterr().out


@pytest.mark.parametrize("email", ["", "sjef", "sjef@example.no\r\nBcc: x@example.no"])
def test_refuses_what_is_no_address(db, email):
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("create_staff", email)
    assert not User.objects.exists()
