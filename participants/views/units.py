from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from participants.forms import CountForm, MemberFormSet
from participants.models import Contact, Participation, ProjectGroup, ProjectGroupMember, Strike, Unit
from parts.forms import more_rows, say


@require_safe
def unit(request: PersonRequest, pk: int) -> HttpResponse:
    units = Unit.objects.visible_to(request.user).select_related(
        "participation__municipality__county", "participation__cohort", "merged_into", "project_group"
    )
    unit = get_object_or_404(units, pk=pk)
    group = getattr(unit, "project_group", None)
    context = {
        "unit": unit,
        "participation": unit.participation,
        "sees_participation": Participation.objects.visible_to(request.user).filter(pk=unit.participation_id).exists(),
        "heads": Contact.objects.current().filter(unit=unit).select_related("user"),
        "group": group,
        "members": list(group.members.prefetch_related("strikes__struck_by")) if group else [],
        "strikes": _strikes(unit, has_group=bool(group)),
        "former_members": group.former_members() if group else [],
        "editable": Unit.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "participants/unit.html", context)


def _strikes(unit: Unit, *, has_group: bool) -> list[Strike]:
    """Of former members each, and of a whole group the last one, until there is another."""
    found = list(Strike.objects.about(unit))
    whole = [] if has_group else [each for each in found if each.text == Strike.PROJECT_GROUP][:1]
    return [*whole, *(each for each in found if each.text == Strike.FORMER_MEMBER)]


def _locked_when_sent(request: PersonRequest, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Who only opens the page holds up nobody."""
    return units.select_for_update(of=("self",)) if request.method == "POST" else units


@require_http_methods(["GET", "POST"])
@transaction.atomic
def count(request: PersonRequest, pk: int) -> HttpResponse:
    """How many children there are in one unit. Those who answer for the municipality say so; a round asks for all."""
    editable = Unit.objects.filter(participation__in=Participation.objects.editable_by(request.user))
    units = editable.active().select_related("participation__municipality__county", "participation__cohort")
    unit = get_object_or_404(_locked_when_sent(request, units), pk=pk)
    form = CountForm(request.POST or None, unit=unit, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        unit.count(children=form.cleaned_data["children"], on=form.cleaned_data["counted_on"], by=request.user)
        say(request, _("Antallet er lagret."))
        return redirect("overview:participation", unit.participation_id)
    context = {"unit": unit, "participation": unit.participation, "form": form, "sees_participation": True}
    return render(request, "participants/count.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def project_group(request: PersonRequest, pk: int) -> HttpResponse:
    editable = Unit.objects.editable_by(request.user).active().select_related("participation__municipality__county")
    unit = get_object_or_404(_locked_when_sent(request, editable), pk=pk)
    group = ProjectGroup.objects.filter(unit=unit).first() or ProjectGroup(unit=unit)
    heads = Contact.objects.current().filter(unit=unit, function=Contact.Function.HEAD)
    if request.method == "POST" and "more" in request.POST:
        with more_rows(request.POST, "medlem", most=MemberFormSet.max_num):
            return _group_page(request, unit, MemberFormSet(instance=group, prefix="medlem"))
    # A suggestion is drawn once. What comes back is the person's own, also when they left it as it was.
    suggested = _suggested_leader(group, heads) if request.method != "POST" else []
    formset = MemberFormSet(request.POST or None, instance=group, prefix="medlem", initial=suggested)
    if request.method == "POST" and formset.is_valid():
        if formset.has_changed():
            group.keep(formset, by=request.user, now=timezone.now())
            _say_kept(request, group)
        else:
            say(request, _("Ingenting er endret."), level=messages.INFO)
        return redirect("participants:unit", unit.pk)
    return _group_page(request, unit, formset)


def _group_page(request: PersonRequest, unit: Unit, formset: BaseInlineFormSet) -> HttpResponse:
    participations = Participation.objects.visible_to(request.user).filter(pk=unit.participation_id)
    context = {
        "unit": unit,
        "participation": unit.participation,
        "sees_participation": participations.exists(),
        "formset": formset,
        "next_row": formset.total_form_count(),
        "may_have_more": formset.total_form_count() < formset.max_num,
    }
    return render(request, "participants/project_group.html", context, status=422 if formset.is_bound else 200)


def _suggested_leader(group: ProjectGroup, heads: QuerySet[Contact]) -> list[dict]:
    """The head leads the group: suggested until somebody has said so."""
    if group.pk and group.members.leading().exists():
        return []
    head = heads.first()
    return [{"name": head.name, "part": ProjectGroupMember.Part.LEADER, "suggested": True}] if head else []


def _say_kept(request: PersonRequest, group: ProjectGroup) -> None:
    members = group.members.count()
    text = ngettext(
        "Prosjektgruppa ved %(unit)s er lagret, med %(count)s medlem.",
        "Prosjektgruppa ved %(unit)s er lagret, med %(count)s medlemmer.",
        members,
    )
    say(request, text % {"unit": group.unit, "count": members})
    if not group.members.leading().exists():
        say(request, _("Gruppa mangler leder. Oppgaven blir stående til du har valgt én."), level=messages.WARNING)
