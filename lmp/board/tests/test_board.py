"""The board as a page: who sees which municipalities, what is filtered and counted, and their own pages' words."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import withdraw
from gatherings.models import Gathering, NobodyComes, Registration
from guidance.tests.conftest import sign_in
from lmp.overview.tests.test_my_page import said
from outbox.models import ReturnReason
from outbox.returns import addresses
from participants.confirmation import asking
from participants.models import GovernorContact, Municipality, Participation, ProjectGroup
from parts.tests.reading import table_in


@pytest.fixture
def url(participation, units) -> str:
    return reverse("board:board", args=[participation.cohort_id])


@pytest.fixture
def staff_client(client, staff):
    return sign_in(client, staff)


ROW = r'<tr><th scope="row">(?:(?!</tr>).)*?/kommune/{key}/".*?</tr>'
NAME = r'<th scope="row">[^/]*<a class="ds-link" href="/kommune/\d+/">([^<]+)'


def row(response, participation: Participation) -> str:
    [found] = re.findall(ROW.format(key=participation.pk), response.content.decode(), re.DOTALL)
    return found


def cell(response, participation: Participation, label: str) -> str:
    [found] = re.findall(rf'<td data-label="{label}".*?</td>', row(response, participation))
    return found


def named(response) -> list[str]:
    return re.findall(NAME, response.content.decode())


def test_staff_and_project_leaders_see_all(client, url, leader, staff, other_participation):
    for person in (leader, staff):
        assert named(sign_in(client, person).get(url)) == ["Bergen", "Indre Fosen"]


def test_a_county_governor_sees_their_own_alone(client, url, officer, other_officer, other_participation):
    assert named(sign_in(client, officer).get(url)) == ["Indre Fosen"]
    assert named(sign_in(client, other_officer).get(url)) == ["Bergen"]
    book = client.get(url + "xlsx/")
    assert [line[0] for line in values(book)[1:]] == ["Bergen"]


def test_nor_are_they_told_who_has_withdrawn_elsewhere(client, url, officer, participation, other_participation, staff):
    withdraw(other_participation, by=staff, now=timezone.now())
    page = sign_in(client, officer).get(url).content.decode()
    assert "Bergen" not in page
    page = sign_in(client, staff).get(url)
    assert named(page) == ["Indre Fosen"]
    assert "1 kommune har trukket seg" in page.content.decode()


@pytest.mark.parametrize("who", ["contact", "head", "supervisor", "stranger"])
def test_not_for_others(client, request, url, who):
    assert sign_in(client, request.getfixturevalue(who)).get(url).status_code == 404


def test_a_governor_of_no_municipality_in_the_cohort_gets_404(client, url, stranger):
    elsewhere = Municipality.objects.get(number="0301").county.governor
    GovernorContact.objects.create(governor=elsewhere, user=stranger, started_on=timezone.localdate())
    assert sign_in(client, stranger).get(url).status_code == 404


def test_it_says_what_the_page_of_the_municipality_says(staff_client, url, participation, units, staff, contact):
    now = timezone.now()
    today = timezone.localdate(now)
    participation.welcome(by=staff, now=now)
    asking.ask(participation, due_on=today - timedelta(days=1), by=staff, now=now)
    group = ProjectGroup.objects.create(unit=units[0], updated_at=now)
    group.members.create(name="Hanne Styrer", part="leader")
    page = said(staff_client.get(participation.get_absolute_url()))
    board = row(staff_client.get(url), participation)
    for word in ("Fristen er gått ut", "Ikke avgjort", "Ikke registrert"):
        assert word in page
        assert word in board
    assert "3 enheter mangler prosjektgruppe" in page
    assert "3 av 4 enheter mangler" in board


def test_a_gathering_counts_the_units_without_an_answer(staff_client, url, participation, units, staff, contact):
    now = timezone.now()
    today = timezone.localdate(now)
    participation.welcome(by=staff, now=now)
    days = {"starts_on": today + timedelta(days=9), "opens_on": today, "closes_on": today}
    gathering = Gathering.objects.create(cohort=participation.cohort, semester=1, settled="fixed", **days)
    Registration.objects.create(
        gathering=gathering,
        participation=participation,
        unit=units[0],
        user=contact,
        name="Kari Kontakt",
        function="owner",
        registered_at=now,
        registered_by=contact,
        placed_at=now,
    )
    answered = {"answered_at": now, "answered_by": contact}
    NobodyComes.objects.create(gathering=gathering, participation=participation, unit=units[1], **answered)
    found = cell(staff_client.get(url), participation, "1. samling")
    assert "2 av 4 enheter mangler" in found
    assert 'data-state="waiting"' in found
    for unit in units[2:]:
        NobodyComes.objects.create(gathering=gathering, participation=participation, unit=unit, **answered)
    assert "Påmeldt" in cell(staff_client.get(url), participation, "1. samling")
    Registration.objects.update(cancelled_at=now, cancelled_by=contact)
    NobodyComes.objects.create(gathering=gathering, participation=participation, unit=units[0], **answered)
    assert "Ingen kommer" in cell(staff_client.get(url), participation, "1. samling")


def test_filters_live_in_the_address(staff_client, url, participation, other_participation, supervisor, staff):
    participation.welcome(by=staff, now=timezone.now())
    county = other_participation.municipality.county_id
    for query, expected in {
        f"fylke={county}": ["Bergen"],
        f"veileder={supervisor.supervisor.pk}": ["Indre Fosen"],
        "q=indre": ["Indre Fosen"],
        "q=4601": ["Bergen"],
        "mangler=brev": ["Bergen"],
        "mangler=brev&vis=forsinket": [],
        "mangler=tull&fylke=tull&veileder=tull&vis=tull&sorter=tull&page=tull": ["Bergen", "Indre Fosen"],
        "sorter=fylke": ["Indre Fosen", "Bergen"],
    }.items():
        page = staff_client.get(f"{url}?{query}")
        assert page.status_code == 200
        assert named(page) == expected, query
        assert "Feil:" not in page.content.decode()


def test_a_total_leads_to_those_it_counts(staff_client, url, participation, other_participation, staff):
    participation.welcome(by=staff, now=timezone.now())
    county = other_participation.municipality.county_id
    page = staff_client.get(f"{url}?q=er&vis=&page=2").content.decode()
    [query] = re.findall(r'href="(\?[^"]*mangler=brev)">1 mangler', page)
    assert query == "?q=er&amp;mangler=brev"
    assert named(staff_client.get(url + query.replace("&amp;", "&"))) == ["Bergen"]
    assert "mangler=brev" in staff_client.get(f"{url}?fylke={county}").content.decode()


def values(response) -> list[tuple]:
    return table_in(response)


def test_the_workbook_has_the_same_rows_and_columns(staff_client, url, participation, other_participation):
    page = staff_client.get(url).content.decode()
    heading, *lines = values(staff_client.get(url + "xlsx/?q=berg"))
    assert list(heading[2:-4]) == re.findall(r'<th scope="col">([^<]+)</th>', page)[1:]
    assert [line[:2] for line in lines] == [("Bergen", "Vestland")]
    assert lines[0][3] == "Ikke sendt"
    assert lines[0][-3:] == ("4601", "964338531", "9")


def test_every_link_opens_for_whoever_reads_it(client, url, participation, supervisor, staff, leader, officer):
    participation.welcome(by=staff, now=timezone.now())
    ProjectGroup.objects.create(unit=participation.units.all()[0], updated_at=timezone.now())
    for person in (staff, leader, officer):
        page = sign_in(client, person).get(url).content.decode()
        links = set(re.findall(r'<td [^>]*>.*?href="([^"#]+)', page))
        assert len(links) >= 4
        for link in links:
            if "/brev/" not in link:  # no letter is made here
                assert client.get(link, follow=True).status_code == 200, (person, link)


def test_names_are_shown_as_they_are_written(staff_client, url, participation):
    absurd = "<b>Å</b> & %s {} 987 " + "X" * 60
    municipality = participation.municipality
    type(municipality).objects.filter(pk=municipality.pk).update(name=absurd)
    page = staff_client.get(url).content.decode()
    assert "&lt;b&gt;Å&lt;/b&gt; &amp; %s {} 987 " in page
    assert "<b>Å" not in page


def test_an_empty_cohort_says_so(staff_client, cohort):
    page = staff_client.get(reverse("board:board", args=[cohort.pk])).content.decode()
    assert "Ingen kommuner er med i pulja ennå." in page


def test_staff_choose_whom_to_write_to(client, url, participation, staff: User, leader):
    page = sign_in(client, staff).get(url).content.decode()
    assert '<form id="chosen" method="get" action="/skriv/">' in page
    assert f'form="chosen" name="participation" value="{participation.pk}" aria-label="Velg Indre Fosen"' in page
    assert 'form="chosen" name="kind" value="reminder"' in page
    assert "chosen" not in sign_in(client, leader).get(url).content.decode()
    User.objects.filter(pk=staff.pk).update(is_superuser=False)  # who may not write to people is not led there
    staff.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    assert "chosen" not in sign_in(client, staff).get(url).content.decode()


BACK = r"E-posten til (\d+) person(?:er)? kommer i retur"


def test_mail_that_comes_back_is_said_with_the_way_to_mend_it(
    client, url, participation, other_participation, contact, head, leader, staff, officer
):
    now = timezone.now()
    for person in (contact, head):
        addresses.bury(person.email, ReturnReason.UNKNOWN, sent_at=now, now=now)
    for person in (staff, leader, officer):
        page = sign_in(client, person).get(url)
        found = row(page, participation)
        assert re.findall(BACK, page.content.decode()) == re.findall(BACK, found) == ["2"], person
        [link] = re.findall(rf'href="([^"#]+)[^"]*">{BACK}', found)
        assert "Adressen finnes ikke." in client.get(link[0]).content.decode(), person
    sign_in(client, staff)
    lines = values(client.get(url + "xlsx/"))
    column = lines[0].index("E-post i retur")
    assert [line[column] for line in lines[1:]] == [None, "E-posten til 2 personer kommer i retur"]
    addresses.lift(head.email, now=now)
    assert re.findall(BACK, row(client.get(url), participation)) == ["1"]
    participation.contacts.filter(user=contact).update(ended_at=now, ended_by=staff)
    assert not re.findall(BACK, client.get(url).content.decode())
