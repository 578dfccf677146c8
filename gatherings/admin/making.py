"""Making a cohort's gatherings all at once: one for each semester that has none, and the kick-off."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import PersonRequest
from gatherings.models import Gathering
from participants.models import Cohort, Contact
from parts.admin import admin_page

KICK_OFF_AUDIENCE = [Contact.Function.AUTHORITY, Contact.Function.OWNER, Contact.Function.HEAD]


@dataclass(frozen=True)
class SemesterToFill:
    """A semester of a cohort, when its gathering is best held, and the gathering if there is one."""

    number: int
    name: str
    first: date
    last: date
    gathering: Gathering | None


class CohortForm(forms.Form):
    pulje = forms.ModelChoiceField(Cohort.objects.all(), label=gettext_lazy("Pulje"))


class MakeForm(forms.Form):
    kick_off = forms.BooleanField(
        label=gettext_lazy("Lag oppstartssamlingen også"),
        required=False,
        initial=True,
        help_text=gettext_lazy("For barnehagemyndighet, eier og styrer eller rektor. Du kan endre det etterpå."),
    )


def semesters(cohort: Cohort) -> list[SemesterToFill]:
    """In order, autumn first. The weeks around the summer and Christmas are left out."""
    found = {gathering.semester: gathering for gathering in cohort.gatherings.all()}
    result = []
    for number in (1, 2, 3, 4):
        year = cohort.first_year + number // 2
        autumn = number % 2 == 1
        first, last = (date(year, 9, 1), date(year, 11, 30)) if autumn else (date(year, 2, 1), date(year, 5, 15))
        name = _("Høsten %(year)s") if autumn else _("Våren %(year)s")
        result.append(SemesterToFill(number, name % {"year": year}, first, last, found.get(number)))
    return result


@transaction.atomic
def make(cohort: Cohort, *, kick_off: bool) -> list[Gathering]:
    """Make those that the cohort lacks. A second press at the same moment waits here, and then finds them made."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    made = Gathering.objects.make_the_four(cohort)
    if kick_off and not cohort.gatherings.filter(kind=Gathering.Kind.KICK_OFF).exists():
        made.append(
            Gathering.objects.create(cohort=cohort, kind=Gathering.Kind.KICK_OFF, audience=list(KICK_OFF_AUDIENCE))
        )
    return made


def make_view(modeladmin: admin.ModelAdmin, request: PersonRequest) -> HttpResponse:
    if not modeladmin.has_add_permission(request):
        raise PermissionDenied
    choice = CohortForm(request.GET) if "pulje" in request.GET else CohortForm()
    cohort = choice.cleaned_data["pulje"] if choice.is_bound and choice.is_valid() else None
    form = MakeForm(request.POST or None)
    if request.method == "POST" and cohort and form.is_valid():
        made = make(cohort, kick_off=form.cleaned_data["kick_off"])
        for gathering in made:
            modeladmin.log_addition(request, gathering, [{"added": {}}])
        _say(request, cohort, made)
        return redirect(reverse("admin:gatherings_gathering_changelist", query={"cohort__id__exact": cohort.pk}))
    found = semesters(cohort) if cohort else []
    kick_off = cohort and cohort.gatherings.filter(kind=Gathering.Kind.KICK_OFF).first()
    context = {
        "title": _("Lag de fire samlingene"),
        "choice": choice,
        "cohort": cohort,
        "semesters": found,
        "kick_off": kick_off,
        "form": form,
        "lacking": bool(cohort) and (not kick_off or any(semester.gathering is None for semester in found)),
    }
    return admin_page(
        modeladmin, request, "admin/gatherings/gathering/make.html", context, status=422 if choice.errors else 200
    )


def _say(request: PersonRequest, cohort: Cohort, made: list[Gathering]) -> None:
    if not made:
        messages.info(request, _("%(cohort)s har samlingene allerede. Ingen nye er laget.") % {"cohort": cohort})
        return
    said = ngettext(
        "%(count)s samling er laget for %(cohort)s. Sett datoene når de er klare.",
        "%(count)s samlinger er laget for %(cohort)s. Sett datoene når de er klare.",
        len(made),
    )
    messages.success(request, said % {"count": len(made), "cohort": str(cohort).lower()})
