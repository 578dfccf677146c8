"""What staff do to selected municipalities. Each action first shows which it applies to, and why not to the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.requests import PersonRequest
from outbox.effects import effects
from participants.admin import deadline
from participants.admin.deadline import DeadlineForm
from participants.confirmation import asking
from participants.mails import notices
from participants.models import Confirmation, Participation
from parts.admin import admin_page
from parts.dates import day_in_words
from parts.forms import BACK, CONFIRMED
from parts.names import LineField


class AskForm(DeadlineForm):
    year = forms.TypedChoiceField(
        label=gettext_lazy("Prosjektår"), coerce=int, choices=[(1, gettext_lazy("Første")), (2, gettext_lazy("Andre"))]
    )


class ReopenForm(DeadlineForm):
    reason = LineField(label=gettext_lazy("Begrunnelse"), max_length=300, help_text=gettext_lazy("Vises for kommunen."))


def _confirm_and_do(
    modeladmin: admin.ModelAdmin,
    request: PersonRequest,
    queryset: QuerySet[Participation],
    *,
    name: str,
    title: str,
    form_class: type[forms.Form],
    refusal: Callable[[Any], str],
    act: Callable[[Any, dict, User, datetime], None],
    asks: bool = False,
) -> HttpResponse | None:
    """First whom it applies to, with what there is to fill in; then, where it `asks`, what it does; then the act."""
    form = form_class(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid() and BACK not in request.POST:
        if asks and CONFIRMED not in request.POST:
            return _effects(modeladmin, request, [row for row in queryset if not refusal(row)], form, act)
        done, refused = 0, 0
        with transaction.atomic():
            for participation in queryset:
                if refusal(participation):
                    refused += 1
                    continue
                act(participation, form.cleaned_data, request.user, timezone.now())
                modeladmin.log_change(request, participation, title)
                done += 1
        said = ngettext("%(title)s: %(count)s kommune.", "%(title)s: %(count)s kommuner.", done)
        messages.success(request, said % {"title": title, "count": done})
        if refused:
            said = ngettext("%(count)s kommune ble ikke endret.", "%(count)s kommuner ble ikke endret.", refused)
            messages.warning(request, said % {"count": refused})
        return None
    rows = [(participation, refusal(participation)) for participation in queryset]
    context = {
        "title": title,
        "form": form,
        "action": name,
        "checkbox": ACTION_CHECKBOX_NAME,
        "everybody": [participation for participation, _refusal in rows],
        "affected": [participation for participation, said in rows if not said],
        "refused": [(participation, said) for participation, said in rows if said],
    }
    status = 422 if form.errors else 200
    return admin_page(modeladmin, request, "admin/participants/participation/action.html", context, status=status)


def _effects(
    modeladmin: admin.ModelAdmin,
    request: PersonRequest,
    affected: list[Participation],
    form: forms.Form,
    act: Callable[[Any, dict, User, datetime], None],
) -> HttpResponse:
    """What opening a round for these municipalities does: nothing of it is stored."""
    now = timezone.now()

    def do() -> list[Confirmation]:
        for participation in affected:
            act(participation, form.cleaned_data, request.user, now)
        return list(deadline.in_words(Confirmation.objects.open().filter(participation__in=affected)))

    cohorts = {participation.cohort.number for participation in affected}
    rounds, mails = effects(do, now=now, scope=f"cohort:{cohorts.pop()}" if len(cohorts) == 1 else "")
    line = _("%(municipality)s: runde %(round)s, frist til og med %(day)s")
    opened = [
        line
        % {
            "municipality": each.participation.municipality,
            "round": each.round,
            "day": day_in_words(each.due_on),
        }
        for each in rounds
    ]
    sections = [(_("Får en ny runde"), opened), *deadline.untold(rounds, mails)]
    back = reverse("admin:participants_participation_changelist")
    return deadline.effects_page(modeladmin, request, sections, mails, back=back, now=now)


def _gone(participation: Participation) -> str:
    return _("har trukket seg") if participation.withdrawn_at else ""


def _has_withdrawn(participation: Participation) -> str:
    """With a link to what has to be done first."""
    if participation.withdrawn_at is None:
        return ""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("har trukket seg."),
        participation.get_return_url(),
        _("Registrer at kommunen er med igjen"),
    )


def _is_asked(participation: Any) -> str:
    if participation.asked_at and not participation.answered_at:
        return _("har en åpen runde med frist til og med %(day)s") % {"day": day_in_words(participation.due_on)}
    return ""


@admin.action(description=gettext_lazy("Registrer at kommunen har takket ja"), permissions=["change"])
def accept(modeladmin, request, queryset):
    """Each has its day and its own who, so it is asked on a page of its own."""
    return _one_page(request, queryset, "governor:accept")


@admin.action(description=gettext_lazy("Registrer at kommunen har takket nei"), permissions=["change"])
def decline(modeladmin, request, queryset):
    return _one_page(request, queryset, "governor:decline")


def _one_page(request, queryset, name: str):
    if len(queryset) != 1:
        messages.warning(request, _("Velg én kommune om gangen."))
        return None
    return redirect(name, queryset[0].pk)


@admin.action(description=gettext_lazy("Registrer at kommunen har trukket seg"), permissions=["change"])
def withdraw(modeladmin, request, queryset):
    """What hangs on it is in every app, so it has a page of its own."""
    chosen = list(queryset.values_list("pk", flat=True))
    return redirect(reverse("changes:withdraw", query={"kommune": chosen}))


@admin.action(description=gettext_lazy("Registrer at kommunen er med igjen"), permissions=["change"])
def come_back(modeladmin, request, queryset):
    if len(queryset) != 1:
        messages.warning(request, _("Velg én kommune om gangen."))
        return None
    return redirect(queryset[0].get_return_url())


@admin.action(description=gettext_lazy("Be kommunen bekrefte opplysningene"), permissions=["change"])
def ask(modeladmin, request, queryset):
    def refusal(participation: Any) -> str:
        has_not_accepted = "" if participation.accepted_at else _("har ikke takket ja")
        return _has_withdrawn(participation) or _is_asked(participation) or has_not_accepted

    def act(participation: Any, answers: dict, by: User, now: datetime) -> None:
        confirmation = asking.ask(participation, due_on=answers["due_on"], year=answers["year"], by=by, now=now)
        notices.round_opened(confirmation, now=now)

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="ask",
        title=_("Be kommunen bekrefte opplysningene"),
        form_class=AskForm,
        refusal=refusal,
        act=act,
        asks=True,
    )


@admin.action(description=gettext_lazy("Åpne en bekreftet runde på nytt"), permissions=["change"])
def reopen(modeladmin, request, queryset):
    def refusal(participation: Any) -> str:
        has_not_answered = "" if participation.answered_at else _("har ikke bekreftet")
        return _has_withdrawn(participation) or _is_asked(participation) or has_not_answered

    def act(participation: Any, answers: dict, by: User, now: datetime) -> None:
        newest = participation.confirmations.latest("round")
        again = asking.reopen(newest, due_on=answers["due_on"], reason=answers["reason"], by=by, now=now)
        notices.round_opened(again, now=now)

    return _confirm_and_do(
        modeladmin,
        request,
        queryset,
        name="reopen",
        title=_("Åpne en bekreftet runde på nytt"),
        form_class=ReopenForm,
        refusal=refusal,
        act=act,
        asks=True,
    )


@admin.action(description=gettext_lazy("Ny frist"), permissions=["change"])
def new_deadline(modeladmin, request, queryset):
    left_out = [
        f"{participation}: {_gone(participation) or _('har ingen åpen runde')}"
        for participation in queryset
        if participation.withdrawn_at or not _is_asked(participation)
    ]
    chosen = [(ACTION_CHECKBOX_NAME, participation.pk) for participation in queryset]
    return deadline.page(
        modeladmin,
        request,
        Confirmation.objects.open().filter(participation__in=[pk for _name, pk in chosen]),
        subtitle=_("Kommuner i pulje"),
        back=reverse("admin:participants_participation_changelist"),
        hidden=[("action", "new_deadline"), *chosen],
        left_out=left_out,
    )


@admin.action(description=gettext_lazy("Minn på"), permissions=["change"])
def remind(modeladmin, request, queryset):
    return redirect(_writing_to(queryset, kind="reminder"))


@admin.action(description=gettext_lazy("Skriv til"), permissions=["change"])
def write_to(modeladmin, request, queryset):
    return redirect(_writing_to(queryset))


def _writing_to(queryset: QuerySet[Participation], **more: str) -> str:
    """The page where it is seen who answers for these. The keys in one word: all of a pulje's fit in an address."""
    keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True))
    return reverse("writing:choose", query=more | {"participation": keys})


ACTIONS = [remind, write_to, accept, decline, withdraw, come_back, ask, reopen, new_deadline]
