"""Whom the pages of a county governor's office are for: its people now, and Udir's staff where they see to it too."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from participants.functions import Functions, functions
from participants.models import Cohort, CountyGovernor, GovernorContact, Municipality, Participation
from participants.models.cohort import oldest_going_on


def offices(user: User) -> list[CountyGovernor]:
    """Those that the person is with, each with its counties. 404 for whoever is with none."""
    keys = functions(user).governs
    if not keys:
        raise Http404
    return list(CountyGovernor.objects.filter(pk__in=keys).prefetch_related("counties"))


def kept_office(user: User, pk: int) -> CountyGovernor:
    """One whose people this person may add and end: their own, or any for staff with that right."""
    found = CountyGovernor.objects.prefetch_related("counties")
    if not (user.is_staff and user.has_perm("participants.change_governorcontact")):
        found = found.filter(pk__in=functions(user).governs)
    return get_object_or_404(found, pk=pk)


def kept_person(user: User, pk: int) -> GovernorContact:
    """One that this person may correct or end; one who has ended is still found, so that two presses meet no 404."""
    contact = get_object_or_404(GovernorContact.objects.select_related("user", "governor"), pk=pk)
    if contact.user == user and contact.ended_on:
        return contact
    contact.governor = kept_office(user, contact.governor_id)
    return contact


def municipalities(user: User) -> QuerySet[Municipality]:
    """Those of the counties that the person's offices serve."""
    found = Municipality.objects.filter(county__governor__in=functions(user).governs)
    return found.select_related("county__governor").order_by("name", "number")


def may_add(user: User, participation: Participation, mine: Functions, *, today: date) -> bool:
    """Whether this person may add units and contacts to a nomination: until the letter is sent."""
    is_open = not (participation.welcomed_at or participation.withdrawn_at or participation.declined_at)
    is_theirs = participation.municipality.county.governor_id in mine.governs or may_change(user)
    return is_open and is_theirs and participation.cohort.first_year >= oldest_going_on(today)


def may_change(user: User) -> bool:
    return user.is_staff and user.has_perm("participants.change_participation")


def to_accept(user: User, *, today: date) -> QuerySet[Participation]:
    """Those whose yes this person may register: of their counties, or any for staff, while the cohort goes on."""
    found = Participation.objects.filter(cohort__in=Cohort.objects.going_on(today=today))
    if not may_change(user):
        found = found.filter(municipality__county__governor__in=functions(user).governs)
    return found.select_related("municipality__county__governor", "cohort", "accepted_by", "declined_by")
