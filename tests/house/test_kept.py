"""What can't be made again can't be deleted by a button: every table, every link between two, every page of staff's."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.db.models import ProtectedError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gatherings.models import Gathering
from guidance.models import GuidanceGroup, GuidanceSession
from guidance.tests.conftest import held_session, sign_in
from participants.models import Cohort, Participation, ProjectGroup

OF_LMP = {"lmp", "welcome", "overview", "writing", "colleagues", "seeing", "mailcalendar", "sharing"}
OWN = OF_LMP | {"gatherings", "guidance", "participants", "accounts", "outbox"}
# Of the tables that staff see, these rows may be deleted there, one at a time, and only while nothing leads to them.
MAY_BE_DELETED = {
    "participants.Cohort": "a cohort that was made by mistake, before anything is in it",
    "gatherings.Gathering": "a plan that nobody has heard of",
}
# Every other link between two of the portal's own tables is PROTECT.
NOT_PROTECTED = {
    "outbox.Attachment.message": "a file is a part of its mail",
    "outbox.ReturnedMail.message": "that a mail came back is told of it, and goes with it",
    "outbox.FurtherRecipient.message": "whom a mail goes to is a part of it",
    "gatherings.Needs.registration": "what a person needs must never be kept longer than the registration",
    "gatherings.Feed.user": "a secret address is nobody's when the person is gone",
    "participants.CohortUpload.user": "a file that waits to be loaded is forgotten within a day",
    "participants.CohortUpload.cohort": "the same file",
    "accounts.User.added_by": "who wrote an address in first says nothing of the person who has it",
    "accounts.PrivateReading.read_by": "what a person has read goes with the person",
    "accounts.AddressChange.user": "the addresses that a person has had go with the person",
    "seeing.Viewing.person": "when a person was seen as goes with the person",
    "seeing.ViewedPage.viewing": "a page that was opened is a part of it",
    "writing.Recipient.message": "whom was written to is told, also when their mail is gone with a person",
    "outbox.Message.recipient": "a mail keeps its address when the person is gone",
    "guidance.MeasureMove.measure": "measures are erased with their cohort, and where they stood with them",
    "gatherings.Swap.registration": "who had the seat before goes with the seat",
    "participants.Contact.replaces": "the contacts of a cohort are erased all together, successors too",
}


def own_models() -> list[type[models.Model]]:
    """The portal's own tables, without those that keep the history."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OWN and not hasattr(model, "instance_type") and not model._meta.proxy
    ]


def links() -> dict[str, models.Field]:
    """Each foreign key from one of the portal's own tables to another."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label in OWN
    }


def test_every_link_is_protected_or_has_its_reason():
    found = links()
    assert len(found) > 90
    unprotected = {name for name, field in found.items() if field.remote_field.on_delete is not models.PROTECT}
    assert unprotected == set(NOT_PROTECTED)


@pytest.fixture
def superuser(staff):
    """Whoever may do everything, and asks for it."""
    request = RequestFactory().get("/")
    request.user = staff
    return request


def test_staff_delete_nothing_but_what_is_named(superuser):
    for model, page in admin.site._registry.items():
        assert not page.has_delete_permission(superuser), model  # no list of many
        assert "delete_selected" not in page.get_actions(superuser), model
        for inline in page.get_inline_instances(superuser):
            assert not (inline.can_delete and inline.has_delete_permission(superuser)), (model, inline)
        if model._meta.label not in MAY_BE_DELETED:
            assert not page.has_delete_permission(superuser, model()), model


def test_what_is_named_can_be_deleted_while_nothing_leads_to_it(client, staff):
    cohort = Cohort.objects.create(number=40, first_year=2040, starts_on="2040-09-01", confirm_by="2040-09-01")
    sign_in(client, staff)
    assert (
        client.post(reverse("admin:participants_cohort_delete", args=[cohort.pk]), {"post": "yes"}).status_code == 302
    )
    assert not Cohort.objects.filter(pk=cohort.pk).exists()


def test_a_cohort_with_anything_in_it_stays(client, staff, participation):
    sign_in(client, staff)
    cohort = participation.cohort
    url = reverse("admin:participants_cohort_delete", args=[cohort.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert url not in client.get(reverse("admin:participants_cohort_change", args=[cohort.pk])).text
    with pytest.raises(ProtectedError):
        cohort.delete()


def test_a_cohort_with_only_a_planned_gathering_stays(client, staff, cohort):
    sign_in(client, staff)
    Gathering.objects.create(cohort=cohort, semester=1)
    url = reverse("admin:participants_cohort_delete", args=[cohort.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_a_person_stays(client, staff, contact):
    sign_in(client, staff)
    url = reverse("admin:accounts_user_delete", args=[contact.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=contact.pk).exists()


@pytest.fixture
def logged(participation, supervisor, units) -> GuidanceSession:
    return held_session(participation, supervisor, units[:1], days=-7)


def test_a_guidance_group_keeps_its_logs(client, staff, logged):
    """The page with its button, and the list's action: six logs went in one click."""
    sign_in(client, staff)
    group = logged.group
    page = reverse("admin:guidance_guidancegroup_change", args=[group.pk])
    delete = reverse("admin:guidance_guidancegroup_delete", args=[group.pk])
    assert delete not in client.get(page).text
    assert client.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: group.pk, "post": "yes"}
    client.post(reverse("admin:guidance_guidancegroup_changelist"), chosen)
    assert GuidanceGroup.objects.get() == group
    assert GuidanceSession.objects.get() == logged
    for row in (group, group.participation, logged.submitted_by):
        with pytest.raises(ProtectedError):
            row.delete()


def test_a_guidance_group_is_changed_where_work_is_handed_over(client, staff, logged):
    sign_in(client, staff)
    group, member = logged.group, logged.group.members.get()
    page = client.get(reverse("admin:guidance_guidancegroup_change", args=[group.pk])).text
    assert reverse("changes:replace_member", args=[member.pk]) in page
    assert reverse("changes:end_member", args=[member.pk]) in page
    assert reverse("guidance:composition_municipality", args=[group.participation_id]) in page
    posted = {"members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 1, "members-0-id": member.pk, "members-0-DELETE": "on"}
    assert client.post(reverse("admin:guidance_guidancegroup_change", args=[group.pk]), posted).status_code == 403
    assert group.members.get() == member


def test_what_hangs_on_a_municipality_keeps_it(participation, units, contact, head):
    ProjectGroup.objects.create(unit=units[0], updated_at=timezone.now()).members.create(name="Åse", part="staff")
    for row in (participation, units[0], units[0].project_group, contact):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Participation.objects.filter(pk=participation.pk).exists()
