"""What is held about a person, for that person."""

import json
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import User
from outbox.models import Message

ME = "/konto/"


def other_app(user: User):
    return "Kontakt", [("Kommune", "Indre Fosen"), ("Telefon", "")]


@pytest.fixture
def signed_in(client, kari):
    client.force_login(kari)
    return client


def message(to: str, number: int = 0) -> Message:
    at = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)
    fields: dict = {"key": f"{to}{number}", "message_id": f"<{to}{number}@x>", "subject": f"Påminnelse {number}"}
    recipient = User.objects.filter(email=to).first()
    return Message.objects.create(
        to=to, recipient=recipient, language="nb", text_name="x", created_at=at, next_attempt_at=at, **fields
    )


def test_page_shows_what_is_held(signed_in, kari, settings):
    settings.PERSONAL_DATA = [*settings.PERSONAL_DATA, "accounts.tests.test_me.other_app"]
    Authenticator.objects.create(user=kari, type=Authenticator.Type.TOTP, data={"secret": "HEMMELIG"})
    message(kari.email)
    message("annen@example.no", 7)
    page = signed_in.get(ME).content.decode()
    for held in ["Kari Nordbø", kari.email, "Kode fra app", "Påminnelse 0", "Indre Fosen", "12. april 2027"]:
        assert held in page
    assert "HEMMELIG" not in page
    assert "Påminnelse 7" not in page


def nothing(user: User):
    return "Veiledning", []


def test_what_nothing_is_held_of_is_named_once_at_the_end(signed_in, settings):
    settings.PERSONAL_DATA = ["accounts.tests.test_me.nothing", "accounts.tests.test_me.other_app"]
    page = signed_in.get(ME).content.decode()
    end = page.index("Her er ingenting lagret")
    assert page.index("Indre Fosen") < end < page.index("<li>Veiledning</li>")
    assert page.count("Veiledning") == 1
    settings.PERSONAL_DATA = ["accounts.tests.test_me.other_app"]
    assert "Her er ingenting lagret" not in signed_in.get(ME).content.decode()


def test_download_holds_the_same_and_no_secret(signed_in, kari, settings):
    settings.PERSONAL_DATA = [*settings.PERSONAL_DATA, "accounts.tests.test_me.other_app"]
    Authenticator.objects.create(user=kari, type=Authenticator.Type.TOTP, data={"secret": "HEMMELIG"})
    response = signed_in.get(f"{ME}last-ned/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="mine-opplysninger.json"'
    assert "no-store" in response.headers["Cache-Control"]
    held = json.loads(response.content)["opplysninger"]
    assert {"hva": "Navn", "verdi": "Kari Nordbø"} in held["Om deg"]
    assert {"hva": "Telefon", "verdi": ""} in held["Kontakt"]
    assert "Nordbø" in response.content.decode()
    assert "HEMMELIG" not in response.content.decode()


def test_name_and_language_can_be_changed(signed_in, kari):
    response = signed_in.post(ME, {"name": "  Åse Ærlig Østbø ", "language": "nn"}, follow=True)
    kari.refresh_from_db()
    assert (kari.name, kari.language) == ("Åse Ærlig Østbø", "nn")
    assert "Åse Ærlig Østbø" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("name", "æ" * 201), ("name", "a\x00b"), ("language", "en"), ("language", "'; DROP TABLE")]
)
def test_what_cannot_be_saved_is_told_and_kept_in_the_field(signed_in, kari, field, value):
    page = signed_in.post(ME, {"name": "Ny", "language": "nn"} | {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    kari.refresh_from_db()
    assert (kari.name, kari.language) == ("Kari Nordbø", "")
    if field == "name":
        assert page.context["form"]["name"].value() == value


def test_nothing_else_can_be_changed(signed_in, kari):
    posted = {"name": "Kari", "language": "", "email": "ny@example.no", "is_staff": "on", "is_superuser": "on"}
    signed_in.post(ME, posted)
    kari.refresh_from_db()
    assert (kari.email, kari.is_staff, kari.is_superuser) == ("kari.nordbo@example.no", False, False)


def test_a_name_is_never_markup(signed_in, kari):
    signed_in.post(ME, {"name": "<script>alert(1)</script>", "language": ""})
    page = signed_in.get(ME).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_not_signed_in(client, db):
    assert client.get(ME).url == "/konto/logg-inn/?next=/konto/"
    assert client.get(f"{ME}last-ned/").url == "/konto/logg-inn/?next=/konto/last-ned/"


@pytest.mark.parametrize("rows", [2, 20])
def test_queries_do_not_grow_with_what_is_held(signed_in, kari, rows, settings, django_assert_num_queries):
    settings.PERSONAL_DATA = [path for path in settings.PERSONAL_DATA if path.startswith("accounts.")]
    for number in range(rows):
        message(kari.email, number)
        Authenticator.objects.create(user=kari, type=Authenticator.Type.WEBAUTHN, data={"name": str(number)})
    with django_assert_num_queries(6):
        signed_in.get(ME)
