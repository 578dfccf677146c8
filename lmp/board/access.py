"""Who sees which municipalities of a cohort on the board. Whoever sees none gets 404."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from guidance import access as guidance_access
from participants.models import Cohort, GovernorContact


def followed(user: User, pk: int, *, today: date) -> tuple[Cohort, frozenset[int] | None]:
    """The cohort, and the county governors whose municipalities the person sees. None: all of them.

    Those who lead the guidance see all, and the people of a county governor their counties.
    """
    if guidance_access.leads_guidance(user, today=today):
        return guidance_access.followed_cohort(user, pk, today=today), None
    offices = GovernorContact.objects.current().filter(user=user, user__is_active=True)
    governors = offices.filter(governor__counties__municipalities__participations__cohort=pk)
    seen = frozenset(governors.values_list("governor", flat=True))
    if not seen:
        raise Http404
    return get_object_or_404(Cohort.objects.select_related("guidance_settings"), pk=pk), seen
