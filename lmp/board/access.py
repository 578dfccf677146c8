"""Who sees which municipalities of a cohort on the board. Whoever sees none gets 404."""

from datetime import date
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS
from django.http import Http404

from accounts.models import User
from guidance import access as guidance_access
from guidance.models import GuidanceSettings
from lmp.board.composed import Composed
from participants.models import Cohort, GovernorContact

COHORT = [field.attname for field in Cohort._meta.concrete_fields]
SETTINGS = [field.attname for field in GuidanceSettings._meta.concrete_fields]


def followed(user: User, pk: int, *, today: date) -> tuple[Cohort, frozenset[int] | None]:
    """The cohort, and the county governors whose municipalities the person sees. None: all of them.

    Those who lead the guidance see all, and the people of a county governor their counties.
    """
    if guidance_access.leads_guidance(user, today=today):
        return _cohort(pk), None
    offices = GovernorContact.objects.current().filter(user=user, user__is_active=True)
    governors = offices.filter(governor__counties__municipalities__participations__cohort=pk)
    seen = frozenset(governors.values_list("governor", flat=True))
    if not seen:
        raise Http404
    return _cohort(pk), seen


def _cohort(pk: int) -> Cohort:
    """With its `guidance_settings`. Composed once, as the rest of the board: it would be a twelfth of its time."""
    found = _composed(pk).rows()
    if not found:
        raise Http404
    row = found[0]
    cohort = Cohort.from_db(DEFAULT_DB_ALIAS, COHORT, row[: len(COHORT)])
    kept = row[len(COHORT) :]
    has_own = kept[SETTINGS.index(GuidanceSettings._meta.pk.attname)] is not None
    own = GuidanceSettings.from_db(DEFAULT_DB_ALIAS, SETTINGS, kept) if has_own else None
    cohort._state.fields_cache["guidance_settings"] = own
    return cohort


@lru_cache(maxsize=64)
def _composed(pk: int) -> Composed:
    settings = [f"guidance_settings__{name}" for name in SETTINGS]
    return Composed(Cohort.objects.filter(pk=pk).values_list(*COHORT, *settings))
