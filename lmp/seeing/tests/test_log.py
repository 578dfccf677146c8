"""Who may see as whom, for what reason, and who reads of it afterwards."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from lmp.changes import merging
from lmp.seeing import access, erasing
from lmp.seeing.models import KEPT, LENGTH, TOLD_WITHIN, ViewedPage, Viewing
from lmp.seeing.tests.conftest import REASON, see_as
from outbox.models import Message
from participants.erasing import erase_person


def begin(person: User, *, by: User, now=None, reason: str = REASON) -> Viewing:
    return Viewing.begin(person, reason=reason, by=by, now=now or timezone.now())


def url(person: User) -> str:
    return reverse("seeing:begin", args=[person.pk])


class TestWho:
    def test_the_button_is_on_the_persons_page(self, as_helper, contact):
        page = as_helper.get(reverse("changes:person", args=[contact.pk])).content.decode()
        assert url(contact) in page

    def test_and_beside_them_in_the_search(self, as_helper, contact, helper):
        page = as_helper.get(reverse("search:search"), {"q": "example.no"}).content.decode()
        assert url(contact) in page
        assert url(helper) not in page

    def test_but_not_for_who_lacks_the_role(self, as_staff, contact):
        """A superuser too: the role is given on purpose."""
        for address in (reverse("changes:person", args=[contact.pk]), f"{reverse('search:search')}?q=kari"):
            assert url(contact) not in as_staff.get(address).content.decode()
        assert as_staff.get(url(contact)).status_code == 404
        assert as_staff.post(url(contact), {"reason": REASON}).status_code == 404
        assert not Viewing.objects.exists()

    @pytest.mark.parametrize("who", ["contact", "officer", "leader", "supervisor"])
    def test_and_nobody_else_even_with_it(self, client, request, who, head):
        person = request.getfixturevalue(who)
        person.groups.add(Group.objects.get(name=settings.SEE_AS_GROUP))
        client.force_login(person)
        assert client.get(url(head)).status_code == 404
        assert client.post(url(head), {"reason": REASON}).status_code == 404
        assert client.get(reverse("seeing:log")).status_code == 404

    def test_the_second_factor_is_asked_for(self, client, helper, contact):
        client.force_login(helper)
        assert client.post(url(contact), {"reason": REASON})["Location"] == reverse("mfa_activate_totp")
        assert not Viewing.objects.exists()

    def refused(self, person: User, as_helper, helper) -> str:
        page = as_helper.get(url(person))
        assert 'name="reason"' not in page.content.decode()
        assert as_helper.post(url(person), {"reason": REASON}).status_code == 422
        assert url(person) not in as_helper.get(reverse("changes:person", args=[person.pk])).content.decode()
        with pytest.raises(ValidationError) as error:
            begin(person, by=helper)
        assert not Viewing.objects.exists()
        assert error.value.messages[0] in page.context["why_not"]
        return error.value.messages[0]

    def test_never_another_of_the_staff(self, as_helper, helper):
        colleague = make_user("kollega@example.no", "Kollega", is_staff=True)
        assert "er ansatt i portalen" in self.refused(colleague, as_helper, helper)

    def test_nor_a_superuser_who_is_not_of_the_staff(self, as_helper, helper):
        assert "er ansatt" in self.refused(make_user("s@example.no", "S", is_superuser=True), as_helper, helper)

    def test_nor_oneself(self, as_helper, helper):
        assert "deg selv" in self.refused(helper, as_helper, helper)

    def test_nor_somebody_without_access(self, as_helper, helper):
        assert "sperret" in self.refused(make_user("b@example.no", "B", is_active=False), as_helper, helper)

    def test_nor_a_row_that_is_another_by_now(self, as_helper, helper, contact, head):
        merging.merge(contact, head, by=helper, now=timezone.now())
        head.refresh_from_db()
        assert "Velg den andre" in self.refused(head, as_helper, helper)

    def test_who_has_no_function_can_be_helped_too(self, as_helper, stranger):
        see_as(as_helper, stranger)
        assert "Du ser portalen som Frem Med" in as_helper.get("/").content.decode()

    def test_one_at_a_time(self, helper, contact, head):
        first = begin(contact, by=helper)
        begin(head, by=helper)
        first.refresh_from_db()
        assert first.ended_how == "another"
        assert Viewing.objects.going_on(now=timezone.now()).count() == 1

    def test_the_same_once_more_is_a_second_press(self, helper, contact):
        assert begin(contact, by=helper) == begin(contact, by=helper)

    def test_the_role_is_given_to_a_new_colleague(self, as_staff):
        new = {"name": "Nora Ny", "email": "nora.ny@example.no", "sees_as_others": "on"}
        as_staff.post(reverse("colleagues:new"), new)
        assert access.may_see_as(User.objects.get(email=new["email"]))
        assert "se portalen som en annen person" in Message.objects.get().body


class TestReason:
    @pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "\x00"])
    def test_it_is_needed_and_short(self, as_helper, contact, reason):
        answer = as_helper.post(url(contact), {"reason": reason})
        assert answer.status_code == 422
        assert reason.strip("\x00 ") in answer.content.decode()
        assert not Viewing.objects.exists()

    def test_it_names_no_child(self, as_helper, contact):
        answer = as_helper.post(url(contact), {"reason": "Spurte om Emma i 5B"})
        assert "navngir et barn" in answer.content.decode()
        assert not Viewing.objects.exists()

    def test_an_address_that_is_nobodys(self, as_helper):
        assert as_helper.get("/person/99999999999999999999/se-som/").status_code == 404
        assert as_helper.get("/person/999999/se-som/").status_code == 404


@pytest.mark.parametrize(
    "facts",
    [
        {"reason": ""},
        {"ended_how": "button"},
        {"ended_at": True},
        {"ended_at": True, "ended_how": "button", "until": False},
        {"person": None},
    ],
)
def test_the_database_holds_the_rules(helper, contact, facts):
    viewing = begin(contact, by=helper)
    if "person" in facts:
        facts = {"person": helper}
    facts = {name: viewing.begun_at if value is True else value for name, value in facts.items()}
    if facts.get("until") is False:
        facts |= {"until": viewing.begun_at + timedelta(minutes=1), "ended_at": viewing.begun_at + LENGTH}
    with pytest.raises(IntegrityError), transaction.atomic():
        Viewing.objects.filter(pk=viewing.pk).update(**facts)


def test_two_at_once_are_refused_by_the_database(helper, contact, head):
    first = begin(contact, by=helper)
    facts = {"begun_by": helper, "begun_at": first.begun_at, "until": first.until}
    with pytest.raises(IntegrityError), transaction.atomic():
        Viewing.objects.create(person=head, reason="-", **facts)


class TestThePerson:
    @pytest.fixture
    def seen(self, helper, contact) -> Viewing:
        viewing = begin(contact, by=helper, now=timezone.now() - timedelta(minutes=12))
        ViewedPage.objects.create(viewing=viewing, path="/kommuner/")
        viewing.end(how=Viewing.End.BUTTON, now=timezone.now())
        return viewing

    def test_reads_it_on_their_own_page(self, client, contact, seen):
        client.force_login(contact)
        page = " ".join(client.get("/").content.decode().split())
        assert "Stine Stab i Utdanningsdirektoratet så portalen som deg" in page
        assert f"Grunn: {REASON}" in page

    def test_until_it_is_no_news(self, client, contact, seen):
        Viewing.objects.update(begun_at=timezone.now() - TOLD_WITHIN)
        client.force_login(contact)
        assert "så portalen som deg" not in client.get("/").content.decode()

    def test_reads_all_of_it_with_their_other_data(self, client, contact, seen):
        client.force_login(contact)
        page = client.get(reverse("accounts:me")).content.decode()
        said = f"Stine Stab så portalen som deg i 12 minutter. Grunn: {REASON}. Sider: /kommuner/"
        assert said in page
        downloaded = json.loads(client.get(reverse("accounts:export")).content)
        assert said in str(downloaded)

    def test_and_nobody_elses(self, client, head, seen):
        client.force_login(head)
        assert REASON not in client.get(reverse("accounts:me")).content.decode()
        assert client.get(seen.get_absolute_url()).status_code == 404

    def test_gets_no_mail(self, seen):
        assert not Message.objects.exists()

    def test_takes_it_along_when_two_are_one(self, helper, contact, seen):
        kept = make_user("kari@example.no", "Kari Kontakt")
        merging.merge(kept, contact, by=helper, now=timezone.now())
        assert list(kept.viewings.all()) == [seen]

    def test_who_turns_out_to_be_the_one_who_looked(self, helper, contact, seen):
        """It stays where it was: nobody sees as themselves."""
        merging.merge(helper, contact, by=helper, now=timezone.now())
        seen.refresh_from_db()
        assert seen.person == contact


def test_it_goes_with_the_person(helper, stranger):
    begin(stranger, by=helper)
    assert erase_person(stranger)
    assert not Viewing.objects.exists()


def test_it_goes_after_two_years(helper, contact, head):
    now = timezone.now()
    old = begin(contact, by=helper, now=now - KEPT - timedelta(hours=1))
    ViewedPage.objects.create(viewing=old, path="/")
    kept = begin(head, by=helper, now=now - KEPT + timedelta(hours=1))
    assert erasing.erase_old(now=now) == 1
    assert list(Viewing.objects.all()) == [kept]


class TestTheLog:
    def test_lists_who_whom_why_and_how_long(self, as_helper, helper, contact, head):
        begin(contact, by=helper, now=timezone.now() - timedelta(hours=2))
        begin(head, by=helper)
        page = " ".join(as_helper.get(reverse("seeing:log")).content.decode().split())
        assert "Stine Stab så portalen som Kari Kontakt" in page
        assert "30 minutter" in page
        assert page.count("Pågår") == 1

    def test_of_one_person(self, as_helper, helper, contact, head):
        begin(contact, by=helper)
        page = as_helper.get(reverse("seeing:log"), {"person": head.pk}).content.decode()
        assert "Ingen har brukt «Se som»." in page

    @pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 40, "\x00", "²"])
    def test_nonsense_in_the_address(self, as_helper, nonsense):
        assert as_helper.get(reverse("seeing:log"), {"person": nonsense, "page": nonsense}).status_code == 200

    def test_costs_the_same_with_many(self, as_helper, helper, contact, head, django_assert_num_queries):
        begin(contact, by=helper)
        address = reverse("seeing:log")
        as_helper.get(address)
        with django_assert_num_queries(5):
            as_helper.get(address)
        for number in range(20):
            begin((contact, head)[number % 2], by=helper, reason=str(number))
        with django_assert_num_queries(5):
            as_helper.get(address)

    def test_a_viewing_that_nobody_ended_has_ended(self, as_helper, helper, contact):
        viewing = begin(contact, by=helper, now=timezone.now() - timedelta(days=1))
        page = " ".join(as_helper.get(viewing.get_absolute_url()).content.decode().split())
        assert "Tida var ute" in page
        assert "30 minutter" in page
        assert "som deg selv igjen" not in page
