"""A log that is begun: kept as it was typed, found again, nobody else's, and gone when the log is sent in."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.conftest import make_known
from conftest import make_supervisor, make_user
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSession, LogDraft
from guidance.tests.held_sessions import going_on, held, iso, log, planned


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def colleague(group):
    user = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, user)
    return user


@pytest.fixture
def new(group) -> str:
    return reverse("guidance:log", args=[group.participation_id])


def of(session) -> str:
    return reverse("guidance:log_planned", args=[session.pk])


def half(by, **fields) -> dict:
    return log(by, action="draft", themes=["change"], worked_on="Halvferdig æøå", took_head="mange") | fields


@pytest.mark.parametrize("is_planned", [True, False])
def test_a_draft_is_stored_and_shown_again(client, supervisor, group, units, new, is_planned):
    url = of(planned(group, supervisor)) if is_planned else new
    client.force_login(supervisor)
    data = half(supervisor, held_on="", units=[units[1].pk], minutes="90")
    response = client.post(url, data)
    assert response.url == f"{url}?lagret&utkast={data['token']}"
    assert not GuidanceSession.objects.held().exists()
    page = client.get(url)
    form = page.context["form"]
    assert str(page.context["token"]) == data["token"]
    assert form["worked_on"].value() == "Halvferdig æøå"
    assert (form["took_head"].value(), form["minutes"].value(), form["held_on"].value()) == ("mange", "90", "")
    assert (form["themes"].value(), form["units"].value()) == (["change"], [str(units[1].pk)])


def test_what_was_unticked_is_not_filled_in_again(client, supervisor, group, units, new):
    held(group, supervisor, units=units)
    client.force_login(supervisor)
    client.post(new, half(supervisor))
    assert not client.get(new).context["form"]["units"].value()


def test_kept_again_is_the_same_draft(client, supervisor, group, new):
    client.force_login(supervisor)
    data = half(supervisor)
    client.post(new, data)
    client.post(new, data | {"worked_on": "Mer"})
    assert LogDraft.objects.get().data["worked_on"] == ["Mer"]


def test_the_log_ends_the_draft(client, supervisor, group, new):
    session = planned(group, supervisor, day=-1)
    client.force_login(supervisor)
    data = half(supervisor)
    client.post(of(session), half(supervisor))  # of another tab
    client.post(of(session), data)
    client.post(of(session), log(supervisor, token=data["token"], held_on=iso(-1)))
    assert not LogDraft.objects.exists()


def test_the_log_of_a_new_session_leaves_other_drafts(client, supervisor, group, new):
    client.force_login(supervisor)
    client.post(new, half(supervisor, worked_on="En annen"))
    client.post(of(planned(group, supervisor, day=-1)), half(supervisor, worked_on="Planlagt"))
    client.post(new, log(supervisor))
    assert {draft.data["worked_on"][0] for draft in LogDraft.objects.all()} == {"En annen", "Planlagt"}


def test_a_draft_that_arrives_after_the_log_is_not_kept(client, supervisor, group, new):
    """It was on its way when the button was pressed."""
    client.force_login(supervisor)
    data = log(supervisor)
    client.post(new, data)
    response = client.post(new, data | {"action": "draft", "worked_on": "Eldre"})
    assert response.url == GuidanceSession.objects.get().get_absolute_url()
    assert not LogDraft.objects.exists()


def test_thrown_away(client, supervisor, group, new):
    client.force_login(supervisor)
    data = half(supervisor)
    client.post(new, data)
    asked = client.post(new, data | {"action": "discard", "agreed": "Skrevet etterpå."})
    assert "Vil du slette utkastet?" in asked.content.decode()
    assert LogDraft.objects.get().data["agreed"] == ["Skrevet etterpå."]  # to go back to
    client.post(new, {"token": data["token"], "action": "discard", "confirmed": "yes"})
    assert not LogDraft.objects.exists()


def test_a_colleague_gets_a_draft_of_their_own(client, supervisor, colleague, group, new):
    client.force_login(supervisor)
    data = half(supervisor)
    client.post(new, data)
    client.force_login(colleague)
    assert not client.get(new).context["draft"]
    assert not client.get(f"{new}?utkast={data['token']}").context["draft"]
    client.post(new, half(colleague, token=data["token"], worked_on="Tatt over"))
    assert LogDraft.objects.get(user=supervisor).data["worked_on"] == ["Halvferdig æøå"]
    client.post(new, data | {"action": "discard"})
    assert LogDraft.objects.filter(user=supervisor).exists()


def test_who_left_the_group_and_came_back_in_another(client, supervisor, group, new, other_participation):
    client.force_login(supervisor)
    client.post(new, half(supervisor))
    GroupMember.objects.update(ended_on=timezone.localdate())
    assert client.get(new).status_code == 404
    make_supervisor(other_participation, supervisor)
    assert not client.get(reverse("guidance:log", args=[other_participation.pk])).context["draft"]


def test_handed_over_with_the_sessions(client, supervisor, colleague, staff, group, new):
    client.force_login(supervisor)
    client.post(new, half(supervisor))
    member = GroupMember.objects.get(supervisor__user=supervisor)
    replacing.replace(member, successor=colleague.supervisor, note="", by=staff, now=timezone.now())
    client.force_login(colleague)
    assert client.get(new).context["form"]["worked_on"].value() == "Halvferdig æøå"


def test_of_a_session_that_somebody_else_logged_meanwhile(client, supervisor, colleague, group):
    session = planned(group, supervisor)
    client.force_login(colleague)
    client.post(of(session), half(colleague))
    client.force_login(supervisor)
    client.post(of(session), log(supervisor))
    client.force_login(colleague)
    page = client.get(of(session))
    assert page.context["conflict"].kind == "taken"
    assert page.context["form"]["worked_on"].value() == "Halvferdig æøå"


@pytest.mark.parametrize("text", ["\x00", "æ" * 200_000, b"\xd8\x00"], ids=["NUL", "long", "not UTF-8"])
def test_whatever_is_typed_is_kept(client, supervisor, group, new, text):
    client.force_login(supervisor)
    assert client.post(new, half(supervisor, worked_on=text)).status_code == 302
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("data", [{}, {"held_on": "x"}, {"themes": [], "format": []}, {"unknown": ["1"]}])
def test_a_draft_of_another_time_still_opens(client, supervisor, group, new, data):
    LogDraft.objects.create(user=supervisor, group=group, data=data, saved_at=timezone.now())
    client.force_login(supervisor)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("token", ["x", "", "d9b1d7db-6f2c-4b8e-9a53-0c4c8a1f2e77"])
def test_address_of_no_draft(client, supervisor, group, new, token):
    client.force_login(supervisor)
    assert client.get(f"{new}?utkast={token}").status_code == 200


def test_a_script_saves_it(client, supervisor, group, new):
    client.force_login(supervisor)
    response = client.post(new, half(supervisor), headers={"X-Requested-With": "fetch"})
    assert json.loads(response.content)["to"].startswith(new)
    assert LogDraft.objects.count() == 1


def test_a_session_that_ended_loses_nothing(client, supervisor, group, new):
    """Without a script: what was sent is kept over the new sign-in, and sent again."""
    data = log(supervisor)
    origin = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}
    make_known(client, supervisor)
    assert reverse("accounts:unsent_forms") in client.post(new, data, headers=origin).url
    [work] = client.session["unsent_forms"]
    assert (work["path"], "friminuttene" in work["body"]) == (new, True)
