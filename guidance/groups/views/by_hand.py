"""A municipality's group chosen by hand, within the composition of its cohort."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import rules, seating, steps
from guidance.groups.forms import GroupForm
from guidance.groups.seating import Seating, read_seating
from guidance.groups.wording import describe_breach
from guidance.models import Composition
from participants.models import Participation


@require_http_methods(["GET", "POST"])
def municipality(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose a municipality's group by hand, and show at once which rules that would break."""
    leads = access.if_leads_guidance(request.user, today=timezone.localdate())
    taking_part = Participation.objects.taking_part().filter(leads, accepted_at__isnull=False)
    participation = get_object_or_404(
        taking_part.select_related("municipality__county", "cohort__guidance_settings"), pk=pk
    )
    cohort = participation.cohort
    back = reverse("guidance:composition", args=[cohort.pk])
    found = Composition.objects.open().filter(cohort=cohort).first()
    if found is None:
        return redirect(back)
    seated = read_seating(cohort, found)
    form = GroupForm(request.POST or None, seating=seated, participation=participation)
    seen = steps.version(seated.seats.get(participation.pk, []))
    broken: list[str] = []
    changed = False
    if request.method == "POST" and form.is_valid():
        broken = _broken_by(seated, participation, form.group)
        changed = request.POST.get("seen", "") != seen
        if not changed and (not broken or "sure" in request.POST):
            try:
                seating.choose(
                    found,
                    participation,
                    group=form.group,
                    locked=form.cleaned_data["locked"],
                    seen=seen,
                    by=request.user,
                    now=timezone.now(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(f"{back}#k{participation.pk}")
    context = {
        "cohort": cohort,
        "participation": participation,
        "form": form,
        "seen": seen,
        "broken": broken,
        "changed": changed,
        "group": seated.seats.get(participation.pk, []),
        "size": next(one.size for one in seated.municipalities if one.key == participation.pk),
        "back": back,
    }
    return render(
        request, "guidance/groups/composition_municipality.html", context, status=422 if form.is_bound else 200
    )


def _broken_by(seated: Seating, participation: Participation, group: dict[int, bool]) -> list[str]:
    """What this group breaks in its municipality, and who in it then has too many."""
    seats = seated.with_group(participation.pk, group)
    found = rules.breaches(seated.municipalities, seated.people, seats)
    return [
        describe_breach(breach, person=seated.supervisors[breach.person].name if breach.person else "")
        for breach in found
        if breach.municipality == participation.pk or (breach.municipality is None and breach.person in group)
    ]
