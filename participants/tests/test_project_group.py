"""A unit's page, and its project group."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import ProjectGroup
from parts.child_names.question import ASKED


def members(*rows, initial=0) -> dict:
    data = {"medlem-TOTAL_FORMS": str(len(rows)), "medlem-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        data |= {f"medlem-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.parametrize("who", ["head", "contact"])
def test_a_project_group_is_stored_and_shown(client, request, units, who):
    client.force_login(request.getfixturevalue(who))
    url = reverse("participants:project_group", args=[units[0].pk])
    data = members({"name": "Åse Ansatt", "part": "staff"}, {"name": "Fred Far", "part": "parent"}, {})
    assert client.post(url, data).url == reverse("participants:unit", args=[units[0].pk])
    group = ProjectGroup.objects.get(unit=units[0])
    assert [(member.name, member.part) for member in group.members.all()] == [
        ("Åse Ansatt", "staff"),
        ("Fred Far", "parent"),
    ]
    assert "Åse Ansatt" in client.get(reverse("participants:unit", args=[units[0].pk])).content.decode()


def test_what_was_stored_is_said(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    data = members({"name": "Åse Ansatt", "part": "staff"}, {"name": "Fred Far", "part": "parent"})
    page = client.post(url, data, follow=True).content.decode()
    assert f"Prosjektgruppa ved {units[0].name} er lagret, med 2 medlemmer." in page
    stored = ProjectGroup.objects.get()
    rows = [{"id": each.pk, "group": stored.pk, "name": each.name, "part": each.part} for each in stored.members.all()]
    page = client.post(url, members(*rows, initial=2), follow=True).content.decode()
    assert "Ingenting er endret." in page
    assert ProjectGroup.objects.get().updated_at == stored.updated_at


@pytest.mark.parametrize("rows", [[], [{}], [{"name": " ", "part": ""}]])
def test_an_empty_group_is_refused_and_ends_no_reminder(client, head, units, rows):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    answer = client.post(url, members(*rows))
    assert answer.status_code == 422
    assert "Skriv inn minst ett medlem. Ingenting er lagret." in answer.content.decode()
    assert not ProjectGroup.objects.exists()


def test_the_last_member_cannot_be_taken_out(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    client.post(url, members({"name": "Åse Ansatt", "part": "staff"}))
    [one] = ProjectGroup.objects.get().members.all()
    row = {"id": one.pk, "group": one.group_id, "name": one.name, "part": one.part, "DELETE": "on"}
    assert client.post(url, members(row, initial=1)).status_code == 422
    assert ProjectGroup.objects.get().members.count() == 1


def test_a_row_without_a_part_loses_nothing_typed(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    response = client.post(url, members({"name": "Åse Ansatt", "part": ""}))
    assert response.status_code == 422
    assert "Åse Ansatt" in response.content.decode()
    assert not ProjectGroup.objects.exists()


def test_a_head_leads_one_unit_only(client, head, units):
    client.force_login(head)
    assert client.get(reverse("participants:unit", args=[units[1].pk])).status_code == 404
    assert client.post(reverse("participants:project_group", args=[units[1].pk]), members()).status_code == 404


@pytest.mark.parametrize(
    "who", ["other_contact", "former_contact", "officer", "other_officer", "supervisor", "stranger"]
)
def test_others_do_not_edit_it(client, request, units, who):
    client.force_login(request.getfixturevalue(who))
    url = reverse("participants:project_group", args=[units[0].pk])
    assert client.post(url, members({"name": "X", "part": "staff"})).status_code == 404
    assert not ProjectGroup.objects.exists()


def test_a_broken_formset_is_a_message_not_a_500(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    assert client.post(url, {"medlem-TOTAL_FORMS": "x"}).status_code == 422


def test_a_name_that_may_be_a_childs_is_asked_about(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    row = {"name": "Åse Ødegård (mor til Per på 4. trinn)", "part": "parent"}
    answer = client.post(url, members(row))
    assert (answer.status_code, ProjectGroup.objects.count()) == (422, 0)
    [form] = answer.context["formset"].forms[:1]
    assert form.errors == {"no_children": [str(ASKED)]}
    assert "Åse Ødegård (mor til Per på 4. trinn)" in answer.content.decode()
    tick = form.fields["no_children"].widget.attrs["value"]
    assert client.post(url, members(row | {"no_children": tick})).status_code == 302
    # a tick that was shown with other words
    row["name"] = "Knut Ødegård (far til Lise i 3B)"
    assert client.post(url, members(row | {"no_children": tick})).status_code == 422


def page_of(unit) -> str:
    return reverse("participants:project_group", args=[unit.pk])


def rows_of(html: str) -> list[str]:
    """The names that stand in the rows, as they are drawn."""
    return re.findall(r'name="medlem-\d+-name"(?: value="([^"]*)")?', html)


def test_head_is_suggested_as_leader_and_stored_only_when_it_is_saved(client, head, units):
    client.force_login(head)
    page = client.get(page_of(units[0])).content.decode()
    assert rows_of(page)[0] == head.name
    assert "Forslag til leder" in page
    assert '<option value="leader" selected' in page
    assert not ProjectGroup.objects.exists()
    client.post(page_of(units[0]), members({"name": head.name, "part": "leader"}, {}, {}))
    assert [(each.name, each.part) for each in ProjectGroup.objects.get().members.all()] == [(head.name, "leader")]
    assert "Forslag til leder" not in client.get(page_of(units[0])).content.decode()


def test_suggestion_that_was_taken_away_is_not_stored(client, head, units):
    client.force_login(head)
    client.post(page_of(units[0]), members({"name": "", "part": ""}, {"name": "Åse Ansatt", "part": "staff"}))
    assert [each.name for each in ProjectGroup.objects.get().members.all()] == ["Åse Ansatt"]


def test_group_without_a_leader_is_stored_and_still_waits(client, head, participation, units, staff):
    participation.welcome(by=staff, now=timezone.now())
    client.force_login(head)
    page = client.post(page_of(units[0]), members({"name": "Åse Ansatt", "part": "staff"}), follow=True)
    assert "Gruppa mangler leder. Oppgaven blir stående til du har valgt én." in page.content.decode()
    assert f"Sett sammen prosjektgruppa ved {units[0].name}" in client.get("/").content.decode()
    assert "Gruppa mangler leder. Styrer eller rektor leder den." in client.get("/").content.decode()
    [one] = ProjectGroup.objects.get().members.all()
    rows = [{"id": one.pk, "group": one.group_id, "name": one.name, "part": "leader"}]
    client.post(page_of(units[0]), members(*rows, initial=1))
    assert "Sett sammen prosjektgruppa" not in client.get("/").content.decode()


@pytest.mark.parametrize("again", ["Åse Ansatt", " åse  ansatt", "Ansatt, Åse", "ÅSE ANSATT"])
def test_nobody_is_in_a_group_twice(client, head, units, again):
    client.force_login(head)
    answer = client.post(
        page_of(units[0]), members({"name": "Åse Ansatt", "part": "leader"}, {"name": again, "part": "staff"})
    )
    assert answer.status_code == 422
    assert "står to ganger. Før opp hver person én gang." in answer.content.decode()
    assert not ProjectGroup.objects.exists()


def test_group_has_one_leader(client, head, units):
    client.force_login(head)
    answer = client.post(
        page_of(units[0]), members({"name": "Åse", "part": "leader"}, {"name": "Per", "part": "leader"})
    )
    assert answer.status_code == 422
    assert "Gruppa har én leder. Velg hvem av dem det er." in answer.content.decode()


def test_more_rows_keep_what_is_typed_and_judge_nothing(client, head, units):
    client.force_login(head)
    sent = members({"name": "Åse", "part": ""}, {"name": "Per", "part": "staff"}, {}) | {"more": "1"}
    answer = client.post(page_of(units[0]), sent)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert rows_of(html) == ["Åse", "Per", "", "", "", ""]
    assert "ds-validation-message" not in html
    assert f'formaction="{page_of(units[0])}#id_medlem-6-name"' in html
    assert not ProjectGroup.objects.exists()


def test_thirty_is_the_most_there_is_room_for(client, head, units):
    client.force_login(head)
    html = client.post(
        page_of(units[0]), {"medlem-TOTAL_FORMS": "29", "medlem-INITIAL_FORMS": "0", "more": "1"}
    ).content.decode()
    assert len(rows_of(html)) == 30
    assert 'name="more"' not in html


def test_the_same_form_again_adds_nobody_twice(client, head, units):
    client.force_login(head)
    url = reverse("participants:project_group", args=[units[0].pk])
    data = members({"name": "Åse Ansatt", "part": "leader"}, {"name": "Fred Far", "part": "parent"}, {})
    for _time in range(2):
        assert client.post(url, data).status_code == 302
    assert ProjectGroup.objects.get().members.count() == 2
    page = client.post(url, members({"name": "Åse Ansatt", "part": "staff"}))
    assert page.status_code == 422
    assert "er ført opp i gruppa mens du hadde siden åpen" in page.content.decode()
    page = client.post(url, members({"name": "Lise Leder", "part": "leader"}))
    assert page.status_code == 422
    assert "Gruppa har én leder" in page.content.decode()
    assert client.post(url, members({"name": "Nina Ny", "part": "staff"})).status_code == 302
    assert ProjectGroup.objects.get().members.count() == 3
