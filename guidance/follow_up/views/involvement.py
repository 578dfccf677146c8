from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up import export
from guidance.follow_up.continuity import withdrawn_from
from guidance.follow_up.involvement import Involvement, involvement_of
from guidance.models import GuidanceSession
from participants.models import Contact, Participation, Unit
from parts.rows import annotated

PAGE_SIZE = 50


@require_safe
def involvement(request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(_seen_by(request.user, today=timezone.localdate()), pk=pk)
    found = involvement_of([participation], with_units=True)[participation.pk]
    units = found.units
    sees_whole = annotated(participation, "sees_whole", bool)
    if not sees_whole:
        led = set(Unit.objects.led_by(request.user).values_list("pk", flat=True))
        units = [each for each in units if each.place.pk in led]
    context = {
        "participation": participation,
        "whole": found if sees_whole else None,
        "units": units,
        "details": annotated(participation, "sees_details", bool),
    }
    return render(request, "guidance/follow_up/involvement.html", context)


def _seen_by(user: User, *, today: date) -> QuerySet[Participation]:
    """The municipalities this person follows, each with whether all of it is theirs to see, and how closely.

    Udir's staff and the county governor see that somebody was involved and when; not how many came.
    """
    whole = access.participations(user, today=today).filter(pk=OuterRef("pk"))
    contacts = Contact.objects.current().filter(user=user, participation=OuterRef("pk"))
    takes_part = Q(Exists(contacts)) | access.supervises_or_leads(user, today=today, participation="pk")
    return access.followed_participations(user, today=today).annotate(
        sees_whole=Exists(whole), sees_details=ExpressionWrapper(takes_part, output_field=BooleanField())
    )


class InvolvementFilter(forms.Form):
    """Nonsense in the address counts as no filter."""

    mangler = forms.ChoiceField(
        label=_("Mangler"),
        choices=[
            ("", _("Vis alle")),
            ("children", _("barn og elever")),
            ("parents", _("foreldre og foresatte")),
            ("ppt", _("PP-tjenesten")),
        ],
        required=False,
    )

    def filter(self, found: list[Involvement]) -> list[Involvement]:
        self.is_valid()
        who = self.cleaned_data.get("mangler")
        return [each for each in found if not each.stakeholders[who].involved] if who else found


@require_safe
def cohort_involvement(request: PersonRequest, pk: int) -> HttpResponse:
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate())
    participations = Participation.objects.taking_part().filter(cohort=cohort, accepted_at__isnull=False)
    form = InvolvementFilter(request.GET)
    by_name = participations.select_related("municipality__county").order_by("municipality__name", "pk")
    found = form.filter(list(involvement_of(by_name).values()))
    sort = request.GET.get("sorter", "")
    if export.is_asked_for(request):
        title = gettext("Medvirkning i pulje %(number)s") % {"number": cohort.number}
        return export.involvement(title, _sorted(found, sort))
    page = Paginator(_sorted(found, sort), PAGE_SIZE).get_page(request.GET.get("page"))
    labels = dict(GuidanceSession.FUNCTIONS)
    context = {
        "cohort": cohort,
        "withdrawn": withdrawn_from(cohort),
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "sort": sort,
        "columns": [(who, labels[who]) for who in GuidanceSession.STAKEHOLDERS],
    }
    return render(request, "guidance/follow_up/cohort_involvement.html", context)


def _sorted(found: list[Involvement], sort: str) -> list[Involvement]:
    """By name as they come, or by when one of the three was last involved: the longest ago first."""
    who = sort.removeprefix("-")
    if who in GuidanceSession.STAKEHOLDERS:
        found = sorted(
            found, key=lambda each: (each.stakeholders[who].involved, each.stakeholders[who].last or date.min)
        )
    return found[::-1] if sort.startswith("-") and who in {*GuidanceSession.STAKEHOLDERS, "navn"} else found
