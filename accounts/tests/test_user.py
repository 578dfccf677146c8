"""The person."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from accounts.models import User


def test_known_by_address_whatever_its_letters(db):
    first = User.objects.for_email(" Kari@Example.NO ", name="Kari", language="nn")
    again = User.objects.for_email("kari@example.no", name="En annen", language="nb")
    assert first == again
    assert (again.email, again.name, again.language) == ("kari@example.no", "Kari", "nn")
    assert User.objects.get_by_natural_key("KARI@example.no") == first


def test_address_in_capitals_cannot_be_stored(db):
    User.objects.bulk_create([User(email="Kari@example.no")])
    assert User.objects.get().email == "kari@example.no"
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = 'Kari@example.no'")


@pytest.mark.parametrize("make", ["for_email", "create_user"])
def test_nobody_has_a_password(db, make):
    user = getattr(User.objects, make)("kari@example.no")
    assert user.password.startswith("!")
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_form_stores_the_address_in_small_letters(db):
    user = User(email=" Kari@Example.no")
    user.set_unusable_password()
    user.clean()
    user.full_clean()
    assert user.email == "kari@example.no"
    with pytest.raises(ValidationError):
        User(email="kari", password="!").full_clean()


def test_ending_sessions_signs_out_everywhere(client, kari):
    client.force_login(kari)
    assert client.get("/konto/").status_code == 200
    kari.end_sessions()
    assert client.get("/konto/").status_code == 302


def test_is_called_by_name_or_address():
    assert str(User(email="kari@example.no", name="Kari Nordbø")) == "Kari Nordbø"
    assert str(User(email="kari@example.no")) == "kari@example.no"
