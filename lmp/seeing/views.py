"""Seeing the portal as another person: how it begins and ends, and the log of it."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import unsent_forms
from accounts.models import PrivateReading, User
from accounts.requests import PersonRequest
from lmp.seeing import access
from lmp.seeing.forms import SeeAsForm
from lmp.seeing.models import LENGTH, Viewing
from lmp.seeing.request import current
from parts.forms import number_from

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: PersonRequest, pk: int) -> HttpResponse:
    if not access.may_see_as(request.user):
        raise Http404
    person = get_object_or_404(User.objects.select_related("merged_into"), pk=pk)
    form, why = SeeAsForm(request.POST or None), access.why_not(person, by=request.user)
    if request.method == "POST" and not why and form.is_valid():
        try:
            begun = Viewing.begin(person, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except ValidationError as error:  # it has become another's meanwhile
            form.add_error(None, error)
        else:
            current.begin(request, begun)
            return redirect("home")
    context = {"person": person, "form": form, "why_not": why, "minutes": int(LENGTH.total_seconds() // 60)}
    context["parents"] = [(str(person), reverse("changes:person", args=[person.pk]))]
    return render(request, "seeing/begin.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PersonRequest) -> HttpResponse:
    """Ended twice, or from another tab, it is ended once. A link to the address itself leads on."""
    if not request.user.is_staff:
        raise Http404
    if request.method == "POST":
        now = timezone.now()
        for open_one in Viewing.objects.filter(begun_by=request.user, ended_at__isnull=True):
            open_one.end(how=Viewing.End.BUTTON, now=now)
        current.leave(request)
    last = request.session.get(current.LAST)
    return redirect("seeing:viewing", last) if last else redirect("home")


@never_cache
@require_safe
def viewing(request: PersonRequest, pk: int) -> HttpResponse:
    """What was seen. Who comes here at its end reads that they are themselves again."""
    if not request.user.is_staff:
        raise Http404
    found = get_object_or_404(Viewing.objects.select_related("person", "begun_by"), pk=pk)
    now = timezone.now()
    context = {
        "viewing": found,
        "parents": [(_("«Se som»"), reverse("seeing:log"))],
        "pages": list(found.pages.all()),
        "ended": found.ended(now=now),
        "how": found.how(now=now),
        "lasted": found.lasted(now=now),
        "just_ended": request.session.get(current.LAST) == found.pk,
        "unsent": bool(unsent_forms.unsent_of(request, now=now)),
    }
    return render(request, "seeing/viewing.html", context)


@require_safe
def log(request: PersonRequest) -> HttpResponse:
    """Of all, or of one person."""
    if not request.user.is_staff:
        raise Http404
    now, rows = timezone.now(), Viewing.objects.select_related("person", "begun_by").order_by("-begun_at", "-pk")
    rows = rows.annotate(count=Count("pages"))
    person = User.objects.filter(pk=number_from(request.GET.get("person", "")) or 0).first()
    if person:
        rows = rows.filter(person=person)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "person": person,
        "rows": [(row, row.lasted(now=now), row.ended(now=now) is None) for row in page.object_list],
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "seeing/log.html", context)


@require_safe
def readings(request: PersonRequest) -> HttpResponse:
    """Who has read or taken out what few may see, of all or about one person; never what it said."""
    if not request.user.is_staff:
        raise Http404
    rows = PrivateReading.objects.select_related("read_by").annotate(people=Count("about"))
    person = User.objects.filter(pk=number_from(request.GET.get("person", "")) or 0).first()
    if person:
        about = PrivateReading.objects.filter(about=person)
        rows = rows.filter(Q(pk__in=about.values("pk")) | Q(read_by=person))
    page = Paginator(rows.order_by("-read_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"person": person, "page": page, "pages": page.paginator.get_elided_page_range(page.number)}
    return render(request, "seeing/readings.html", context)
