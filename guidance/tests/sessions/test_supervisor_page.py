"""The supervisor's own page: their municipalities, what comes, what is lacking, and where the big button leads."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user, withdraw
from guidance.groups import replacing
from guidance.models import Composition, GroupMember, LogDraft
from guidance.tests.held_sessions import going_on, held, in_days, planned
from participants.models import Municipality, Participation

URL = "/veiledning/"


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


def card(client, supervisor):
    client.force_login(supervisor)
    response = client.get(URL)
    [found] = response.context["cards"]
    return found, response.content.decode()


def test_last_and_next(client, supervisor, group):
    held(group, supervisor, day=-40)
    held(group, supervisor, day=-8)
    planned(group, supervisor, day=30)
    planned(group, supervisor, day=5)
    planned(group, supervisor, day=2).cancel(by=supervisor, now=timezone.now())
    found, page = card(client, supervisor)
    assert found.member.last_on == in_days(-8)
    assert found.coming[0].held_on == in_days(5)
    assert "Indre Fosen" in page
    assert not found.missing


def test_of_two_of_one_name_it_is_said_which(client, supervisor, leader, group):
    """Annoying 6: the list, «Gruppa i Herøy», and whatever else names the municipality by itself."""
    participation = group.participation
    participation.municipality = Municipality.objects.get(number="1818")
    participation.save()
    planned(group, supervisor, day=-2)
    _found, page = card(client, supervisor)
    home = client.get("/").content.decode()
    Composition.objects.open_for(participation.cohort, by=leader, now=timezone.now())
    client.force_login(leader)
    by_hand = client.get(reverse("guidance:composition_municipality", args=[participation.pk])).content.decode()
    assert "Herøy (Nordland)</a>" in page.replace("<span", "</a>")
    assert "Skriv loggen fra møtet i Herøy (Nordland)" in home
    assert "Gruppa i Herøy (Nordland)" in by_hand
    for drawn in (page, home, by_hand):
        assert "Herøy" not in drawn.replace("Herøy (Nordland)", "")


def test_big_button_leads_to_todays_session_before_an_older_one(client, supervisor, group):
    planned(group, supervisor, day=-9)
    today = planned(group, supervisor, day=0)
    found, page = card(client, supervisor)
    assert found.log_address == reverse("guidance:log_planned", args=[today.pk])
    assert f'href="{found.log_address}"' in page


def test_big_button_leads_to_the_newest_that_lacks_a_log(client, supervisor, group):
    planned(group, supervisor, day=-9)
    newest = planned(group, supervisor, day=-2)
    planned(group, supervisor, day=2)
    found, page = card(client, supervisor)
    assert found.log_address == reverse("guidance:log_planned", args=[newest.pk])
    assert "2 møter mangler logg" in page


def test_big_button_leads_to_the_log_that_was_begun(client, supervisor, group):
    draft = LogDraft.objects.create(user=supervisor, group=group, data={}, saved_at=timezone.now())
    found, page = card(client, supervisor)
    assert found.log_address == reverse("guidance:log", args=[group.participation_id]) + f"?utkast={draft.token}"
    assert "Utkast til logg" in page


def test_big_button_leads_to_a_new_log(client, supervisor, group):
    held(group, supervisor, day=0)
    planned(group, supervisor, day=1)
    found, _page = card(client, supervisor)
    assert found.log_address == reverse("guidance:log", args=[group.participation_id])


def test_somebody_elses_draft_is_not_shown(client, supervisor, group):
    other = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, other)
    LogDraft.objects.create(user=other, group=group, data={}, saved_at=timezone.now())
    found, _page = card(client, supervisor)
    assert not found.drafts


def test_note_from_the_one_who_left(client, supervisor, staff, group):
    new = make_user("ny@example.no", "Ny Veileder")
    make_supervisor(group.participation, new)
    member = GroupMember.objects.get(supervisor__user=supervisor)
    replacing.replace(member, successor=new.supervisor, note="Rektor vil ha video.", by=staff, now=timezone.now())
    _found, page = card(client, new)
    assert "Rektor vil ha video." in page
    client.force_login(supervisor)
    response = client.get(URL)
    assert not response.context["cards"]
    assert "Rektor vil ha video." not in response.content.decode()


def test_withdrawn_plans_nothing(client, supervisor, staff, group):
    withdraw(group.participation, by=staff, now=timezone.now())
    _found, page = card(client, supervisor)
    assert reverse("guidance:log", args=[group.participation_id]) in page
    assert reverse("guidance:plan_session", args=[group.participation_id]) not in page


def test_where_a_log_is_lacking_comes_first(client, supervisor, group, other_participation):
    make_supervisor(other_participation, supervisor)
    planned(group, supervisor, day=-2)
    client.force_login(supervisor)
    found = [str(card.member.group.participation.municipality) for card in client.get(URL).context["cards"]]
    assert found == ["Indre Fosen", "Bergen"]


def test_more_than_twenty_are_paged_and_searched(client, supervisor, group, staff):
    client.force_login(supervisor)
    assert not client.get(URL).context["searches"]
    now = timezone.now()
    for municipality in Municipality.objects.exclude(number="5054")[:20]:
        other = Participation.objects.create(
            cohort=group.participation.cohort, municipality=municipality, accepted_at=now, accepted_by=staff
        )
        make_supervisor(other, supervisor)
    assert len(client.get(URL).context["cards"]) == 20
    assert len(client.get(f"{URL}?page=2").context["cards"]) == 1
    assert len(client.get(f"{URL}?q=indre+fosen").context["cards"]) == 1
    for nonsense in ("q=%00", "q=finnes+ikke", "page=x"):
        assert client.get(f"{URL}?{nonsense}").status_code == 200


@pytest.mark.parametrize("person", ["former_supervisor", "contact", "leader", "stranger"])
def test_who_supervises_nobody_is_told_what_to_do(request, client, group, person):
    client.force_login(request.getfixturevalue(person))
    response = client.get(URL)
    assert not response.context["cards"]
    assert "kontakter du prosjektlederen" in response.content.decode()


def test_another_municipality_is_not_shown(client, other_supervisor, group, participation):
    _found, page = card(client, other_supervisor)
    assert "Indre Fosen" not in page


def test_not_signed_in(client, db):
    assert client.get(URL).url.startswith(reverse("account_login"))
