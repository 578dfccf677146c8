from collections.abc import Iterator
from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from guidance import access
from guidance.follow_up.continuity import withdrawn_from
from guidance.follow_up.involvement import Involvement, Stakeholder, involvement_of
from guidance.follow_up.involvement_wording import shown
from guidance.models import GuidanceSession
from participants.lists import keys
from participants.models import Cohort, Contact, Participation, Unit
from parts.rows import annotated
from parts.sheets import workbook
from parts.sheets.cells import About, Cell, Column

PAGE_SIZE = 50


@require_safe
def involvement(request: PersonRequest, pk: int) -> HttpResponse:
    participation = get_object_or_404(_seen_by(request.user, today=timezone.localdate()), pk=pk)
    found = involvement_of([participation])[participation.pk]
    units = found.units
    sees_whole = annotated(participation, "sees_whole", bool)
    if not sees_whole:
        led = set(Unit.objects.led_by(request.user).values_list("pk", flat=True))
        units = [each for each in units if each.place.pk in led]
    details = annotated(participation, "sees_details", bool)
    whole = shown(found, details=details) if sees_whole else []
    context = {
        "participation": participation,
        "whole": whole,
        "steps": [one.step for one in whole if one.step],
        "columns": [one.label for one in found.stakeholders.values()],
        "units": [(each.place, shown(each, details=details)) for each in units],
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
        label=gettext_lazy("Ingenting er kjent om"),
        choices=[
            ("", gettext_lazy("Vis alle")),
            ("children", gettext_lazy("barn og elever")),
            ("parents", gettext_lazy("foreldre og foresatte")),
            ("ppt", gettext_lazy("PP-tjenesten")),
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
    form, sort = InvolvementFilter(request.GET), request.GET.get("sorter", "")
    page = Paginator(_chosen(cohort, form, sort=sort), PAGE_SIZE).get_page(request.GET.get("page"))
    labels = dict(GuidanceSession.FUNCTIONS)
    context = {
        "cohort": cohort,
        "withdrawn": withdrawn_from(cohort),
        "form": form,
        "page": page,
        "rows": [(each.place, shown(each, details=False)) for each in page.object_list],
        "pages": page.paginator.get_elided_page_range(page.number),
        "sort": sort,
        "columns": [(who, labels[who]) for who in GuidanceSession.STAKEHOLDERS],
    }
    return render(request, "guidance/follow_up/cohort_involvement.html", context)


@require_safe
def involvement_workbook(request: PersonRequest, pk: int) -> FileResponse:
    """The same municipalities in the same order, on all the pages, and each with its units."""
    today = timezone.localdate()
    cohort = access.followed_cohort(request.user, pk, today=today)
    found = _chosen(cohort, InvolvementFilter(request.GET), sort=request.GET.get("sorter", ""))
    labels = dict(GuidanceSession.FUNCTIONS)
    columns = [Column(_("Kommune"), 24), Column(_("Fylke"), 18), Column(_("Enhet"), 30)]
    columns += [Column(capfirst(str(labels[who])), 44) for who in GuidanceSession.STAKEHOLDERS]
    about = About(_("Medvirkning"), timezone.now(), cohort=str(cohort))
    return workbook.answer(about, [*columns, *keys.columns(units=True)], _cells(found))


def _cells(found: list[Involvement]) -> Iterator[list[Cell]]:
    for whole in found:
        if isinstance(whole.place, Participation):
            municipality = whole.place.municipality
            for each in [whole, *whole.units]:
                unit = each.place if isinstance(each.place, Unit) else None
                said = ["\n".join([one.status, *one.facts]) for one in shown(each, details=False)]
                name = unit.name if unit else _("Hele kommunen")
                numbers = keys.of_unit(whole.place, unit)
                yield [municipality.name, municipality.county.name, name, *said, *numbers]


def _chosen(cohort: Cohort, form: InvolvementFilter, *, sort: str) -> list[Involvement]:
    participations = Participation.objects.taking_part().filter(cohort=cohort, accepted_at__isnull=False)
    by_name = participations.select_related("municipality__county", "cohort").order_by("municipality__name", "pk")
    return _sorted(form.filter(list(involvement_of(by_name).values())), sort)


def _sorted(found: list[Involvement], sort: str) -> list[Involvement]:
    """By name as they come, or by one of the three: first in the smallest share of the units, then the longest ago."""
    who = sort.removeprefix("-")
    if who in GuidanceSession.STAKEHOLDERS:
        found = sorted(found, key=lambda each: _how_far(each.stakeholders[who]))
    return found[::-1] if sort.startswith("-") and who in {*GuidanceSession.STAKEHOLDERS, "navn"} else found


def _how_far(one: Stakeholder) -> tuple[float, bool, date]:
    return one.units_known / max(one.units, 1), one.involved, one.last or date.min
