"""A person's own calendar, at an address that only they know: the gatherings, and what other apps add to it.

No app knows of the others: they are named in settings.CALENDAR_FEED.
"""

from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from gatherings.mails import calendar_entries, values
from gatherings.models import Feed, Gathering, Registration
from parts.forms import say

SURE = "sikker"  # the form has been shown what it does
READ_AT_EVERY = timedelta(hours=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: PersonRequest) -> HttpResponse:
    """An address that calendars read is ended only by who has been told what it does."""
    found = Feed.objects.filter(user=request.user).first()
    asks = ""
    if request.method == "POST":
        asks = next((name for name in ("close", "make") if name in request.POST), "") if found else ""
        if not asks or SURE in request.POST:
            _change(request)
            return redirect("gatherings:feed")
    token = found.token if found else ""
    address = values.link(reverse("gatherings:feed_file", args=[token])) if token else ""
    # What a telephone or a program on this machine opens in its calendar.
    opens = f"webcal:{address.partition(':')[2]}"
    context = {"feed": found, "address": address, "opens": opens, "asks": asks, "sure": SURE}
    return render(request, "gatherings/feed.html", context)


def _change(request: PersonRequest) -> None:
    if "close" in request.POST:
        Feed.objects.filter(user=request.user).delete()
        say(request, _("Adressen er stengt. Kalendere som brukte den, blir ikke lenger oppdatert."))
    elif "make" in request.POST:
        Feed.objects.open_for(request.user, now=timezone.now())
        say(request, _("Adressen er klar. Legg den inn i kalenderen din."))


@login_not_required
@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar reads, with nobody signed in: the address is the key, until its person closes it."""
    now = timezone.now()
    found = get_object_or_404(Feed.objects.with_token(token).select_related("user"), user__is_active=True)
    if found.read_at is None or found.read_at <= now - READ_AT_EVERY:
        Feed.objects.filter(pk=found.pk).update(read_at=now)
    registrations = list(
        Registration.objects.placed()
        .filter(user=found.user, gathering__starts_on__isnull=False)
        .exclude(gathering__settled__in=[Gathering.Settled.CANCELLED, Gathering.Settled.POSTPONED])
        .select_related(
            "gathering__cohort", "participation__municipality__county", "participation__cohort", "unit", "user"
        )
        .order_by("gathering__starts_on", "pk")
    )
    language = registrations[-1].language if registrations else found.user.language or "nb"
    entries = [import_string(path)(found.user, language=language, now=now) for path in settings.CALENDAR_FEED]
    content = calendar_entries.feed(registrations, more=chain(*entries), language=language, now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="samlinger.ics"'
    return response
