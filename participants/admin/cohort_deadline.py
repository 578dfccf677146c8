"""What staff are asked when they change a cohort's deadline: about the open rounds, and about a day that has passed."""

from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import PersonRequest
from outbox.effects import effects
from participants.admin.deadline import RoundsForm, effects_page, in_words, lines, tell, untold
from participants.confirmation import deadline
from participants.models import Cohort, Confirmation
from parts.admin import admin_page
from parts.dates import day_in_words
from parts.forms import BACK, carried

ROUNDS_ASKED = "rounds_asked"


class CohortAdminForm(forms.ModelForm):
    # The day that had passed when it was first sent, so that it is meant when it is sent once more.
    passed = forms.CharField(widget=forms.HiddenInput, required=False)

    def is_valid(self) -> bool:
        """Save nothing, and show the form as typed, after "back" on the page of what a change does."""
        return BACK not in self.data and super().is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("confirm_by")
        if day and "confirm_by" in self.changed_data and day < timezone.localdate():
            said = _("Fristen %(day)s er gått ut.") % {"day": day_in_words(day)}
            if _open_rounds(self.instance):
                message = _("Kommuner i pulja har ikke svart ennå. Skriv en frist fra i dag av.")
                self.add_error("confirm_by", f"{said} {message}")
            elif cleaned.get("passed") != day.isoformat():
                message = _("Lagre en gang til hvis det likevel er den fristen som gjelder.")
                self.add_error("confirm_by", f"{said} {message}")
                self.data = cast(QueryDict, self.data).copy()
                self.data["passed"] = day.isoformat()
        return cleaned


def _open_rounds(cohort: Cohort) -> QuerySet[Confirmation]:
    if cohort.pk is None:
        return Confirmation.objects.none()
    return in_words(Confirmation.objects.open().filter(participation__cohort=cohort))


def deadline_page(modeladmin: admin.ModelAdmin, request: PersonRequest, object_id: str) -> HttpResponse | None:
    """Which open rounds are moved along, and then what that does. None when there is nothing to ask about."""
    cohort = modeladmin.get_object(request, unquote(object_id))
    if cohort is None or not modeladmin.has_change_permission(request, cohort):
        return None
    fields = flatten_fieldsets(modeladmin.get_fieldsets(request, cohort))
    form = modeladmin.get_form(request, cohort, change=True, fields=fields)(request.POST, instance=cohort)
    rounds = _open_rounds(cohort)
    if not form.is_valid() or "confirm_by" not in form.changed_data or not rounds:
        return None
    back = reverse("admin:participants_cohort_change", args=[cohort.pk])
    if ROUNDS_ASKED in request.POST:
        answers = _answers(request, rounds)
        if answers.is_valid():
            return _effects(modeladmin, request, cohort, answers, back=back)
    else:
        answers = RoundsForm(rounds=rounds)
        # A round that was given a day of its own keeps it, unless staff tick it.
        answers.fields["rounds"].initial = [each.pk for each in rounds if each.due_on == form.initial["confirm_by"]]
    context = {
        "title": _("Skal de åpne rundene få den nye fristen?"),
        "subtitle": str(cohort),
        "cohort": cohort,
        "form": answers,
        "carried": [(name, value) for name, value in carried(request.POST) if name not in answers.fields],
        "asked": ROUNDS_ASKED,
        "back": back,
    }
    return admin_page(modeladmin, request, "admin/participants/cohort/rounds.html", context)


def _answers(request: PersonRequest, rounds: QuerySet[Confirmation]) -> RoundsForm:
    """No round ticked is an answer: only new rounds get the deadline."""
    form = RoundsForm(request.POST, rounds=rounds)
    form.fields["rounds"].required = False
    return form


def _effects(
    modeladmin: admin.ModelAdmin, request: PersonRequest, cohort: Cohort, answers: RoundsForm, *, back: str
) -> HttpResponse:
    now, chosen = timezone.now(), list(answers.cleaned_data["rounds"])
    act = partial(
        deadline.move,
        chosen,
        due_on=cohort.confirm_by,
        sentence=answers.cleaned_data["sentence"],
        by=request.user,
        now=now,
    )
    changes, mails = effects(act, now=now, scope=f"cohort:{cohort.number}")
    sections = [
        (_("Nye runder"), [_("Får frist til og med %(day)s.") % {"day": day_in_words(cohort.confirm_by)}]),
        (_("Får ny frist"), lines(changes)),
        (_("Beholder fristen sin"), _keeping(cohort, chosen)),
        *untold([change.confirmation for change in changes], mails),
    ]
    return effects_page(modeladmin, request, sections, mails, subtitle=str(cohort), back=back, now=now)


def _keeping(cohort: Cohort, chosen: list[Confirmation]) -> list[str]:
    line = _("%(municipality)s: til og med %(day)s")
    return [
        line % {"municipality": each.participation.municipality, "day": day_in_words(each.due_on)}
        for each in _open_rounds(cohort)
        if each not in chosen and each.due_on != cohort.confirm_by
    ]


def move_rounds(request: PersonRequest, cohort: Cohort) -> None:
    """Move the ticked rounds along with the cohort's new deadline, and say which open ones keep their own."""
    answers = _answers(request, _open_rounds(cohort))
    if not answers.is_valid():
        return
    changes = deadline.move(
        answers.cleaned_data["rounds"],
        due_on=cohort.confirm_by,
        sentence=answers.cleaned_data["sentence"],
        by=request.user,
        now=timezone.now(),
    )
    tell(request, changes, asked=len(request.POST.getlist("rounds")))
    if kept := len(_keeping(cohort, [change.confirmation for change in changes])):
        said = ngettext(
            "%(count)s kommune med åpen runde beholder fristen sin.",
            "%(count)s kommuner med åpen runde beholder fristene sine.",
            kept,
        )
        messages.warning(request, said % {"count": kept})
