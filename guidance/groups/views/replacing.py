from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import replacing
from guidance.groups.forms import ReplaceForm
from guidance.groups.wording import describe_breach
from guidance.models import GroupMember
from parts.forms import say

_REPLACED = gettext_lazy(
    "Veilederen er erstattet. Den nye har fått notatet, møtene og tilgangen. Vi sender e-post til dem det gjelder."
)


def _member(request: PersonRequest, pk: int) -> GroupMember:
    """A membership, also one that has ended: the page says so."""
    related = ("supervisor__user", "group__participation__municipality__county", "group__participation__cohort")
    leads = access.if_leads_guidance(request.user, today=timezone.localdate())
    return get_object_or_404(GroupMember.objects.select_related(*related).filter(leads), pk=pk)


def _context(member: GroupMember) -> dict:
    participation, supervisor = member.group.participation, member.supervisor
    back = reverse("guidance:workload", args=[participation.cohort_id])
    sessions = member.group.sessions.planned().filter(supervisors=supervisor)
    return {
        "member": member,
        "participation": participation,
        "cohort": participation.cohort,
        "back": back,
        "sessions": list(sessions.order_by("held_on")),
        "drafts": member.group.log_drafts.filter(user=supervisor.user).count(),
    }


@require_http_methods(["GET", "POST"])
def replace(request: PersonRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    if member.ended_on:
        return _gone(request, member)
    now = timezone.now()
    candidates = replacing.candidates(member)
    form = ReplaceForm(request.POST or None, member=member, candidates=candidates)
    broken = []
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["successor"]
        broken = replacing.breaches_after(member, chosen)
        if not broken or form.cleaned_data["sure"]:
            try:
                note = form.cleaned_data["note"]
                replacing.replace(member, successor=chosen.supervisor, note=note, by=request.user, now=now)
            except ValidationError as error:
                if error.code == "ended":
                    return _gone(request, member)
                form.add_error("successor", error)
            else:
                say(request, str(_REPLACED))
                return redirect("guidance:workload", member.group.participation.cohort_id)
    context = _context(member) | {
        "form": form,
        "broken": [describe_breach(breach) for breach in broken],
        "barred": [one.supervisor for one in candidates if one.is_barred],
    }
    return render(request, "guidance/groups/replace.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    if member.ended_on:
        return _gone(request, member)
    problem = ""
    if request.method == "POST":
        try:
            replacing.end(member, by=request.user, now=timezone.now())
        except ValidationError as error:
            if error.code == "ended":
                return _gone(request, member)
            problem = error.messages[0]
        else:
            say(request, _("Veilederen er ute av gruppa, og har ikke lenger tilgang."))
            return redirect("guidance:workload", member.group.participation.cohort_id)
    broken = [describe_breach(breach) for breach in replacing.breaches_after(member, None)]
    context = _context(member) | {"problem": problem, "broken": broken}
    return render(request, "guidance/groups/end_member.html", context, status=422 if problem else 200)


def _gone(request: PersonRequest, member: GroupMember) -> HttpResponse:
    """Say that somebody has done it already. Nothing is done again. Who may strike the note of then reads it here."""
    status = 409 if request.method == "POST" else 200
    notes = access.notes_to_strike(request.user, today=timezone.localdate()).filter(ended=member)
    context = _context(member) | {"handover": notes.prefetch_related("strikes__struck_by").first()}
    return render(request, "guidance/groups/member_gone.html", context, status=status)
