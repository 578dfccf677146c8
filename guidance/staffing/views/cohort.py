"""What is chosen for a cohort: how many municipalities each supervisor takes, and the settings of its guidance."""

from functools import partial

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.models import GuidanceSettings, ProfileChange
from guidance.staffing import changing, wording
from guidance.staffing.capacity_form import CapacityForm
from guidance.staffing.forms import GuidanceSettingsForm
from outbox.effects import Section, effects_page
from participants.models import Cohort
from parts.forms import BACK, is_asked, number_from, say


@require_http_methods(["GET", "POST"])
def capacities(request: PersonRequest, pk: int) -> HttpResponse:
    """All supervisors on one page. What is copied from another cohort is shown there first, and not saved by itself."""
    now = timezone.now()
    today = timezone.localdate(now)
    cohort = access.followed_cohort(request.user, pk, today=today)
    others = list(Cohort.objects.exclude(pk=pk).order_by("-number"))
    source = next((each for each in others if each.number == number_from(request.GET.get("fra", ""))), None)
    form = CapacityForm(request.POST or None, cohort=cohort, source=source, today=today)
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        act = partial(changing.set_capacities, cohort, form.chosen, by=request.user, now=now)
        if is_asked(request):
            title = _("Dette endres i pulje %(number)s") % {"number": cohort.number}
            return effects_page(request, title=title, act=act, sections=_of_capacities, now=now)
        changed = act()
        said = _("Kapasiteten i pulje %(number)s er lagret.") if changed else _("Ingenting var endret.")
        say(request, said % {"number": cohort.number})
        return redirect("guidance:capacities", pk)
    context = {
        "cohort": cohort,
        "form": form,
        "others": others,
        "source": source,
        "copied": form.copied if not form.is_bound else 0,
    }
    return render(request, "guidance/staffing/capacities.html", context, status=422 if form.errors else 200)


def _of_capacities(changes: list[ProfileChange]) -> list[Section]:
    if not changes:
        return [(_("Ingenting er endret"), [_("Tallene er like dem som er lagret.")])]
    lines = [f"{each.supervisor}: {line}" for each in changes for line in wording.lines(each)]
    return [(_("Dette endres"), lines)]


@require_http_methods(["GET", "POST"])
def cohort_settings(request: PersonRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    cohort = access.followed_cohort(request.user, pk, today=timezone.localdate(now))
    stored = GuidanceSettings.objects.of(cohort)
    before = {name: getattr(stored, name) for name in GuidanceSettingsForm.Meta.fields}
    form = GuidanceSettingsForm(request.POST or None, instance=stored)
    if request.method == "POST" and form.is_valid() and BACK not in request.POST:
        if is_asked(request):
            title = _("Dette endres i pulje %(number)s") % {"number": cohort.number}
            lines = [_changed(form, name, before[name]) for name in form.changed_data]
            return effects_page(
                request,
                title=title,
                act=partial(_save, form, request),
                sections=lambda _saved: [(_("Dette endres"), lines or [_("Ingenting.")])],
                now=now,
                scope=f"cohort:{cohort.number}",
            )
        _save(form, request)
        say(request, _("Innstillingene for pulje %(number)s er lagret.") % {"number": cohort.number})
        return redirect("guidance:cohort_settings", pk)
    context = {"cohort": cohort, "form": form}
    return render(request, "guidance/staffing/cohort_settings.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save(form: GuidanceSettingsForm, request: PersonRequest) -> None:
    form.instance._history_user = request.user
    form.save()


def _changed(form: GuidanceSettingsForm, name: str, before: object) -> str:
    said = {"what": form.fields[name].label, "after": form.cleaned_data[name], "before": before or _("ikke oppgitt")}
    return _("%(what)s: %(after)s (før: %(before)s)") % said
