"""What is said to a person who would register somebody from a municipality that has withdrawn."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from gatherings import access
from gatherings.models import Gathering
from parts.forms import say
from parts.names import joined


def say_withdrawn(request: PersonRequest, gathering: Gathering) -> HttpResponse:
    """Lead to the gathering's page, and say there why not. A stranger gets 404."""
    withdrawn = list(access.withdrawn_for(request.user, gathering))
    if not withdrawn:
        raise Http404
    said = _(
        "%(names)s har trukket seg fra prosjektet. Derfor kan ingen meldes på derfra. Er det feil, skriv til %(us)s."
    )
    names = joined(participation.municipality.name_told_apart for participation in withdrawn)
    say(request, said % {"names": names, "us": settings.SUPPORT_EMAIL}, level=messages.WARNING)
    return redirect(gathering)
