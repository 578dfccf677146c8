"""A supervisor in a municipality's group hands over to another, or is taken out of the group."""

from collections.abc import Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from guidance import access
from guidance.groups import replacing
from guidance.groups.forms import ReplaceForm
from guidance.groups.wording import describe_breach
from guidance.models import GroupMember
from lmp.changes.succession import supervising
from lmp.changes.succession.due import foresee
from lmp.changes.succession.forms import chosen_field, starts_on_field
from lmp.changes.succession.succeeding import Succeeded
from outbox.effects import Section, effects_page
from parts.dates import day_in_words
from parts.forms import BACK, is_asked, say


def _member(request: PersonRequest, pk: int) -> GroupMember:
    """A membership, also one that has ended: the page says so."""
    related = ("supervisor__user", "group__participation__municipality__county", "group__participation__cohort")
    leads = access.if_leads_guidance(request.user, today=timezone.localdate())
    return get_object_or_404(GroupMember.objects.select_related(*related).filter(leads), pk=pk)


def _context(member: GroupMember) -> dict:
    participation = member.group.participation
    return {
        "member": member,
        "participation": participation,
        "cohort": participation.cohort,
        "back": reverse("guidance:workload", args=[participation.cohort_id]),
        "held": replacing.holdings(member),
        "coming": member.successions.coming().in_words().first(),
    }


@require_http_methods(["GET", "POST"])
def replace(request: PersonRequest, pk: int) -> HttpResponse:
    member, now = _member(request, pk), timezone.now()
    if member.ended_on:
        return _gone(request, member)
    candidates, context = replacing.candidates(member), _context(member)
    form = ReplaceForm(request.POST or None, member=member, candidates=candidates)
    last = member.group.participation.cohort.ends_on
    starts_on_field(form, today=timezone.localdate(now), last=last)
    chosen_field(form, context["held"])
    broken = []
    if form.is_bound and form.is_valid() and BACK not in request.POST:
        successor = form.cleaned_data["successor"]
        broken = replacing.breaches_after(member, successor)
        if not broken or form.cleaned_data["sure"]:
            try:
                return _act(request, member, form, now=now)
            except ValidationError as error:
                if error.code == "ended":
                    return _gone(request, member)
                form.add_error("successor", error)
    context |= {
        "form": form,
        "broken": [describe_breach(breach) for breach in broken],
        "barred": [one.supervisor for one in candidates if one.is_barred],
    }
    status = 422 if form.is_bound and BACK not in request.POST else 200
    return render(request, "changes/member_replace.html", context, status=status)


def _act(request: PersonRequest, member: GroupMember, form: ReplaceForm, *, now) -> HttpResponse:
    """Show what it would do, then do it. ValidationError is the caller's to show."""
    typed = form.cleaned_data
    act = partial(
        supervising.agree,
        member,
        successor=typed["successor"].supervisor,
        note=typed["note"],
        starts_on=typed["starts_on"],
        chosen=typed.get("chosen", []),
        by=request.user,
        now=now,
    )
    if is_asked(request):
        title = _("Dette skjer når %(name)s blir erstattet") % {"name": member.supervisor.name}
        scope = f"cohort:{member.group.participation.cohort.number}"
        return effects_page(request, title=title, act=act, sections=sections, now=now, scope=scope, ahead=foresee)
    say(request, _said(act()))
    return redirect("guidance:workload", member.group.participation.cohort_id)


def sections(done: Succeeded) -> Sequence[Section]:
    succession = done.succession
    names = {"new": succession.name, "old": succession.hands_over, "day": day_in_words(succession.starts_on)}
    when = _("Fra og med %(day)s") % names if done.is_ahead else _("Nå")
    return [
        (when, [_("%(new)s overtar etter %(old)s, som mister tilgangen til kommunen.") % names]),
        (_("Dette overtar %(new)s") % names, done.handed_over),
        (_("Dette tar de andre i gruppa videre"), done.stays),
    ]


def _said(done: Succeeded) -> str:
    succession = done.succession
    names = {"new": succession.name, "old": succession.hands_over, "day": day_in_words(succession.starts_on)}
    if done.is_ahead:
        return _("%(new)s overtar etter %(old)s fra og med %(day)s. Begge har fått vite det på e-post.") % names
    return _("Veilederen er erstattet. Den nye har fått notatet og tilgangen. Vi sender e-post til dem det gjelder.")


@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int) -> HttpResponse:
    member, now = _member(request, pk), timezone.now()
    if member.ended_on:
        return _gone(request, member)
    problem = ""
    if request.method == "POST" and BACK not in request.POST:
        act = partial(replacing.end, member, by=request.user, now=now)
        try:
            if is_asked(request):
                title = _("Dette skjer når %(name)s går ut av gruppa") % {"name": member.supervisor.name}
                held = [each.text for each in replacing.holdings(member)]
                shown = [(_("Dette tar de andre i gruppa videre"), held)]
                scope = f"cohort:{member.group.participation.cohort.number}"
                return effects_page(request, title=title, act=act, sections=lambda _done: shown, now=now, scope=scope)
            act()
        except ValidationError as error:
            if error.code == "ended":
                return _gone(request, member)
            problem = error.messages[0]
        else:
            say(request, _("Veilederen er ute av gruppa, og har ikke lenger tilgang. Vi sender e-post om det."))
            return redirect("guidance:workload", member.group.participation.cohort_id)
    broken = [describe_breach(breach) for breach in replacing.breaches_after(member, None)]
    context = _context(member) | {"problem": problem, "broken": broken}
    return render(request, "changes/member_end.html", context, status=422 if problem else 200)


def _gone(request: PersonRequest, member: GroupMember) -> HttpResponse:
    """Say that somebody has done it already. Nothing is done again. Who may strike the note of then reads it here."""
    status = 409 if request.method == "POST" else 200
    notes = access.notes_to_strike(request.user, today=timezone.localdate()).filter(ended=member)
    context = _context(member) | {"handover": notes.prefetch_related("strikes__struck_by").first()}
    return render(request, "changes/member_gone.html", context, status=status)
