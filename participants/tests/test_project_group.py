"""A unit's page, and its project group."""

import pytest
from django.urls import reverse

from participants.models import ProjectGroup


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
