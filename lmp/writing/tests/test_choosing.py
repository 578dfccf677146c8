"""Whom the list finds, what another list hands over, and ticks that outlive the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user, withdraw
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry
from guidance.models import GroupMember
from lmp.writing.choosing import earlier
from lmp.writing.choosing.filter import HandedOver, PeopleFilter
from lmp.writing.choosing.people import find
from lmp.writing.models import Recipient, Writing
from lmp.writing.views import choose
from outbox.models import Message
from participants.models import Cohort, Contact, Municipality, Participation
from parts.dates import short_moment
from parts.tests.reading import table_in

CHOOSE = reverse("writing:choose")


def found(handed: HandedOver | None = None, **chosen) -> list[str]:
    form = PeopleFilter({name: getattr(value, "pk", value) for name, value in chosen.items()})
    people = find(form, handed or HandedOver(), today=timezone.localdate())
    return [user.name for user in people.users]


def keys(*people: User) -> list[int]:
    return [person.pk for person in people]


def chosen(draft: Writing | None = None) -> set[int]:
    rows = Recipient.objects.filter(writing=draft) if draft else Recipient.objects.all()
    return set(rows.values_list("person", flat=True))


class TestFilter:
    def test_by_function(self, asked, contact, head):
        assert found() == ["Hanne Styrer", "Kari Kontakt"]
        assert found(funksjon="head") == ["Hanne Styrer"]
        assert found(funksjon="answers") == ["Kari Kontakt"]

    def test_by_pulje_county_and_state_of_the_municipality(self, asked, in_nynorsk, contact, cohort):
        assert found(pulje=cohort) == ["Kari Kontakt", "Nina Nynorsk"]
        assert found(fylke=in_nynorsk.municipality.county) == ["Nina Nynorsk"]
        assert found(status="overdue") == ["Kari Kontakt"]
        assert found(status="waiting") == ["Nina Nynorsk"]
        assert found(status="confirmed") == []

    def test_who_has_no_welcome_letter_yet_only_when_asked_for(self, asked, contact, cohort, staff):
        now, municipality = timezone.now(), Municipality.objects.filter(language="nn").order_by("number")[0]
        facts = {"accepted_at": now, "accepted_by": staff}
        early = Participation.objects.create(cohort=cohort, municipality=municipality, **facts)
        make_contact(early, make_user("tidleg@example.no", "Tidleg Ute"), Contact.Function.OWNER, by=staff)
        assert found() == ["Kari Kontakt"]
        assert found(status="accepted") == ["Tidleg Ute"]
        assert found(HandedOver([early.pk])) == ["Tidleg Ute"]

    def test_who_has_left_or_whose_municipality_has_is_not_there(self, asked, former_contact, contact, staff):
        withdraw(asked, by=staff, now=timezone.now())
        assert found() == []
        assert found(status="withdrawn") == ["Kari Kontakt"]

    def test_a_pulje_that_is_over_is_there_when_it_is_asked_for(self, asked, contact, cohort):
        Cohort.objects.filter(pk=cohort.pk).update(first_year=2018, starts_on="2018-09-01")
        assert found() == []
        assert found(pulje=cohort) == ["Kari Kontakt"]
        assert found(HandedOver(participations=[asked.pk])) == ["Kari Kontakt"]

    def test_a_person_with_two_functions_is_one(self, asked, contact, staff):
        make_contact(asked, contact, Contact.Function.SCHOOL_LEAD, by=staff)
        assert found() == ["Kari Kontakt"]

    def test_by_search_and_in_order(self, asked, in_nynorsk, contact):
        assert found(q="nina.nynorsk@") == ["Nina Nynorsk"]
        assert found(q="indre fosen") == ["Kari Kontakt"]
        assert found(sorter="-navn") == ["Nina Nynorsk", "Kari Kontakt"]
        assert found(sorter="kommune") == ["Nina Nynorsk", "Kari Kontakt"]  # Bjerkreim, Indre Fosen

    def test_nonsense_is_no_filter(self, asked, contact):
        assert found(pulje="x", status="x", sorter="x", samling=-1) == ["Kari Kontakt"]

    @pytest.fixture
    def gathering(self, cohort) -> Gathering:
        today = timezone.localdate()
        facts = {"settled": "fixed", "opens_on": today, "closes_on": today + timedelta(days=9)}
        return Gathering.objects.create(cohort=cohort, semester=1, starts_on=today + timedelta(days=30), **facts)

    def test_by_what_they_have_answered_to_a_gathering(self, gathering, asked, in_nynorsk, contact):
        facts = {"participation": in_nynorsk, "by": contact, "now": timezone.now()}
        places.register(gathering, [entry(1, gathering=gathering)], **facts)
        assert found(samling=gathering) == ["Person 1"]
        assert found(samling=gathering, svar="placed") == ["Person 1"]
        assert found(samling=gathering, svar="waiting") == []
        assert found(samling=gathering, svar="none") == ["Kari Kontakt"]
        Registration.objects.update(cancelled_at=timezone.now(), cancelled_by=contact)
        assert found(samling=gathering) == []
        assert found(samling=gathering, svar="cancelled") == ["Person 1"]

    def test_what_is_handed_over(self, asked, in_nynorsk, contact, head):
        assert found(HandedOver([asked.pk])) == ["Hanne Styrer", "Kari Kontakt"]
        assert found(HandedOver(contacts=[Contact.objects.get(user=head).pk])) == ["Hanne Styrer"]


class TestSupervisorsAndCountyGovernors:
    def test_supervisors_by_county_and_what_is_handed_over(self, asked, in_nynorsk, supervisor, contact):
        assert found(funksjon="supervisors") == [supervisor.name]
        assert found(funksjon="supervisors", fylke=asked.municipality.county) == [supervisor.name]
        assert found(funksjon="supervisors", fylke=in_nynorsk.municipality.county) == []
        assert found(HandedOver([asked.pk]), funksjon="supervisors") == [supervisor.name]
        assert found(HandedOver([in_nynorsk.pk]), funksjon="supervisors") == []
        assert found(funksjon="supervisors", q=asked.municipality.name) == [supervisor.name]
        assert found(funksjon="supervisors", q="Nina") == []

    def test_not_who_has_left_the_group_or_guides_who_has_withdrawn(self, asked, supervisor, staff):
        withdraw(asked, by=staff, now=timezone.now())
        assert found(funksjon="supervisors") == []
        assert found(funksjon="supervisors", status="withdrawn") == [supervisor.name]
        GroupMember.objects.update(ended_on=timezone.localdate())
        assert found(funksjon="supervisors", status="withdrawn") == []

    def test_the_offices_people_by_their_counties(self, asked, in_nynorsk, officer, contact):
        assert found(funksjon="governors") == [officer.name]
        assert found(funksjon="governors", fylke=asked.municipality.county) == [officer.name]
        assert found(funksjon="governors", fylke=in_nynorsk.municipality.county) == []
        assert found(funksjon="governors", q="Trøndelag") == [officer.name]
        assert found(funksjon="governors", q="Indre Fosen") == []  # an office is not looked for by one of its many

    def test_an_office_before_any_letter_is_sent(self, participation, officer):
        assert participation.welcomed_at is None
        assert found(funksjon="governors") == [officer.name]

    def test_what_they_are_and_where(self, asked, supervisor, officer):
        for function, person, title in (
            ("supervisors", supervisor, "veileder"),
            ("governors", officer, str(officer.governor_contacts.get().governor)),
        ):
            people = find(PeopleFilter({"funksjon": function}), HandedOver(), today=timezone.localdate())
            [row] = people.load(people.users)
            assert (row.user, row.functions, row.participations) == (person, [title], [asked])

    def test_on_the_page_and_in_the_workbook(self, staff_client, asked, supervisor, officer):
        page = staff_client.get(CHOOSE, {"funksjon": "supervisors"}).text
        assert supervisor.email in page
        assert officer.email not in page
        file = staff_client.get(reverse("writing:addresses"), {"funksjon": "governors"})
        cells = [cell for row in table_in(file) for cell in row]
        assert officer.email in cells

    def test_an_office_with_many_municipalities_says_how_many(self, staff_client, asked, cohort, officer, staff):
        county, now = asked.municipality.county, timezone.now()
        for municipality in Municipality.objects.filter(county=county).exclude(pk=asked.municipality_id)[:6]:
            facts = {"accepted_at": now, "accepted_by": staff}
            Participation.objects.create(cohort=cohort, municipality=municipality, **facts)
        assert "7 kommuner" in staff_client.get(CHOOSE, {"funksjon": "governors"}).text


def test_two_municipalities_that_are_handed_over_are_reminded_in_four_presses(
    staff_client, asked, in_nynorsk, contact, head
):
    address = f"{CHOOSE}?kind=reminder&participation={asked.pk}&participation={in_nynorsk.pk}"
    page = staff_client.get(address).text
    assert "Minn på: velg hvem" in page
    assert "Skriv til: velg hvem" in staff_client.get(CHOOSE).text
    assert page.count(" checked>") == 2
    assert "Hanne Styrer" not in page  # who answers for the municipality is meant
    shown = [contact.pk, User.objects.get(name="Nina Nynorsk").pk]
    answer = staff_client.post(address, {"vist": shown, "valgt": shown, "minn": "1"})
    draft = Writing.objects.get()
    assert answer["Location"] == reverse("writing:write", args=[draft.pk])
    assert (draft.kind, chosen()) == ("confirmation", set(shown))


def test_a_hundred_keys_may_be_written_shortly(staff_client, asked, in_nynorsk, contact):
    page = staff_client.get(f"{CHOOSE}?participation={asked.pk},{in_nynorsk.pk}").text
    assert page.count(" checked>") == 2


def test_a_municipality_without_anybody_is_named(staff_client, other_participation):
    assert "Disse har ingen som passer" in staff_client.get(f"{CHOOSE}?participation={other_participation.pk}").text


class TestTicks:
    @pytest.fixture
    def three(self, asked, in_nynorsk, contact, staff, monkeypatch) -> list[int]:
        monkeypatch.setattr(choose, "PAGE_SIZE", 2)
        make_contact(asked, make_user("anne@example.no", "Anne A"), Contact.Function.OWNER, by=staff)
        return [User.objects.get(name=name).pk for name in ("Anne A", "Kari Kontakt", "Nina Nynorsk")]

    def test_they_are_kept_from_page_to_page_and_through_a_filter(self, staff_client, three):
        anne, kari, nina = three
        to = staff_client.post(CHOOSE, {"vist": [anne, kari], "valgt": [anne], "page": "2"})["Location"]
        draft = Writing.objects.get()
        assert to == f"{CHOOSE}?page=2&utkast={draft.pk}"
        to = staff_client.post(to, {"vist": [nina], "valgt": [nina], "vis": "1", "q": "kari"})["Location"]
        assert "q=kari" in to
        assert "page" not in to
        staff_client.post(to, {"vist": [kari], "alle": "1"})
        assert chosen() == set(three)
        staff_client.post(to, {"vist": [kari]})
        assert chosen() == {anne, nina}
        assert staff_client.get(f"{CHOOSE}?utkast={draft.pk}").text.count(" checked>") == 1

    def test_all_that_the_filter_finds_on_all_pages(self, staff_client, three):
        staff_client.post(CHOOSE, {"vist": three[:2], "alle": "1"})
        assert chosen() == set(three)
        staff_client.post(f"{CHOOSE}?utkast={Writing.objects.get().pk}", {"vist": three[:2], "ingen": "1"})
        assert chosen() == set()

    def test_what_is_handed_over_is_chosen_on_pages_that_nobody_opened(self, staff_client, three, asked, in_nynorsk):
        address = f"{CHOOSE}?participation={asked.pk}&participation={in_nynorsk.pk}"
        staff_client.post(address, {"vist": three[:2], "valgt": three[:1], "skriv": "1"})
        assert chosen() == {three[0], three[2]}

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("nb", "Ingen er valgt ennå. Kryss av i lista, eller velg alle."),
            ("nn", "Ingen er vald enno. Kryss av i lista, eller vel alle."),
        ],
    )
    @pytest.mark.parametrize("button", ["skriv", "minn"])
    def test_nobody_is_written_to_before_somebody_is_chosen(self, staff_client, staff, three, language, said, button):
        staff.choose_language(language)
        answer = staff_client.post(CHOOSE, {"vist": three[:2], button: "1"}, follow=True)
        assert answer.request["PATH_INFO"] == CHOOSE
        assert said in answer.text
        assert not Writing.objects.exists()
        staff_client.post(CHOOSE, {"vist": three[:2], "valgt": three[:1]})
        mine = f"{CHOOSE}?utkast={Writing.objects.get().pk}"
        answer = staff_client.post(mine, {"vist": three[:2], button: "1"}, follow=True)
        assert answer.request["PATH_INFO"] == CHOOSE
        assert said in answer.text

    def test_looking_about_makes_no_draft(self, staff_client, three):
        to = staff_client.post(CHOOSE, {"vist": three[:2], "page": "2"})["Location"]
        assert to == f"{CHOOSE}?page=2"
        assert not Writing.objects.exists()

    def test_nobody_is_chosen_who_is_not_in_the_list(self, staff_client, three, stranger):
        staff_client.post(CHOOSE, {"vist": [stranger.pk, 0], "valgt": [stranger.pk, "x"]})
        assert chosen() == set()

    def test_they_survive_a_change_of_language(self, staff_client, three):
        typed = {"vist": three[:2], "valgt": three[1:2], "_language": "nn", "_next": CHOOSE}
        staff_client.post(reverse("accounts:language"), typed | {"language": "nn", "next": CHOOSE})
        page = staff_client.get(CHOOSE).text
        assert "Vel kven" in page
        assert page.count(" checked>") == 1


def test_the_draft_of_somebody_else_is_nobodys(staff_client, asked, contact):
    other = make_user("annen@example.no", "Annen Ansatt", is_staff=True, is_superuser=True)
    draft = Writing.objects.create(written_by=other, changed_at=timezone.now())
    assert staff_client.get(f"{CHOOSE}?utkast={draft.pk}").status_code == 404
    assert staff_client.get(reverse("writing:write", args=[draft.pk])).status_code == 404
    assert staff_client.get(draft.get_absolute_url()).status_code == 404


def test_the_addresses_of_those_who_are_found(staff_client, asked, contact, head):
    Contact.objects.filter(user=contact).update(phone="+47 912 34 567", name="=Kari")
    answer = staff_client.get(reverse("writing:addresses") + "?funksjon=answers")
    [heading, row] = table_in(answer)
    assert heading[0] == "Navn"
    assert row == (
        "'=Kari",
        "eier",
        "Indre Fosen",
        "Trøndelag",
        "9",
        "kari.kontakt@example.no",
        "+47 912 34 567",
        "5054",
    )


def test_what_each_got_last_is_seen_before_they_are_chosen(staff_client, asked, contact):
    assert short_moment(timezone.now())[:-3] not in staff_client.get(CHOOSE).content.decode()
    Message.objects.create(
        key="x",
        message_id="x",
        to=contact.email,
        recipient=contact,
        subject="Husk fristen",
        body="-",
        language="nb",
        created_at=timezone.now(),
        next_attempt_at=timezone.now(),
    )
    assert short_moment(timezone.now())[:-3] in staff_client.get(CHOOSE).content.decode()


def test_five_mails_of_each_are_shown_the_newest_first(contact, staff):
    """Also the one that went to them beside an address of nobody's."""
    now = timezone.now()
    for number in range(7):
        facts = {"key": str(number), "message_id": str(number), "created_at": now - timedelta(days=number)}
        message = Message.objects.create(
            recipient=None if number == 2 else contact, next_attempt_at=now, subject=str(number), **facts
        )
        if number in (2, 3):
            message.further.create(person=contact if number == 2 else staff, to=f"{number}@example.no")
    found = earlier.lately([contact.pk], now=now)
    assert [message.subject for message in found[contact.pk]] == ["0", "1", "2", "3", "4"]
    assert found.keys() == {contact.pk, staff.pk}
