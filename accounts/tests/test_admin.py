"""Persons in the admin."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from accounts.tests.conftest import ADDRESS

LIST = "/admin/accounts/user/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    session = client.session
    second_factor.remember(session, user, kind="totp")
    session.save()
    return client


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("boss@example.no", name="Åse Øverst")


@pytest.fixture
def clerk(db) -> User:
    """Staff who may look after persons, but is no superuser."""
    user = User.objects.create_user("kontor@example.no", name="Konrad Kontor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return user


def with_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "HEMMELIG"})
    return user


def change(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def reset(user: User) -> str:
    return f"{LIST}{user.pk}/nullstill/"


def test_list_is_searched_and_filtered(boss, kari):
    client = signed_in(boss)
    assert "kari.nordbo@example.no" in client.get(f"{LIST}?q=Nordbø").content.decode()
    assert "kari.nordbo@example.no" not in client.get(f"{LIST}?is_staff__exact=1").content.decode()
    for query in ["is_active__exact=0", "language__exact=nn", "last_login__isnull=True"]:
        assert client.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("rows", [2, 20])
def test_list_takes_the_same_queries_for_many(boss, rows, django_assert_num_queries):
    for number in range(rows):
        with_factor(User.objects.create_user(f"p{number}@example.no"))
    client = signed_in(boss)
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_secrets_are_not_in_the_admin():
    registered = {model._meta.label for model in admin.site._registry}
    assert not [label for label in registered if label.startswith(("account.", "mfa.", "socialaccount."))]


def test_no_password_is_shown(boss, kari):
    page = signed_in(boss).get(change(kari)).content.decode()
    assert "password" not in page.lower().replace("password_change", "")
    assert kari.password not in page


def test_new_person_is_made_without_a_password(boss):
    signed_in(boss).post(f"{LIST}add/", {"email": "Ny.Person@Example.no", "name": "Ny", "language": "nn"})
    user = User.objects.get(email="ny.person@example.no")
    assert user.password.startswith("!")
    assert (user.language, user.is_staff) == ("nn", False)


def test_same_address_in_other_letters_is_refused_in_the_page(boss, kari):
    page = signed_in(boss).post(f"{LIST}add/", {"email": kari.email.upper(), "name": "", "language": ""})
    assert page.status_code == 200
    assert User.objects.count() == 2


def test_an_address_is_not_changed(boss, kari):
    posted = {"email": "angriper@example.no", "name": "Kari", "language": "", "is_active": "on"}
    signed_in(boss).post(change(kari), posted)
    kari.refresh_from_db()
    assert (kari.email, kari.name) == ("kari.nordbo@example.no", "Kari")


def test_only_a_superuser_makes_staff(boss, clerk, kari):
    posted = {"name": "Kari", "language": "", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    signed_in(clerk).post(change(kari), posted)
    kari.refresh_from_db()
    assert (kari.name, kari.is_staff, kari.is_superuser) == ("Kari", False, False)
    signed_in(boss).post(change(kari), posted)
    kari.refresh_from_db()
    assert (kari.is_staff, kari.is_superuser) == (True, True)


def test_who_is_no_superuser_closes_a_person_and_adds_one(clerk, kari):
    signed_in(clerk).post(change(kari), {"name": "Kari", "language": ""})
    kari.refresh_from_db()
    assert not kari.is_active
    signed_in(clerk).post(f"{LIST}add/", {"email": "ny@example.no", "name": "Ny", "language": ""})
    assert User.objects.get(email="ny@example.no").is_active


def test_nobody_raises_or_closes_themselves(boss, clerk):
    signed_in(clerk).post(change(clerk), {"name": "K", "language": "", "is_superuser": "on"})
    clerk.refresh_from_db()
    assert (clerk.name, clerk.is_superuser, clerk.is_active) == ("K", False, True)
    signed_in(boss).post(change(boss), {"name": "B", "language": ""})
    boss.refresh_from_db()
    assert (boss.name, boss.is_superuser, boss.is_active) == ("B", True, True)


def test_who_is_no_superuser_cannot_close_staff_and_nobody_deletes(boss, clerk, kari):
    signed_in(clerk).post(change(boss), {"name": "B", "language": ""})
    boss.refresh_from_db()
    assert boss.is_active
    for person in (clerk, boss):
        assert signed_in(person).post(f"{LIST}{kari.pk}/delete/", {"post": "yes"}).status_code == 403


def test_second_factor_is_reset_with_a_reason_and_logged(boss, kari):
    with_factor(kari)
    theirs = signed_in(kari)
    page = signed_in(boss).get(change(kari)).content.decode()
    assert reset(kari) in page
    response = signed_in(boss).post(reset(kari), {"reason": "Mistet telefonen, bekreftet på Teams"}, follow=True)
    assert "Totrinnsinnloggingen er nullstilt" in response.content.decode()
    assert not Authenticator.objects.filter(user=kari).exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (boss, str(kari.pk))
    assert "Mistet telefonen, bekreftet på Teams" in entry.get_change_message()
    assert theirs.get("/konto/").status_code == 302


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_reset_needs_a_reason(boss, kari, reason):
    with_factor(kari)
    page = signed_in(boss).post(reset(kari), {"reason": reason})
    assert page.status_code == 200
    assert page.context["form"].errors["reason"]
    assert Authenticator.objects.filter(user=kari).exists()
    assert not LogEntry.objects.exists()


def test_reset_of_ones_own_or_a_superusers_is_refused(boss, clerk, kari):
    with_factor(boss)
    with_factor(clerk)
    with_factor(kari)
    assert signed_in(clerk).post(reset(boss), {"reason": "Fordi"}).status_code == 403
    assert signed_in(boss).post(reset(boss), {"reason": "Fordi"}).status_code == 403
    assert signed_in(clerk).post(reset(kari), {"reason": "Fordi"}).status_code == 302
    assert Authenticator.objects.count() == 2


def test_reset_by_who_may_not_change_persons(kari, db):
    with_factor(kari)
    guest = User.objects.create_user("gjest@example.no", is_staff=True)
    assert signed_in(guest).post(reset(kari), {"reason": "Fordi"}).status_code == 403


def test_reset_of_who_is_not_there(boss):
    assert signed_in(boss).get(f"{LIST}999999/nullstill/").status_code == 404


def test_not_staff_and_not_signed_in(kari):
    assert signed_in(kari).get(LIST, follow=True).status_code == 404
    assert Client().get(LIST).url == f"/konto/logg-inn/?next={LIST}"
    assert Client().post(reset(kari)).url.startswith("/konto/logg-inn/")


def test_the_address_is_changed_on_the_persons_own_page(boss, kari):
    page = signed_in(boss).get(change(kari)).content.decode()
    assert f"/person/{kari.pk}/" in page
    signed_in(boss).post(change(kari), {"name": "Kari", "language": "", "email": "ny@example.no", "is_active": "on"})
    kari.refresh_from_db()
    assert kari.email == ADDRESS


def test_an_address_that_is_anothers(boss, kari):
    page = signed_in(boss).post(f"{LIST}add/", {"email": ADDRESS.upper(), "name": "Per", "language": ""})
    assert "Adressen tilhører Kari Nordbø." in page.content.decode()
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_a_person_who_is_merged_is_only_read(boss, kari):
    gone = User.objects.create_user("gone@example.no", name="Kari")
    gone.merge_into(kari, by=boss, now=timezone.now())
    signed_in(boss).post(change(gone), {"name": "X", "language": "", "is_active": "on", "is_staff": "on"})
    gone.refresh_from_db()
    assert (gone.name, gone.is_active, gone.is_staff) == ("Kari", False, False)
